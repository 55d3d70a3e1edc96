"""A body without the bytes that its attachments hold, and the whole again. Pure and lossless: a picture is stored once, not twice.

It matters for time as well: PostgreSQL takes longer to write 25 MB than everything else about such a mail takes together.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence

import msgspec
import pybase64

MIN_CUT_BYTES = 20_000
"""Of an attachment: a smaller one is not worth the search."""

MAX_MISSES = 3
"""Attachments that are not found before the search ends: each costs a pass over the body."""

_HINT_LENGTH = 60
_MAX_LINE_LENGTH = 998
"""RFC 5322 section 2.1.1."""


class Cut(msgspec.Struct, frozen=True):
    """Where an attachment's bytes belong, and in which form they stood there.

    Attributes:
        at: offset in the shortened body.
        length: bytes that were cut out.
        position: of the attachment in its mail, from 1.
        line_length: letters of base64 in a line, 0 for all in one; None: the bytes stood there as they are.
        newline: between two lines.
    """

    at: int
    length: int
    position: int
    line_length: int | None = None
    newline: str = ""


def cut(body: bytes, contents: Sequence[bytes]) -> tuple[bytes, tuple[Cut, ...]]:
    """Return the body without what these contents hold, and what restores it. Looks for them in their order, at most 25.

    An attachment that stands there in any other form than bytes or regular base64 stays in the body.
    """
    pieces: list[bytes] = []
    cuts: list[Cut] = []
    end = shortened = misses = 0
    for position, content in enumerate(contents, start=1):
        if len(content) < MIN_CUT_BYTES or misses == MAX_MISSES:
            continue
        found = _as_bytes(body, content, end, position) or _as_base64(body, content, end, position)
        if found is None:
            misses += 1
            continue
        pieces.append(body[end : found.at])
        shortened += found.at - end
        end = found.at + found.length
        cuts.append(msgspec.structs.replace(found, at=shortened))
    if not cuts:
        return body, ()
    return b"".join((*pieces, body[end:])), tuple(cuts)


def restore(shortened: bytes, cuts: Sequence[Cut], contents: Sequence[bytes]) -> bytes:
    """Return the whole body again. contents: those of the cuts, in their order."""
    pieces: list[bytes] = []
    end = 0
    for each, content in zip(cuts, contents, strict=True):
        pieces += (shortened[end : each.at], _written(each, content))
        end = each.at
    return b"".join((*pieces, shortened[end:]))


def _as_bytes(body: bytes, content: bytes, start: int, position: int) -> Cut | None:
    at = body.find(content[:_HINT_LENGTH], start)
    return Cut(at, len(content), position) if at != -1 and body.startswith(content, at) else None


def _as_base64(body: bytes, content: bytes, start: int, position: int) -> Cut | None:
    at = body.find(pybase64.b64encode(content[: _HINT_LENGTH // 4 * 3]), start)
    if at == -1:
        return None
    letters = (len(content) + 2) // 3 * 4
    line_end = body.find(b"\n", at, at + _MAX_LINE_LENGTH + 2)
    if line_end == -1 or line_end - at >= letters:
        return Cut(at, letters, position, 0) if body.startswith(pybase64.b64encode(content), at) else None
    newline = "\r\n" if body[line_end - 1 : line_end] == b"\r" else "\n"
    line_length = line_end - at - len(newline) + 1
    gaps = (letters - 1) // line_length
    region = body[at : at + letters + gaps * len(newline)]
    # With each line end in its place there is room for exactly the letters; the decoder skips what is none, so it can only find all
    # of the content if there is nothing else. Only the last letters may say the same in other words.
    is_regular = all(
        region[line_length + offset :: line_length + len(newline)] == character.encode() * gaps
        for offset, character in enumerate(newline)
    )
    tail = pybase64.b64encode(content[-(len(content) % 3 or 3) :])
    if not is_regular or region[-6:].translate(None, b"\r\n")[-4:] != tail or not _decodes_to(region, content):
        return None
    return Cut(at, len(region), position, line_length, newline)


def _decodes_to(region: bytes, content: bytes) -> bool:
    try:
        return pybase64.b64decode(region) == content
    except binascii.Error:
        return False


def _written(found: Cut, content: bytes) -> bytes:
    if found.line_length is None:
        return content
    letters = pybase64.b64encode(content)
    if not found.line_length:
        return letters
    lines = (letters[start : start + found.line_length] for start in range(0, len(letters), found.line_length))
    return found.newline.encode().join(lines)
