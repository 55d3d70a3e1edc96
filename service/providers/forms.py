"""Form bodies from raw bytes. Litestar's own parser answers a bad charset with 500 and keeps a thousand whole mails in a cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from service.providers.fields import is_charset

RAW_MAIL_FIELD = "body-mime"
MAX_FIELDS = 5_000
MAX_PART_HEADER_BYTES = 65_536
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Form:
    """A form's text fields, the first of each name. Files are left in the raw body.

    Attributes:
        is_truncated: the body broke off; the fields before the break are there.
        raw_mail: the bytes of the field `body-mime`, a mail that has charsets of its own; None without it.
    """

    fields: Mapping[str, str]
    is_truncated: bool = False
    raw_mail: bytes | None = None


def read_form(content_type: str, body: bytes) -> Form:
    """Read an urlencoded or multipart body. Never raises: what cannot be read is left out."""
    kind, options = parse_options_header(content_type)
    if kind == "multipart/form-data":
        return _read_multipart(options.get("boundary", ""), body)
    try:
        # Latin-1 is bytes as text, one for one: which charset a field has is for us to say.
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_FIELDS, encoding="latin-1")
    except ValueError:
        return Form({}, is_truncated=True)
    values = dict(reversed(pairs))
    raw_mail = values.pop(RAW_MAIL_FIELD, None)
    fields = {_utf8(name): _utf8(value) for name, value in values.items()}
    return Form(fields, raw_mail=None if raw_mail is None else raw_mail.encode("latin-1"))


def _read_multipart(boundary: str, body: bytes) -> Form:
    fields: dict[str, str] = {}
    segment: MultipartSegment | None = None
    parts: list[bytes] = []
    raw_mail: bytes | None = None
    try:
        with PushMultipartParser(
            boundary, content_length=len(body), max_header_size=MAX_PART_HEADER_BYTES, max_segment_count=MAX_FIELDS
        ) as parser:
            for event in _events(parser, body):
                if isinstance(event, MultipartSegment):
                    segment, parts = event, []
                elif event and segment is not None and (not segment.filename or segment.name == RAW_MAIL_FIELD):
                    parts.append(bytes(event))
                elif event is None and segment is not None:
                    if segment.name == RAW_MAIL_FIELD and raw_mail is None:
                        raw_mail = b"".join(parts)
                    elif not segment.filename and segment.name:
                        fields.setdefault(segment.name, _text(b"".join(parts), segment.charset))
                    segment = None
    except (MultipartError, UnicodeError):
        return Form(fields, is_truncated=True, raw_mail=raw_mail)
    return Form(fields, raw_mail=raw_mail)


def _events(parser: PushMultipartParser, body: bytes) -> Iterator[MultipartSegment | bytearray | None]:
    """Feed the body in pieces, so that a large attachment is not copied whole once more."""
    view = memoryview(body)
    for start in range(0, len(body), _CHUNK_BYTES):
        yield from parser.parse(bytes(view[start : start + _CHUNK_BYTES]))


def _utf8(latin: str) -> str:
    return latin.encode("latin-1").decode("utf-8", "replace")


def _text(value: bytes, charset: str | None) -> str:
    """Decode with the part's charset, or UTF-8 where that is unknown; a broken byte becomes U+FFFD."""
    try:
        return value.decode(charset if charset and is_charset(charset) else "utf-8", "replace")
    except (LookupError, UnicodeError):
        return value.decode("utf-8", "replace")
