"""Which language a message is in, and what it is about, by the words it uses. Pure; the words are in `words.py`."""

from __future__ import annotations

import re
from collections import Counter

from service.embedded.standin.words import KEYWORDS, LANGUAGES, STOP_WORDS, Intent, Language

COUNTED_WORDS = 400

_WORD = re.compile(r"[^\W_]+")


def normalise(text: str) -> str:
    """Return the words of a text, lower case, one space before, between and after."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _index_stop_words() -> dict[str, tuple[Language, ...]]:
    index: dict[str, tuple[Language, ...]] = {}
    for language, words in STOP_WORDS.items():
        for word in set(words.split()):
            index[word.casefold()] = (*index.get(word.casefold(), ()), language)
    return index


def _prepare(keyword: str) -> str:
    return normalise(keyword) if keyword.endswith(" ") else normalise(keyword).rstrip()


_LANGUAGES_OF = _index_stop_words()
_PREPARED: dict[Language, list[tuple[Intent, tuple[str, ...]]]] = {
    language: [(intent, tuple(map(_prepare, by_language[language]))) for intent, by_language in KEYWORDS.items()]
    for language in LANGUAGES
}


def find_language(words: str, *, otherwise: str | None) -> Language:
    """Tell the language of normalised text; a tie or no known word gives `otherwise`, or English if that is none."""
    counts: Counter[Language] = Counter()
    for word in words.split(" ", COUNTED_WORDS + 1)[: COUNTED_WORDS + 1]:
        counts.update(_LANGUAGES_OF.get(word, ()))
    best = max(counts.values(), default=0)
    tied = [language for language in LANGUAGES if counts[language] == best]
    wanted = (otherwise or "").casefold()[:2]
    return next((language for language in tied if language == wanted), tied[0])


def find_intents(words: str, language: Language) -> list[Intent]:
    """List what normalised text is about, the leading intent first.

    Where the language's own words say nothing, the other languages' are tried: a short message is easily misjudged.

    Returns:
        Intents without repeats; empty where no keyword occurs.
    """
    if found := _intents_of(words, language):
        return found
    return next(filter(None, (_intents_of(words, other) for other in LANGUAGES if other != language)), [])


def _intents_of(words: str, language: Language) -> list[Intent]:
    return [intent for intent, keywords in _PREPARED[language] if any(keyword in words for keyword in keywords)]
