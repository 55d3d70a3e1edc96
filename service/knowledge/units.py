"""What of an article may not be parted: a paragraph, and of a long one each sentence or each item of its list. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_WHOLE = 1_200
"""Characters of a block that stays whole."""

MAX_LEAD = 600
"""Characters of a line that introduces a list; below a longer one the list stays whole."""

# A line of prose may begin with "30. May"; a list begins with 1.
_FIRST_ITEM = re.compile(r"^( {0,3})(?:(?:[-*+•]|1[.)])[ \t]|\|)", re.MULTILINE)
_ITEM = re.compile(r"^( {0,3})(?:(?:[-*+•]|[0-9]{1,3}[.)])[ \t]|\|)", re.MULTILINE)
_TABLE_HEAD = re.compile(r"\|[^\n]*+\n\|[ :|-]++\n")
_SENTENCE_END = re.compile("[.!?…]++[\"')\\]»\u201d\u2019*_]*+\\s++(?=[^\\W\\d_]|[\"'(\\[«„“¿¡*])|[。\uff01\uff1f]")
_LAST_WORD = re.compile(r"[^\W\d_]{1,6}\Z")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "abs approx art bspw bzw ca dr etc evtl excl exkl fig ggf incl inkl max min mr mrs ms no nr par pp prof resp sec st str"
        " tel usw vgl vol vs zzgl",
    )
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a body, from `start` to `end`. `lead`: what introduces it, where it stands before other items; "" for none."""

    start: int
    end: int
    lead: str = ""


def units_of(body: str, start: int, end: int, *, lead: str) -> Iterator[Unit]:
    """Yield the units of a block in order; together they are the block.

    lead: the end of the block before, where that introduces this one.
    """
    if end - start <= MAX_WHOLE:
        yield Unit(start, end, lead)
        return
    item = _FIRST_ITEM.search(body, start, end)
    if item is None:
        yield from _sentences(body, start, end)
        return
    first = item.start()
    introduction = lead if first == start else _introduction(body[start:first])
    head = _TABLE_HEAD.match(body, first, end)
    if head:
        introduction = f"{introduction}\n\n{head[0]}".strip()
    if len(introduction) > MAX_LEAD:
        yield Unit(start, end, lead)
        return
    if first > start:
        yield from _sentences(body, start, first)
    if head:
        yield Unit(first, head.end())
        first = head.end()
    if first < end:
        yield from _items(body, first, end, indent=len(item[1]), lead=introduction)


def _items(body: str, start: int, end: int, *, indent: int, lead: str) -> Iterator[Unit]:
    """Yield a list's items, or a table's rows, each with what stands further in below it."""
    begin = start
    for item in _ITEM.finditer(body, start + 1, end):
        if len(item[1]) <= indent:
            yield Unit(begin, item.start(), lead)
            begin = item.start()
    yield Unit(begin, end, lead)


def introduction_of(body: str, unit: Unit) -> str:
    """Return a unit's text where it introduces what follows it, else ""."""
    return _introduction(body[unit.start : unit.end])


def _introduction(text: str) -> str:
    text = text.strip()
    return text if text.endswith((":", "\uff1a")) else ""


def _sentences(body: str, start: int, end: int) -> Iterator[Unit]:
    begin = start
    for found in _SENTENCE_END.finditer(body, start, end):
        if _is_abbreviation(body, start, found.start()):
            continue
        yield Unit(begin, found.end())
        begin = found.end()
    if begin < end:
        yield Unit(begin, end)


def _is_abbreviation(body: str, start: int, stop: int) -> bool:
    """Whether a full stop ends no sentence, as those of "inkl. Versand", "z. B. Montag" and "am 30. Mai"."""
    if body[stop] != ".":
        return False
    word = _LAST_WORD.search(body, max(start, stop - 6), stop)
    return body[stop - 1 : stop].isdigit() or (word is not None and (len(word[0]) == 1 or word[0].lower() in _ABBREVIATIONS))
