"""The attachments of one mail within their limits, whoever brings them: a raw mail, a form or JSON. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from service.mime.charsets import clean

MAX_ATTACHMENTS = 25
MAX_ATTACHMENT_BYTES = 10_000_000
MAX_ATTACHMENTS_BYTES = 25_000_000
MAX_LEFT_OUT = 1_000
"""Attachments over a limit that are named at all; the raw delivery holds the rest."""

MAX_FILENAME_LENGTH = 255

LeftOutReason = Literal["too_many", "too_large", "too_large_together", "unreadable"]

_UNFIT_FOR_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Control characters, and those that cannot be seen or that turn the writing round: `annexe\u202efdp.exe` looks like a PDF."""

_MEDIA_TYPE = re.compile(r"\s*([a-z0-9.+_-]{1,100}/[a-z0-9.+_-]{1,100})\s*(?:;|$)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A part that is not the mail's text.

    Attributes:
        filename: no folders, no control characters, at most 255 characters; may be empty.
        content_type: lower case `type/subtype`, as the sender said: trust nothing in it.
        content_id: what `cid:` links in the HTML name, without brackets.
    """

    filename: str
    content_type: str
    content: bytes
    content_id: str | None
    sha256: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Hash the content once: it is stored, and tells two mails apart."""
        object.__setattr__(self, "sha256", hashlib.sha256(self.content).digest())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An attachment over a limit, or one whose bytes could not be read.

    Attributes:
        size_bytes: reckoned from the encoded size where it was not worth decoding.
    """

    filename: str
    content_type: str
    size_bytes: int
    reason: LeftOutReason


class AttachmentRoom:
    """Takes attachments in the order of the mail: at most 25, of 10 MB each and 25 MB together. The rest is named."""

    def __init__(self) -> None:
        self.kept: list[MailAttachment] = []
        self.left_out: list[LeftOut] = []
        self._room_bytes = MAX_ATTACHMENTS_BYTES

    def add(
        self, filename: str, content_type: str, *, content_id: str, reckoned_bytes: int, content: Callable[[], bytes | None]
    ) -> None:
        """Take one, or name it as left out.

        reckoned_bytes: the least that the content can have; above a limit it is not even decoded.
        content: decodes it; None when it cannot be read.
        """
        filename, content_type = file_name(filename), media_type(content_type)
        reason, size_bytes = self._over(reckoned_bytes), reckoned_bytes
        found = content() if reason is None else None
        if reason is None and found is None:
            reason = "unreadable"
        elif found is not None:
            reason, size_bytes = self._over(len(found)), len(found)
        if found is None or reason is not None:
            if len(self.left_out) < MAX_LEFT_OUT:
                self.left_out.append(LeftOut(filename, content_type, size_bytes, reason or "unreadable"))
            return
        self._room_bytes -= size_bytes
        bare_id = clean(content_id).strip("<> \t")[:MAX_FILENAME_LENGTH]
        self.kept.append(MailAttachment(filename, content_type, found, bare_id or None))

    def _over(self, size_bytes: int) -> LeftOutReason | None:
        if len(self.kept) >= MAX_ATTACHMENTS:
            return "too_many"
        if size_bytes > MAX_ATTACHMENT_BYTES:
            return "too_large"
        return "too_large_together" if size_bytes > self._room_bytes else None


def file_name(name: str) -> str:
    """Return the name without folders and control characters, at most 255 characters, its extension kept; "" for `..`."""
    name = _UNFIT_FOR_A_NAME.sub("", clean(name)).replace("\\", "/").rstrip("/ ").rpartition("/")[2].strip()
    if not name.strip("."):
        return ""
    stem, dot, extension = name.rpartition(".")
    if len(name) <= MAX_FILENAME_LENGTH or not dot or len(extension) > 20:
        return name[:MAX_FILENAME_LENGTH]
    return f"{stem[: MAX_FILENAME_LENGTH - 1 - len(extension)]}.{extension}"


def media_type(value: str) -> str:
    """Return `type/subtype` of a Content-Type in lower case; application/octet-stream where it is none."""
    match = _MEDIA_TYPE.match(value[:300])
    return match[1].lower() if match else "application/octet-stream"
