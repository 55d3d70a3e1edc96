"""Sentences taken apart: in which language one is, which clauses it has, and what takes a clause back. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from service.drafting.checks.lexica.all_languages import LEXICA
from service.drafting.checks.lexica.lexicon import Lexicon, PromiseKind, State
from service.drafting.checks.reading import Reading

DEFAULT = "en"
MAX_SENTENCE_LENGTH = 1_000
"""Characters of a sentence that are read; a longer one is read in pieces."""


_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Speech:
    """One language's patterns, for lower-case text."""

    language: str
    promise: re.Pattern[str]
    commit: re.Pattern[str]
    done: re.Pattern[str]
    hedge: re.Pattern[str]
    negation: re.Pattern[str]
    no: re.Pattern[str]
    condition: re.Pattern[str]
    boundary: re.Pattern[str]
    state: re.Pattern[str]
    not_yet: re.Pattern[str]
    aside: re.Pattern[str]
    signs: frozenset[str]


Spoken = tuple[int, str, Speech]
"""A sentence in lower case, behind its place and before its language's patterns."""


@lru_cache(maxsize=32)
def speech_of(language: str) -> Speech:
    """Return the patterns of a language; English ones for a language without words of ours."""
    lexicon: Lexicon = LEXICA.get(language, LEXICA[DEFAULT])
    return Speech(
        language=lexicon.language,
        promise=_named(lexicon.promises),
        commit=re.compile(rf"(?<!\w)(?:{lexicon.commits})"),
        done=re.compile(rf"(?<!\w)(?:{lexicon.done})"),
        hedge=re.compile(rf"(?<!\w)(?:{lexicon.hedges})"),
        negation=re.compile(rf"(?<!\w)(?:{lexicon.negations})(?!\w)"),
        no=re.compile(rf"(?<!\w)(?:{lexicon.no})(?: \w+)?? $"),
        condition=re.compile(rf"(?<!\w)(?:{lexicon.conditions})(?!\w)"),
        boundary=re.compile(rf"[,:;](?=\s)|[()\"]| - |(?<!\w)(?:{lexicon.joints})(?= )"),
        state=_named(lexicon.states),
        not_yet=re.compile(rf"(?<![\w'])(?:{lexicon.not_yet})(?!\w)"),
        aside=re.compile(rf"(?<!\w)(?:{lexicon.aside})"),
        signs=frozenset(lexicon.signs.split()),
    )


def sentences_in(reading: Reading, language: str) -> list[Spoken]:
    """Return the sentences of a text in lower case, each with its place and its language's patterns; long ones in pieces.

    language: the text's; a sentence whose little words are clearly another language's is read as that.
    """
    found: list[Spoken] = []
    for start, end in reading.sentences:
        for place in range(start, end, MAX_SENTENCE_LENGTH):
            sentence = reading.low[place : min(end, place + MAX_SENTENCE_LENGTH)]
            found.append((place, sentence, speech_of(_language_of(sentence, language))))
    return found


def _language_of(sentence: str, own: str) -> str:
    words = set(_WORD.findall(sentence))
    mine = len(words & _SIGNS.get(own, frozenset()))
    # No other language can be ahead by two.
    if len(words & _ALL_SIGNS) < mine + 2:
        return own
    best, count = own, mine + 1
    for language, signs in _SIGNS.items():
        shared = len(words & signs)
        if shared > count:
            best, count = language, shared
    return best


def clauses(sentence: str, speech: Speech) -> list[tuple[int, int]]:
    """Return where the clauses of a sentence stand. A piece that commits to nothing of its own belongs to the one before it."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in [*speech.boundary.finditer(sentence), None]:
        end = match.start() if match else len(sentence)
        if sentence[start:end].strip():
            is_own = not found or speech.commit.search(sentence, start, end) or speech.done.search(sentence, start, end)
            if is_own:
                found.append((start, end))
            else:
                found[-1] = (found[-1][0], end)
        start = match.end() if match and match[0][0] in ',:;()" ' else end
    return found


def is_taken_back(sentence: str, start: int, end: int, place: int, speech: Speech) -> bool:
    """Whether what a clause says at a place is denied, or hangs on a condition that stands before it."""
    return bool(
        speech.negation.search(sentence, start, end)
        or speech.no.search(sentence[max(start, place - 40) : place])
        or speech.condition.search(sentence, start, place)
    )


def _named(patterns: Mapping[PromiseKind, str] | Mapping[State, str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'(?P<{name}>{pattern})' for name, pattern in patterns.items())})")


_SIGNS = {language: frozenset(lexicon.signs.split()) for language, lexicon in LEXICA.items()}
_ALL_SIGNS = frozenset().union(*_SIGNS.values())
