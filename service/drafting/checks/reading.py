"""A text read once for all checks: its words, sentences and clauses with their places. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from service.drafting.checks.folding import Folded, folded, lower

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?;])[ \t]+(?=[^\W\d_a-zà-öø-ÿ]|[\"'(¿¡«„“])|\n\s*+")
_ABBREVIATION = re.compile(
    r"(?:\b[^\W\d_]|\b(?:nr|no|mr|mrs|ms|dr|st|sr|sra|sig|hr|dhr|mevr|inkl|ca|bzw|pan|tel|num|núm|prof"
    r"|mme))\.$"
)


@dataclass(frozen=True)
class Reading:
    """One text, folded. The places of words and sentences are in `text`; `place` leads back to the original."""

    folded: Folded

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @cached_property
    def low(self) -> str:
        """The folded text in lower case, of the same length."""
        return lower(self.text)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands."""
        return [match.span() for match in _WORD.finditer(self.text)]

    @cached_property
    def words(self) -> list[str]:
        """The words in lower case, in order."""
        return _WORD.findall(self.low)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Where each sentence stands; a line ends one."""
        found: list[tuple[int, int]] = []
        start, text = 0, self.text
        for match in _SENTENCE_END.finditer(text):
            end = match.start()
            if "\n" not in match[0] and _ABBREVIATION.search(self.low, max(start, end - 6), end):
                continue
            if end > start:
                found.append((start, end))
            start = match.end()
        if start < len(text):
            found.append((start, len(text)))
        return found


def read(text: str) -> Reading:
    """Return the reading of a text as somebody wrote it."""
    return Reading(folded(text))


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, in order."""
    return _WORD.findall(lower(folded(text).text))
