"""Form bodies from raw bytes. Litestar's own parser answers a bad charset with 500 and keeps a thousand whole mails in a cache.

A form is read before anybody has proven to know the source's key, so that time and memory matter most here: both grow with the
body, and files are not copied.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from multipart import parse_options_header

from service.mime.charsets import is_charset
from service.providers.wire.form_parts import FormDefect, FormPart, split_form

RAW_MAIL_FIELD = "body-mime"
MAX_FIELDS = 5_000

_MAX_BARE_SIGNS = 100_000
_MAX_BROKEN_ESCAPES = 1_000
"""Both bounds are beyond what any program sends by mistake; what is over them comes out garbled, but as fast."""

_AS_QUOTED_PRINTABLE = bytes.maketrans(b"+%", b" =")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Form:
    """A form's text fields, the first of each name, and its files.

    Attributes:
        files: in order; their contents lie in the body.
        raw_mail: the bytes of the field `body-mime`, a mail that has charsets of its own; None without it.
        defect: why the form ends before its last boundary; what came before is there.
    """

    fields: Mapping[str, str]
    files: tuple[FormPart, ...] = ()
    raw_mail: bytes | memoryview | None = None
    defect: FormDefect | None = None


def read_form(content_type: str, body: bytes) -> Form:
    """Read an urlencoded or multipart body. Never raises: what cannot be read is left out."""
    kind, options = parse_options_header(content_type)
    if kind == "multipart/form-data":
        return _read_multipart(options.get("boundary", ""), body)
    if body.count(b"&") >= MAX_FIELDS:
        return Form({}, defect="too_many_parts")
    values: dict[bytes, bytes] = {}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        if pair:
            values.setdefault(_unescaped(name), value)
    raw_mail = values.pop(RAW_MAIL_FIELD.encode(), None)
    fields = {name.decode("utf-8", "replace"): _unescaped(value).decode("utf-8", "replace") for name, value in values.items()}
    return Form(fields, raw_mail=None if raw_mail is None else _unescaped(raw_mail))


def _read_multipart(boundary: str, body: bytes) -> Form:
    fields: dict[str, str] = {}
    files: list[FormPart] = []
    raw_mail: memoryview | None = None
    parts, defect = split_form(boundary, body)
    for part in parts:
        if part.name == RAW_MAIL_FIELD:
            raw_mail = part.content if raw_mail is None else raw_mail
        elif part.filename is not None:
            files.append(part)
        elif part.name and part.name not in fields:
            fields[part.name] = _text(part.content, part.charset)
    return Form(fields, tuple(files), raw_mail, defect)


def _text(value: memoryview, charset: str | None) -> str:
    """Decode with the part's charset, or UTF-8 where that is unknown; a broken byte becomes U+FFFD."""
    try:
        return str(value, charset if charset and is_charset(charset) else "utf-8", "replace")
    except (LookupError, UnicodeError):
        return str(value, "utf-8", "replace")


def _unescaped(value: bytes) -> bytes:
    """Undo the escapes of an urlencoded form, `+` and `%XX`, as urllib does: what is no escape stays as it is.

    Quoted-printable is the same with another sign, and C undoes it: 20 MB of Cyrillic take urllib 1.5 GB and two seconds.
    """
    value = value.replace(b"=", b"%3D", _MAX_BARE_SIGNS)
    undone = binascii.a2b_qp(value.translate(_AS_QUOTED_PRINTABLE))
    # Sound: every escape took two letters away, and none by being a soft line break.
    if len(undone) == len(value) - 2 * value.count(b"%") and b"%\n" not in value and b"%\r" not in value:
        return undone
    return binascii.a2b_qp(_BROKEN_ESCAPE.sub(b"%25", value, _MAX_BROKEN_ESCAPES).translate(_AS_QUOTED_PRINTABLE))
