"""A multipart form (RFC 7578) cut into its parts. Pure; nothing is copied and nothing is decoded but the parts' own headers.

The library's parser hands out copies of all content, before anybody has proven to know the source's key. It also gives up the
whole form for one odd part: here such a part is passed over, and its neighbours are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from multipart import parse_content_disposition, parse_options_header

from service.mime.words import charset_decoded, parameters, words_decoded

MAX_PARTS = 5_000
MAX_PART_HEADER_BYTES = 65_536
MAX_BOUNDARY_BYTES = 200
"""RFC 2046 section 5.1.1 allows 70 characters."""

FormDefect = Literal["truncated_body", "too_many_parts"]

_ATTACHMENT = re.compile(r"attachment-\d{1,5}")
_FOLD = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class FormPart:
    """One part of a form.

    Attributes:
        filename: None for a field; a file's may be empty.
        content_type: as the part says it; may be empty.
        charset: of a field's text, as the part says it; None when it says nothing.
        content: where it lies in the body.
    """

    name: str
    filename: str | None
    content_type: str
    charset: str | None
    content: memoryview


class _Delimiter(NamedTuple):
    at: int
    after: int
    is_last: bool


def split_form(boundary: str, body: bytes) -> tuple[list[FormPart], FormDefect | None]:
    """Return the parts in order, and what ended them before the last boundary; None when nothing did.

    At most 5,000 parts; a part whose header is not understood, or is longer than 64 KiB, is left away. Linear in the body.
    """
    line = b"--" + boundary.encode("utf-8", "replace")
    if not 2 < len(line) <= MAX_BOUNDARY_BYTES:
        return [], "truncated_body"
    parts: list[FormPart] = []
    content = memoryview(body)
    delimiter = _ended(body, 0, len(line)) if body.startswith(line) else _next(body, b"\r\n" + line, 0)
    for _ in range(MAX_PARTS + 1):
        if delimiter is None:
            return parts, "truncated_body"
        if delimiter.is_last:
            return parts, None
        # One line end back: a part without any header begins with the empty line that ends it.
        start = delimiter.after - 2
        delimiter = _next(body, b"\r\n" + line, start)
        if delimiter is not None and (part := _part(body, content, start, delimiter.at)) is not None:
            parts.append(part)
    return parts[:MAX_PARTS], "too_many_parts"


def _next(body: bytes, delimiter: bytes, position: int) -> _Delimiter | None:
    at = body.find(delimiter, position)
    return None if at == -1 else _ended(body, at, at + len(delimiter))


def _ended(body: bytes, at: int, end: int) -> _Delimiter | None:
    """Return the delimiter that lies there; None when something else follows it: content must not hold it (RFC 2046)."""
    if body.startswith(b"--", end):
        return _Delimiter(at, end + 2, is_last=True)
    return _Delimiter(at, end + 2, is_last=False) if body.startswith(b"\r\n", end) else None


def _part(body: bytes, content: memoryview, start: int, end: int) -> FormPart | None:
    blank = body.find(b"\r\n\r\n", start, min(end + 2, start + MAX_PART_HEADER_BYTES))
    if blank == -1:
        return None
    headers = _headers(body[start:blank])
    disposition, name, filename = parse_content_disposition(headers.get("content-disposition", ""))
    if disposition != "form-data":
        return None
    if "filename*" in headers["content-disposition"].lower():
        filename = parameters(headers["content-disposition"]).get("filename", filename)
    if filename is None and _ATTACHMENT.fullmatch(name or ""):
        filename = ""
    content_type = headers.get("content-type", "")
    return FormPart(
        name=name or "",
        filename=None if filename is None else words_decoded(filename),
        content_type=content_type,
        charset=parse_options_header(content_type)[1].get("charset"),
        content=content[min(blank + 4, end) : end],
    )


def _headers(raw: bytes) -> dict[str, str]:
    lines = _FOLD.sub(" ", charset_decoded(raw, "")[0]).split("\r\n")
    pairs = (line.partition(":") for line in reversed(lines))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
