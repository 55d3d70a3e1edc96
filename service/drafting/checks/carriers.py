"""The carriers that a text names. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from service.drafting.checks.lexica.carrier_names import BEGINNERS, EXACT, NAMES
from service.drafting.checks.reading import Reading, read

_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _form in sorted(NAMES, key=len, reverse=True):
    _words = tuple(_form.lower().split())
    _BY_FIRST.setdefault(_words[0], []).append((_words, _form))


def find_carriers(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Yield where a text names a carrier, and which. Names that are ordinary words too count as they are spelled here."""
    words, spans = reading.words, reading.spans
    for at, word in enumerate(words):
        for parts, form in _BY_FIRST.get(word, ()):
            if tuple(words[at : at + len(parts)]) != parts:
                continue
            start, end = spans[at][0], spans[at + len(parts) - 1][1]
            if form in EXACT and (reading.text[start:end] != form or (form in BEGINNERS and _begins(reading.text, start))):
                continue
            yield start, end, NAMES[form]
            break


@lru_cache(maxsize=256)
def carriers_of(text: str) -> frozenset[str]:
    """Return the carriers that one of the shop's texts or records names."""
    found = {name for _, _, name in find_carriers(read(text))}
    return frozenset(found | {NAMES[form] for form in NAMES if form.lower() == text.strip().lower()})


def _begins(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].strip(" \"'(")
    return not before or before[-1] in ".!?\n:"
