"""Dates, days and periods in a text, in thirteen languages. Pure.

Read word by word with look-ups: patterns with all these names in them take a hundred times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from service.drafting.checks.calendar_words import (
    DAY_BEGINNINGS,
    DAY_PAIRS,
    DAY_WORDS,
    MONTHS,
    MORNINGS,
    NUMBER_WORDS,
    RANGE_WORDS,
    UNIT_BEGINNINGS,
    UNITS,
    WORKING_BEGINNINGS,
)

Piece = tuple[int, int, str]
"""Where something stands, and its value in the form that is compared."""

_NUMERIC = re.compile(
    r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)|(?<![\d./-])\d{1,2}([./-])\s?\d{1,2}\1\s?(?:\d{4}|\d{2})(?!\d)"
    r"|(?<![\d.])\d{1,2}\.\s?\d{1,2}\.(?!\d)|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s(?:of\s|de\s)?([^\W\d_]{3,14})(?!\w)\.?(?:\s(?:de\s)?(\d{4})(?!\d))?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(r"(?<!\w)([^\W\d_]{3,14})\.?\s(\d{1,2})(?:st|nd|rd|th)?(?![\w.])(?:,?\s(\d{4})(?!\d))?", re.IGNORECASE)
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def dates_in(text: str) -> Iterator[Piece]:
    """Yield dates as `YYYY-MM-DD`, or `MM-DD` without a year; both readings, `A|B`, where day and month may be either."""
    for match in _NUMERIC.finditer(text):
        yield match.start(), match.end(), _numeric(match[0])
    for match in _DAY_FIRST.finditer(text):
        if month := MONTHS.get(match[2].casefold()):
            yield match.start(), match.end(), _date(match[3], month, int(match[1]))
    for match in _MONTH_FIRST.finditer(text):
        if month := MONTHS.get(match[1].casefold()):
            yield match.start(), match.end(), _date(match[3], month, int(match[2]))


def days_in(text: str) -> Iterator[Piece]:
    """Yield weekdays, and days counted from today, as `tomorrow` or `next week`."""
    before = ""
    begun = 0
    for match in _TOKEN.finditer(text):
        word = match[0].casefold()
        if f"{before} {word}" in DAY_PAIRS:
            yield begun, match.end(), f"{before} {word}"
        elif (word in DAY_WORDS or word.startswith(DAY_BEGINNINGS)) and not (word in {"morgen", "mañana"} and before in MORNINGS):
            yield match.start(), match.end(), word
        before, begun = word, match.start()


def periods_in(text: str) -> Iterator[Piece]:
    """Yield periods, as `14 day` or `3-5 day`, whatever the language."""
    tokens = [(match.start(), match.end(), match[0].casefold()) for match in _TOKEN.finditer(text)]
    at = 0
    while at < len(tokens):
        start, _, word = tokens[at]
        at += 1
        counts = [count] if (count := _count(word)) else []
        if not counts:
            continue
        ahead = at
        if ahead + 1 < len(tokens) and tokens[ahead][2] in RANGE_WORDS and _count(tokens[ahead + 1][2]):
            ahead += 1
        if ahead < len(tokens) and (count := _count(tokens[ahead][2])):
            counts.append(count)
            ahead += 1
        if ahead < len(tokens) and tokens[ahead][2].startswith(WORKING_BEGINNINGS) and _unit(tokens[ahead][2]) is None:
            ahead += 1
        if ahead < len(tokens) and (unit := _unit(tokens[ahead][2])) and _is_near(text, tokens[at - 1 : ahead + 1]):
            yield start, tokens[ahead][1], f"{'-'.join(counts)} {unit}"
            at = ahead + 1


def _count(word: str) -> str:
    if word.isdecimal():
        return word.lstrip("0") if len(word) <= 3 else ""
    number = NUMBER_WORDS.get(word)
    return str(number) if number else ""


def _unit(word: str) -> str | None:
    return UNITS.get(word) or next((unit for beginning, unit in UNIT_BEGINNINGS if word.startswith(beginning)), None)


def _is_near(text: str, tokens: list[Piece]) -> bool:
    """Whether these words follow each other with nothing but a space or a dash between."""
    return all(not text[left[1] : right[0]].strip(" -\u2013\u00a0") and right[0] - left[1] <= 3 for left, right in pairwise(tokens))


def _numeric(shown: str) -> str:
    numbers = [int(each) for each in re.findall(r"\d+", shown)]
    if len(numbers) == 3 and numbers[0] > 31:
        return _date(str(numbers[0]), numbers[1], numbers[2])
    year = None if len(numbers) < 3 else str(numbers[2] + 2000 if numbers[2] < 100 else numbers[2])
    day_first = _date(year, numbers[1], numbers[0])
    return day_first if numbers[0] > 12 else f"{day_first}|{_date(year, numbers[0], numbers[1])}"


def _date(year: str | None, month: int, day: int) -> str:
    return f"{year:0>4}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"
