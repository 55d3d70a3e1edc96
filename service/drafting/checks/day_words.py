"""Days and periods that a text tells in words: weekdays, tomorrow, within a week. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from service.drafting.checks.lexica.calendar_words import (
    COUNTS,
    ONE,
    RANGE,
    TOMORROW,
    UNITS,
    WEEKDAYS,
    WISHES,
    WITHIN,
    WORKING,
    YESTERDAY,
    starts_of,
)
from service.drafting.checks.numerals import period_of
from service.drafting.checks.reading import Reading

Found = tuple[Literal["day_word", "period"], int, int, tuple[str, ...]]
"""Kind, place and the forms that are compared."""

_PHRASES = starts_of(TOMORROW)
_PORTUGUESE = {name.partition("-")[0]: number for name, number in WEEKDAYS.items() if name.endswith("-feira")}
_MORNINGS = frozenset({"morgen", "mañana"})
_NO_TOMORROW = frozenset({"guten", "gute", "heute", "god", "goede", "la", "esta", "i", "jeden", "am", "vom"})
_FIRST = frozenset({*WEEKDAYS, *_PORTUGUESE, *_PHRASES, *_MORNINGS, *YESTERDAY, *COUNTS, *WITHIN})


def find_day_words(reading: Reading, dates: list[tuple[int, int]]) -> Iterator[Found]:
    """Yield the days and periods in words. dates: where dates with digits stand; the weekday before one belongs to it."""
    words, spans = reading.words, reading.spans
    passed = 0
    for at, word in enumerate(words):
        if word not in _FIRST or at < passed:
            continue
        count, kind, value = _read_at(words, at, reading)
        if not count:
            continue
        passed = at + count
        start, end = spans[at][0], spans[at + count - 1][1]
        if kind == "day_word" and any(0 <= first - end <= 3 or first <= start < stop for first, stop in dates):
            continue
        yield ("period" if kind == "period" else "day_word"), start, end, (value,)


def _read_at(words: list[str], at: int, reading: Reading) -> tuple[int, str, str]:
    """Return how many words tell a day or a period here, which of the two, and its form; 0 words where none does."""
    word = words[at]
    before, following = words[at - 1] if at else "", words[at + 1 : at + 5]
    found = (0, "", "")
    if word in WEEKDAYS:
        found = 1, "day_word", f"weekday {WEEKDAYS[word]}"
    elif word in _PORTUGUESE and following[:1] == ["feira"]:
        found = 2, "day_word", f"weekday {_PORTUGUESE[word]}"
    elif word in YESTERDAY:
        found = 1, "day_word", "yesterday"
    elif word in _MORNINGS and before not in _NO_TOMORROW and not reading.text[reading.spans[at][0]].isupper():
        found = 1, "day_word", "tomorrow"
    elif phrase := next((each for each in _PHRASES.get(word, ()) if tuple(words[at : at + len(each)]) == each), None):
        found = len(phrase), "day_word", " ".join(phrase)
    elif word in COUNTS:
        found = _period(word, following)
    elif word in WITHIN and following[:1] and following[0] in ONE and following[1:2] and following[1] in UNITS:
        found = 3, "period", period_of([1], next(iter(UNITS[following[1]].values())))
    return (0, "", "") if found[1] == "day_word" and before in WISHES else found


def _period(word: str, following: list[str]) -> tuple[int, str, str]:
    """Return a period of a number in words, or of two; number and unit must be of one language."""
    numbers = [COUNTS[word]]
    for place, each in enumerate(following):
        shared = UNITS.get(each, {}).keys() & numbers[0].keys()
        if shared:
            language = min(shared)
            counts = [known[language] for known in numbers if language in known]
            return place + 2, "period", period_of(counts, UNITS[each][language])
        if each in COUNTS:
            numbers.append(COUNTS[each])
        elif each not in WORKING and each not in RANGE:
            break
    return 0, "", ""
