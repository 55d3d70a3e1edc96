"""Text as the checks read it: full-width digits are digits, invisible characters are gone, and every place leads back. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_ODD = re.compile(r"[^\t\n\r\x20-\x7e]")
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"})
_LOOKS_LIKE = dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4\u2032", "'")
_LOOKS_LIKE |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad", "-")
_LOOKS_LIKE |= {"\u3002": ".", "\u2044": "/", "\u2215": "/", "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\u00ad": ""}


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
    """Return a text in its compatibility form (NFKC), without what nobody sees, with plain hyphens, apostrophes and digits."""
    if not _ODD.search(text):
        return Folded(text, None)
    if max(text) >= "\u0300" and not unicodedata.is_normalized("NFC", text):
        return _folded(*_composed(text))
    return _folded(text, range(len(text)))


def plain(text: str) -> str:
    """Return the folded text alone."""
    return folded(text).text


def lower(text: str) -> str:
    """Return the text in lower case and of the same length, so that places agree."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(each.lower() if len(each.lower()) == 1 else each for each in text)


def _folded(text: str, origins: tuple[int, ...] | range) -> Folded:
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in _ODD.finditer(text):
        place = match.start()
        pieces.append(text[at:place])
        places.extend(origins[at:place])
        shown = _shown(match[0])
        pieces.append(shown)
        places.extend([origins[place]] * len(shown))
        at = place + 1
    pieces.append(text[at:])
    places.extend(origins[at:])
    return Folded("".join(pieces), tuple(places))


@lru_cache(maxsize=4_096)
def _shown(character: str) -> str:
    """Return what one character looks like, "" for what nobody sees."""
    if character in _LOOKS_LIKE:
        return _LOOKS_LIKE[character]
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return unicodedata.normalize("NFKC", character)


def _composed(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text with each letter and its marks made one, and the places that they came from."""
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    for place in range(1, len(text) + 1):
        # A letter takes eight marks with it at most: more are no language's, and a text of marks alone stays linear.
        if place < len(text) and unicodedata.combining(text[place]) and place - start < 8:
            continue
        whole = text[start] if place - start == 1 else unicodedata.normalize("NFC", text[start:place])
        pieces.append(whole)
        places.extend([start] * len(whole))
        start = place
    return "".join(pieces), tuple(places)
