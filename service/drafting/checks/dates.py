"""Dates as people write them, numeric and with the names of months. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from service.drafting.checks.lexica.calendar_words import CAPITAL_MONTHS, MONTHS

_ISO = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?![\d/-])")
_DAY_MONTH = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.(?!\d)|(\d{1,2})/(\d{1,2})(?![\d/])")
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|e|:e|º|ª|a)?\.?(?: of | de | d'|-"
    r"| )?([^\W\d_]{3,12})\.?(?:,? (?:de )?(\d{4})(?!\d))?"
)
_NAME_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_]{3,12})\.? $")
_DAY_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?!\w)(?:,? (\d{4})(?!\d))?")
_YEAR = re.compile(r"(?:19|20)\d\d(?!\w)")
_TWO_FIGURES = re.compile(r"\d/\d$")


class Shape(NamedTuple):
    """A date at its place. values: `YYYY-MM-DD`, without what is not told: `MM-DD`, `YYYY-MM`."""

    start: int
    end: int
    values: tuple[str, ...]


def read_date(text: str, low: str, place: int, before: str) -> Shape | None:
    """Return the date whose digits begin at a place. before: the lower-case text in front of it."""
    return _numeric(low, place) or _named(text, low, place, before) or _short(low, place)


def _numeric(low: str, place: int) -> Shape | None:
    if match := _ISO.match(low, place):
        return _shape(place, match.end(), int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_MONTH_YEAR.match(low, place):
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        return _either(place, match.end(), year, int(match[1]), int(match[3]))
    return None


def _named(text: str, low: str, place: int, before: str) -> Shape | None:
    """Return a date with the name of its month, behind the day or before it."""
    if match := _DAY_NAME.match(low, place):
        year = int(match[3]) if match[3] else None
        month = _month(text, match.start(2), match[2], is_dated=year is not None)
        if month:
            return _shape(place, match.end(), year, month, int(match[1]))
    name = _NAME_BEFORE.search(before)
    if name is None or name[1] not in MONTHS:
        return None
    start = place - len(before) + name.start(1)
    if (month := _month(text, start, name[1], is_dated=False)) and (match := _DAY_YEAR.match(low, place)):
        return _shape(start, match.end(), int(match[2]) if match[2] else None, month, int(match[1]))
    match = _YEAR.match(low, place)
    return Shape(start, match.end(), (f"{match[0]}-{MONTHS[name[1]]:02}",)) if match else None


def _short(low: str, place: int) -> Shape | None:
    match = _DAY_MONTH.match(low, place)
    if match is None or _TWO_FIGURES.match(match[0]) or match[0] == "24/7":
        return None
    return _either(place, match.end(), None, int(match[1] or match[3]), int(match[2] or match[4]))


def is_day(reading: str, day: str) -> bool:
    """Whether two dates may be one: either may lack its year or its day."""
    if len(reading) == 7 or len(day) == 7:
        return reading[:7] == day[:7]
    return reading == day or (min(len(reading), len(day)) == 5 and reading[-5:] == day[-5:])


def day_before(today: str) -> str | None:
    """Return the ISO date before one; None where it is none."""
    try:
        return (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None


def _month(text: str, start: int, name: str, *, is_dated: bool) -> int | None:
    if name in CAPITAL_MONTHS and not is_dated and not text[start].isupper():
        return None
    return MONTHS.get(name)


def _either(start: int, end: int, year: int | None, first: int, second: int) -> Shape | None:
    """Return a date whose day may stand before or after its month."""
    readings = dict.fromkeys(
        each.values[0] for each in (_shape(start, end, year, second, first), _shape(start, end, year, first, second)) if each
    )
    return Shape(start, end, tuple(readings)) if readings else None


def _shape(start: int, end: int, year: int | None, month: int, day: int) -> Shape | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Shape(start, end, (f"{year:04}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}",))
