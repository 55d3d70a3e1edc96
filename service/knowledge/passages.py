"""The passages of an article: short enough to quote, never cut inside a sentence, each with the headings it stands under. Pure.

A sentence that loses its end, a list that loses the line above it or a section that loses its heading says something else than
the article does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from service.knowledge.texts import blocks_of
from service.knowledge.units import Unit, introduction_of, units_of

MAX_PASSAGE = 1_200
"""Characters of a passage with its headings, unless one sentence is longer, or an item and the line that introduces it."""

MAX_HEADING = 200

_HEADING = re.compile(r"(#{1,6}) ")


class Passage(msgspec.Struct, frozen=True):
    """A passage with its headings above it. `words`: the numbers of the searched words that it has."""

    text: str
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    line: str
    words: frozenset[int]


_Section = list[tuple[Unit, frozenset[int]]]


def passages_of(body: str, words_of_block: Mapping[int, frozenset[int]]) -> list[Passage]:
    """Return the passages of a body in its order: all of it but headings that nothing stands below.

    words_of_block: the searched words of each block, by its place in blocks_of(); a block without any may be missing.
    """
    found: list[Passage] = []
    headings: list[_Heading] = []
    section: _Section = []
    for place, (start, end) in enumerate(blocks_of(body)):
        words = words_of_block.get(place, frozenset())
        mark = _HEADING.match(body, start, end)
        text_start = start
        if mark:
            found.extend(_packed(body, section, headings))
            section = []
            line_end = body.find("\n", start, end)
            line_end = end if line_end < 0 else line_end
            headings = [each for each in headings if each.level < len(mark[1])]
            if line_end - start <= MAX_HEADING:
                headings.append(_Heading(len(mark[1]), body[start:line_end], words))
                text_start = line_end + 1
        if text_start < end:
            lead = introduction_of(body, section[-1][0]) if section else ""
            section.extend((unit, words) for unit in units_of(body, text_start, end, lead=lead))
    return [*found, *_packed(body, section, headings)]


def _packed(body: str, section: _Section, headings: Sequence[_Heading]) -> Iterator[Passage]:
    """Yield a section's passages, each as many whole units as fit."""
    lines = [each.line for each in headings]
    room = max(MAX_PASSAGE - sum(len(line) + 2 for line in lines), MAX_PASSAGE // 2)
    current: _Section = []
    for unit, words in section:
        if current and unit.end - current[0][0].start + len(current[0][0].lead) > room:
            # What introduces this unit goes with it.
            kept = current[-1:] if introduction_of(body, current[-1][0]) else []
            if len(kept) < len(current):
                yield _passage(body, current[: len(current) - len(kept)], headings)
                current = kept
        current.append((unit, words))
    if current:
        yield _passage(body, current, headings)


def _passage(body: str, units: _Section, headings: Sequence[_Heading]) -> Passage:
    first, last = units[0][0], units[-1][0]
    text = body[first.start : last.end].strip("\n")
    parts = [*(each.line for each in headings), *([first.lead] if first.lead else []), text]
    words = frozenset[int]().union(*(each.words for each in headings), *(each for _, each in units))
    return Passage("\n\n".join(parts), words)
