"""Attachments in a JSON body: a list of objects, the content in base64. Pure; a broken one is left out, and the mail stays."""

from __future__ import annotations

import binascii
from dataclasses import dataclass

import pybase64

from service.mime.attachments import AttachmentRoom

_LEAST_PERCENT = 72
"""Of base64's length that is content at least: 75, less the line breaks that some programs write."""

_WHITE_SPACE = b" \t\r\n"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class AttachmentKeys:
    """How a provider names the fields of an attachment."""

    filename: str
    content_type: str
    content: str
    content_id: str


def read_attachments(listed: object, keys: AttachmentKeys) -> AttachmentRoom:
    """Take the attachments of a decoded JSON value in order. Only what has room is decoded from base64.

    listed: a list of objects, or None. Whatever else it or one of its items is, is left out as `unreadable`, and so is broken
    base64; a filename or a type that is no text counts as missing.
    """
    room = AttachmentRoom()
    for item in listed if isinstance(listed, list) else [] if listed is None else [listed]:
        fields = item if isinstance(item, dict) else {}
        encoded = fields.get(keys.content)

        def content(encoded: object = encoded) -> bytes | None:
            return _decoded(encoded) if isinstance(encoded, str) else None

        room.add(
            _text(fields.get(keys.filename)),
            _text(fields.get(keys.content_type)),
            content_id=_text(fields.get(keys.content_id)),
            reckoned_bytes=len(encoded) * _LEAST_PERCENT // 100 if isinstance(encoded, str) else 0,
            content=content,
        )
    return room


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _decoded(encoded: str) -> bytes | None:
    """Decode base64, also with line breaks, without padding or with the letters for URLs; None when it is none."""
    try:
        return pybase64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        letters = encoded.encode("ascii", "replace").translate(_URL_SAFE, _WHITE_SPACE).rstrip(b"=")
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4), strict_mode=True)
    except binascii.Error:
        return None
