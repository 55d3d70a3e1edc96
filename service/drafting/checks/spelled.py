"""Amounts of money whose number is spelled out in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from service.drafting.checks.lexica.calendar_words import COUNTS
from service.drafting.checks.lexica.money_words import CURRENCIES, LARGE_NUMBERS
from service.drafting.checks.reading import Reading

Found = tuple[int, int, tuple[str, ...]]
"""Place and the form that is compared."""

_NAMES = frozenset(name for name in CURRENCIES if name.isalpha())


def find_spelled_amounts(reading: Reading) -> Iterator[Found]:
    """Yield amounts such as "three hundred euros"; the words themselves are what is compared."""
    words, spans = reading.words, reading.spans
    for at, word in enumerate(words):
        if word in _NAMES and at and (words[at - 1] in COUNTS or words[at - 1].endswith(LARGE_NUMBERS)):
            first = at - 1
            while first and at - first < 6 and (words[first - 1] in COUNTS or words[first - 1].endswith(LARGE_NUMBERS)):
                first -= 1
            yield spans[first][0], spans[at][1], ("".join(words[first : at + 1]),)
