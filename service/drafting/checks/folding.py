"""Text as the checks read it: full-width digits are digits, invisible characters are gone, and every place leads back. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Mn"})
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_]|[\"'(¿¡])|\n+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text to be checked. `places`: for each character the place in the original that it came from; None where they agree."""

    text: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a piece of the text stands in the original."""
        if self.places is None or end <= start:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def folded(text: str) -> Folded:
    """Return a text in its compatibility form (NFKC), character by character, without what nobody sees."""
    if text.isascii():
        return Folded(text, None)
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isascii():
            shown = character
        elif unicodedata.category(character) in _INVISIBLE:
            continue
        else:
            shown = unicodedata.normalize("NFKC", character)
        pieces.append(shown)
        places.extend([place] * len(shown))
    return Folded("".join(pieces), tuple(places))


def canonical(text: str) -> str:
    """Return letters and digits alone, case-folded: what a number is compared by."""
    return "".join(_WORD.findall(text)).replace("_", "").casefold()


def words(text: str) -> list[str]:
    """Return the words of a text, case-folded, in order."""
    return _WORD.findall(text.casefold())


def sentences(text: str) -> list[tuple[int, str]]:
    """Return the sentences of a text, lines being some, each with the place where it begins; none is empty."""
    found: list[tuple[int, str]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        found.append((start, text[start : match.start()]))
        start = match.end()
    found.append((start, text[start:]))
    return [(place, sentence) for place, sentence in found if sentence.strip()]
