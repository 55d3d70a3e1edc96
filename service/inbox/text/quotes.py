"""A mail's text as what its writer wrote now, what it quotes, and the signature. Pure, line by line, for the worker.

No line is lost: each is in one of the three. In doubt a line stays in the reply, and a mail that only quotes or forwards is
all reply. Time grows with the length: each line meets a fixed number of patterns, each on at most 300 characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.inbox.text.quote_marks import (
    COLONS,
    MAX_MARK_LENGTH,
    header_label,
    is_forward,
    is_forward_or_original,
    is_intro,
    is_mobile_line,
    may_begin_intro,
)

_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u202f\u3000"), " ")
"""French, Japanese and the clocks of new programs write spaces that no pattern names."""

MAX_INTRO_LINES = 3
MAX_HEADER_LINES = 8
MAX_SIGNATURE_LINES = 10
"""Lines with words under a "--" that lost its space: more of them are a paragraph under a rule."""


@dataclass(frozen=True, slots=True)
class SplitText:
    """The three parts, each with LF line ends and no empty lines around it. `reply` is empty only for an empty mail.

    `has_forward`: a mark says that what is quoted is a forwarded mail.
    """

    reply: str
    quoted: str
    signature: str
    has_forward: bool = False


def split_reply(text: str) -> SplitText:
    """Split a mail's plain text.

    Quoted: `>` lines with the line that introduces them; and from an Outlook header block, a forward marker or an introduction
    without `>` lines all that follows. What stands below a `>` block is an inline reply.
    Source: RFC 3676 section 4.3 (signature), 4.5 (quoting); the rest is what mail programs write in nine languages.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    spaced = text.replace("\t", " ") if text.isascii() else text.translate(_SPACES)
    plain = [line.strip() for line in spaced.split("\n")]
    parts: dict[str, list[str]] = {"reply": [], "quoted": [], "signature": []}
    part, position = "reply", 0
    has_forward = False
    while position < len(lines):
        line = plain[position]
        mark_lines = 0
        if line.startswith(">"):
            part = "quoted"
        elif line and (mark_lines := _mark_lines(plain, position)):
            if not _is_quote_next(plain, position + mark_lines):
                parts["quoted"] += lines[position:]
                has_forward = is_forward(line)
                break
            part = "quoted"
        elif line and part == "quoted":
            part = "reply"
        if part == "reply" and _is_signature_mark(lines, position):
            part = "signature"
        count = max(mark_lines, 1)
        is_mobile = part == "reply" and is_mobile_line(line)
        parts["signature" if is_mobile else part] += lines[position : position + count]
        position += count
    reply, quoted, signature = ("\n".join(each).strip("\n") for each in parts.values())
    if not reply.strip():
        return SplitText(text.strip("\n"), "", "")
    return SplitText(reply, quoted, signature, has_forward)


def _is_quote_next(lines: list[str], position: int) -> bool:
    """Whether the next line with words is a `>` line."""
    while position < len(lines) and not lines[position]:
        position += 1
    return position < len(lines) and lines[position].startswith(">")


def _mark_lines(lines: list[str], position: int) -> int:
    """Return of how many lines the mark consists that begins a quote here; 0 when there is none."""
    line = lines[position]
    if is_forward_or_original(line) or _is_header_block(lines, position):
        return 1
    if len(line) >= 5 and line[0] in "_-" and not line.strip("_-"):
        # Outlook draws a line above its header block; without one it is the writer's own.
        return 1 if any(_is_header_block(lines, position + below) for below in (1, 2)) else 0
    return _intro_lines(lines, position)


def _intro_lines(lines: list[str], position: int) -> int:
    """Return over how many lines an introduction such as "On ... wrote:" goes, which mail programs wrap."""
    if not any(line.endswith(COLONS) for line in lines[position : position + MAX_INTRO_LINES]):
        return 0
    joined = ""
    for count in range(1, MAX_INTRO_LINES + 1):
        line = lines[position + count - 1] if position + count <= len(lines) else ""
        if not line or len(line) > MAX_MARK_LENGTH or line.startswith(">") or (count == 1 and not may_begin_intro(line)):
            return 0
        joined = f"{joined} {line}".strip()
        if is_intro(joined, has_quote_below=_is_quote_next(lines, position + count)):
            return count
    return 0


def _is_header_block(lines: list[str], position: int) -> bool:
    """Whether a copied header begins here: From and Subject, and a date or a recipient, within eight lines without a gap."""
    if position >= len(lines) or not header_label(lines[position]):
        return False
    kinds: set[str] = set()
    for line in lines[position : position + MAX_HEADER_LINES]:
        if not line:
            break
        kinds.add(header_label(line))
    return {"from", "subject"} <= kinds and bool(kinds & {"date", "to"})


def _is_signature_mark(lines: list[str], position: int) -> bool:
    line = lines[position]
    if not line.startswith("--"):
        return False
    if line == "-- ":
        return True
    if line.rstrip() != "--":
        return False
    words = 0
    for each in lines[position + 1 : position + 3 * MAX_SIGNATURE_LINES]:
        if each.lstrip().startswith(">"):
            break
        words += bool(each.strip())
    return words <= MAX_SIGNATURE_LINES
