"""Cut the bytes of a mail into its parts (RFC 5322, RFC 2046), in one pass and without recursion.

The standard library's parser is not used for this: it makes a string of every line (25 MB of short lines take 1 GB and 2.7 s
there) and tries every open boundary on each line. Here the bytes are searched for lines that begin with "--", nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from service.errors import Unreadable
from service.mime.words import field_text, parameters

MAX_PARTS = 5_000
MAX_DEPTH = 100
MAX_FIELDS = 10_000
MAX_VALUE_BYTES = 65_536
"""Of one header field; the raw mail keeps the rest."""

_MAX_DELIMITER_BYTES = 300
"""Boundaries have at most 70 characters (RFC 2046 section 5.1.1); white space may follow."""

_MAX_PREAMBLE_BYTES = 65_536
"""Before the first delimiter, where it has to be guessed."""

_FIELD = re.compile(rb"([!-9;-~]++)[ \t]*+:(.*+(?:\n[ \t].*+)*+)\n?")
_DELIMITER_START = re.compile(rb"\n--")
"""Searched for by `re`, which takes a quarter of the time of bytes.find where lines are short."""

_BLANK_LINE = re.compile(rb"\n\r?\n")
_LIKE_A_DELIMITER = re.compile(rb"\n--(\S[^\r\n]{0,198})\r?\n(?=Content-|\r?\n)", re.IGNORECASE)
_TYPE = re.compile(r"\s*([\w.+-]{1,100}/[\w.+-]{1,100})")
_PART_FIELDS = frozenset({"content-type", "content-disposition", "content-transfer-encoding", "content-id"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds no other parts.

    Attributes:
        fields: its content-* fields that matter here, names in lower case, values unfolded.
        content_type: lower case `type/subtype`; text/plain where the field is missing or broken (RFC 2045 section 5.2).
        start, end: where its still encoded content lies in the mail.
        alternative: the outermost multipart/alternative around it, a number; None outside of any.
        is_root: the mail has no other part.
    """

    fields: dict[str, str]
    content_type: str
    parameters: dict[str, str]
    start: int
    end: int
    alternative: int | None
    is_root: bool


class _Open(NamedTuple):
    boundary: bytes
    alternative: int | None
    is_digest: bool


class _Delimiter(NamedTuple):
    at: int
    after: int
    level: int
    is_close: bool


@dataclass(slots=True)
class _Stack:
    """The multiparts that are open, outermost first, and the lines that end a part of any of them."""

    items: list[_Open]
    lines: dict[bytes, tuple[int, bool]]

    def push(self, item: _Open) -> None:
        if len(self.items) >= MAX_DEPTH:
            raise Unreadable("too_deep", f"The mail's parts are nested more than {MAX_DEPTH} deep")
        self.items.append(item)
        self._name_lines(len(self.items) - 1)

    def cut(self, count: int) -> None:
        del self.items[count:]
        self.lines.clear()
        for level in range(count):
            self._name_lines(level)

    def _name_lines(self, level: int) -> None:
        boundary = self.items[level].boundary
        self.lines[boundary + b"--"] = level, True
        self.lines[boundary] = level, False


def split_parts(raw: bytes) -> tuple[tuple[tuple[str, str], ...], tuple[Leaf, ...], frozenset[str]]:
    """Return the mail's own header fields (unfolded, encoded words left), its leaves in order, and the defects seen.

    Raises:
        Unreadable: `too_many_parts`, `too_deep`.
    """
    defects: set[str] = set()
    headers, position = _root_fields(raw, defects)
    fields = {name.lower(): value for name, value in reversed(headers) if name.lower() in _PART_FIELDS}
    leaves: list[Leaf] = []
    stack = _Stack([], {})
    for count in range(MAX_PARTS + 1):
        if count:
            fields, position = _part_fields(raw, position)
        leaf = _opened(raw, fields, position, stack, defects, number=count)
        delimiter = _next_delimiter(raw, max(position - 1, 0), stack)
        if leaf is None and (delimiter is None or delimiter.is_close or delimiter.level != len(stack.items) - 1):
            # A multipart that never begins, cut off or with another boundary than it said: its words can still be read.
            defects.add("no_boundary")
            leaf = _leaf({}, position, stack, is_root=not count)
        if leaf is not None:
            end = len(raw) if delimiter is None else _without_line_end(raw, position, delimiter.at)
            leaves.append(_ending(leaf, end))
        while delimiter is not None and delimiter.is_close:
            _close_down_to(delimiter.level, stack, defects)
            stack.cut(delimiter.level)
            delimiter = _next_delimiter(raw, delimiter.after - 1, stack)
        if delimiter is None:
            if stack.items:
                defects.add("truncated")
            return headers, tuple(leaves), frozenset(defects)
        _close_down_to(delimiter.level, stack, defects)
        position = delimiter.after
    raise Unreadable("too_many_parts", f"The mail has more than {MAX_PARTS} parts")


def _opened(raw: bytes, fields: dict[str, str], position: int, stack: _Stack, defects: set[str], *, number: int) -> Leaf | None:
    """Return the leaf that begins here; None when it is a multipart, which is then the innermost open one."""
    leaf = _leaf(fields, position, stack, is_root=not number)
    if not leaf.content_type.startswith("multipart/"):
        return leaf
    boundary = leaf.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    if leaf.is_root and (not boundary or raw.find(b"\n--" + boundary, max(position - 1, 0)) == -1):
        # What the first line says that looks like a delimiter; the mail's files would stand in its text otherwise.
        defects.add("no_boundary")
        match = _LIKE_A_DELIMITER.search(raw, max(position - 1, 0), position + _MAX_PREAMBLE_BYTES)
        boundary = match[1].rstrip() if match else boundary
    if not boundary or len(boundary) > _MAX_DELIMITER_BYTES - 50:
        defects.add("no_boundary")
        return _leaf({}, position, stack, is_root=not number)
    is_alternative = leaf.content_type == "multipart/alternative"
    alternative = number if is_alternative and leaf.alternative is None else leaf.alternative
    stack.push(_Open(boundary, alternative, leaf.content_type == "multipart/digest"))
    return None


def _leaf(fields: dict[str, str], position: int, stack: _Stack, *, is_root: bool) -> Leaf:
    value = fields.get("content-type", "")
    match = _TYPE.match(value)
    default = "message/rfc822" if stack.items and stack.items[-1].is_digest and "content-type" not in fields else "text/plain"
    return Leaf(
        fields=fields,
        content_type=match[1].lower() if match else default,
        parameters=parameters(value),
        start=position,
        end=position,
        alternative=stack.items[-1].alternative if stack.items else None,
        is_root=is_root,
    )


def _ending(leaf: Leaf, end: int) -> Leaf:
    return Leaf(leaf.fields, leaf.content_type, leaf.parameters, leaf.start, end, leaf.alternative, leaf.is_root)


def _close_down_to(level: int, stack: _Stack, defects: set[str]) -> None:
    if level < len(stack.items) - 1:
        defects.add("missing_end")
        stack.cut(level + 1)


def _without_line_end(raw: bytes, start: int, at: int) -> int:
    """Return where content ends before the delimiter's line break, which belongs to the delimiter (RFC 2046 section 5.1.1)."""
    return max(start, at - 1 if raw[at - 1 : at] == b"\r" else at)


def _next_delimiter(raw: bytes, position: int, stack: _Stack) -> _Delimiter | None:
    if not stack.items:
        return None
    while (match := _DELIMITER_START.search(raw, position)) is not None:
        at = match.start()
        end = raw.find(b"\n", at + 1, at + _MAX_DELIMITER_BYTES)
        if end == -1 and at + _MAX_DELIMITER_BYTES < len(raw):
            position = at + 3
            continue
        end = len(raw) if end == -1 else end
        found = stack.lines.get(raw[at + 3 : end].rstrip())
        if found is not None:
            return _Delimiter(at, min(end + 1, len(raw)), *found)
        position = end
    return None


def _root_fields(raw: bytes, defects: set[str]) -> tuple[tuple[tuple[str, str], ...], int]:
    headers: list[tuple[str, str]] = []
    position = 0
    while (match := _FIELD.match(raw, position)) is not None:
        position = match.end()
        if len(headers) >= MAX_FIELDS:
            defects.add("too_many_headers")
            return tuple(headers), _after_blank_line(raw, position)
        if match.end(2) - match.start(2) > MAX_VALUE_BYTES:
            defects.add("long_header")
        headers.append(
            (match[1].decode("ascii"), field_text(raw[match.start(2) : min(match.end(2), match.start(2) + MAX_VALUE_BYTES)]))
        )
    body = _body_start(raw, position)
    if body == position < len(raw):
        defects.add("no_headers" if not headers else "bad_header")
    return tuple(headers), body


def _part_fields(raw: bytes, position: int) -> tuple[dict[str, str], int]:
    fields: dict[str, str] = {}
    for _ in range(MAX_FIELDS):
        match = _FIELD.match(raw, position)
        if match is None:
            return fields, _body_start(raw, position)
        position = match.end()
        name = match[1][:30].decode("ascii").lower()
        if name in _PART_FIELDS:
            fields.setdefault(name, field_text(match[2][:MAX_VALUE_BYTES]))
    return fields, _after_blank_line(raw, position)


def _body_start(raw: bytes, position: int) -> int:
    """Skip the empty line after the header. A line that is no field begins the body, as it does for Postfix."""
    if raw.startswith(b"\r\n", position):
        return position + 2
    return position + 1 if raw.startswith(b"\n", position) else position


def _after_blank_line(raw: bytes, position: int) -> int:
    match = _BLANK_LINE.search(raw, max(position - 1, 0))
    return match.end() if match else len(raw)
