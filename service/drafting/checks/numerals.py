"""Everything in a text that is told with digits: dates, times, periods, shares, amounts and numbers. Pure.

The text is read from digit to digit, once; what stands at one is tried from the most certain reading to the least.
"""

from __future__ import annotations

import re
from typing import Literal

from service.drafting.checks.dates import Shape, read_date
from service.drafting.checks.lexica.calendar_words import RANGE, UNITS, WORKING
from service.drafting.checks.lexica.money_words import CURRENCIES, MEASURES, PER_CENT, PERCENT, SIGNS
from service.drafting.checks.money import value_of, written

Kind = Literal["amount", "share", "date", "period", "time", "number"]
Found = tuple[Kind, int, int, tuple[str, ...]]
"""Kind, place and the forms that are compared."""

_WITH_DIGIT = re.compile(r"(?<!\S)[^\s\d]*+\d\S*+")
_BEGIN = re.compile(r"[^\W_]|[#" + SIGNS + r"]")
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::\d{2})?(?: ?(?:[ap]\.?m|uhr|h)\b)?(?!\d)|(\d{1,2})(?:[.:](\d{2}))? ?(?:[ap]\.?m\b"
    r"|uhr\b|o'clock\b)|(\d{1,2})h(\d{2})(?!\d)"
)
_RANGE = "|".join(sorted(RANGE, key=len, reverse=True))
_PERIOD = re.compile(
    rf"(\d{{1,4}})(?:(?: ?- ?| (?:{_RANGE}) )(\d{{1,4}}))?(?: ?- ?"
    rf"| )?([^\W\d_]{{1,14}})(?:[. ]{{1,2}}([^\W\d_]{{1,14}}))?(?:[. ]{{1,2}}([^\W\d_]{{1,14}}))?"
)
# No possessive groups here: Python before 3.11.5 matches those that could backtrack wrongly (gh-106052).
_AMOUNT = re.compile(r"\d{1,3}(?:[ .,']\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d|[ .,']\d{3})|\d++(?:[.,]\d{1,2})?(?!\d)")
_SMALL_AMOUNT = re.compile(r"\d++(?:[.,]\d{1,2})?(?!\d)")
_UNIT_BEHIND = re.compile(r"(?:[.,]?-)?[ ]?(us\$|ca\$|au\$|[%" + SIGNS + r"]|[^\W\d_]{1,12})(?: ([^\W\d_]{2,7}))?")
_UNIT_BEFORE = re.compile(r"(us\$|ca\$|au\$|[ac]\$|[" + SIGNS + r"]|(?<![^\W\d_])[^\W\d_]{2,8})\.?[ ]?$")
_SPACED = re.compile(r"\d{2,}(?:[ -]\d{2,}){1,20}(?!\w|[ -]\d)")
_NUMBER = re.compile(r"#? ?[^\W_]++(?:[-/._][^\W_]++)*")
_MIN_SPACED = 8


def find_numerals(text: str, low: str, taken: list[tuple[int, int]]) -> list[Found]:
    """Return what a folded text tells with digits, in order. low: it in lower case. taken: places that are claimed already."""
    found: list[Found] = []
    place = 0
    for match in _WITH_DIGIT.finditer(text):
        place, end = max(place, match.start()), match.end()
        while place < end:
            overlapping = next((stop for start, stop in taken if start <= place < stop), None)
            if overlapping is not None:
                place = overlapping
                continue
            begin = _BEGIN.search(text, place, end)
            if begin is None:
                break
            place = begin.start()
            here = _read_at(text, low, place)
            if here is None:
                place = _behind_word(text, place, end)
                continue
            found.append(here)
            place = max(here[2], place + 1)
    return found


def _behind_word(text: str, place: int, end: int) -> int:
    place += 1
    while place < end and (text[place].isalnum() or text[place] in "#" + SIGNS):
        place += 1
    return place


def _read_at(text: str, low: str, place: int) -> Found | None:
    """Return what is told at a place where a word or a number begins."""
    if not text[place].isdigit():
        return _behind_sign(text, low, place) or _number(text, place)
    before = low[max(0, place - 16) : place]
    if (dated := read_date(text, low, place, before)) is not None:
        shape: Shape = dated
        return "date", shape.start, shape.end, shape.values
    if (time := _TIME.match(low, place)) and int(time[1] or time[3] or time[5]) <= 24:
        return "time", place, time.end(), ("".join(re.findall(r"\d+|[ap](?=\.?m)", time[0])),)
    return _period(low, place) or _amount(text, low, place, before) or _number(text, place)


def _behind_sign(text: str, low: str, place: int) -> Found | None:
    """Return an amount whose currency stands before it without a space."""
    sign = re.compile(r"us\$|ca\$|au\$|[ac]\$|[" + SIGNS + r"]|[^\W\d_]{2,8}").match(low, place)
    if sign is None or sign[0] not in CURRENCIES:
        return None
    number = _AMOUNT.match(text, sign.end() + (text[sign.end() : sign.end() + 1] == " "))
    value = value_of(number[0]) if number else None
    return (
        None if number is None or value is None else ("amount", place, number.end(), (f"{written(value)} {CURRENCIES[sign[0]]}",))
    )


def _period(low: str, place: int) -> Found | None:
    match = _PERIOD.match(low, place)
    if match is None:
        return None
    for group in (3, 4, 5):
        word = match[group]
        if word is None:
            return None
        if word in UNITS:
            unit = next(iter(UNITS[word].values()))
            return "period", place, match.end(group), (period_of([int(each) for each in (match[1], match[2]) if each], unit),)
        if word not in WORKING:
            return None
    return None


def period_of(counts: list[int], unit: str) -> str:
    """Return a period in the form that is compared; weeks are seven days."""
    if unit == "week":
        counts, unit = [7 * each for each in counts], "day"
    return f"{'-'.join(map(str, counts))} {unit}"


def _amount(text: str, low: str, place: int, before: str) -> Found | None:
    """Return an amount or a share; a number with two decimals and no unit is an amount of any currency."""
    for pattern in (_AMOUNT, _SMALL_AMOUNT):
        number = pattern.match(text, place)
        value = value_of(number[0]) if number else None
        if number is None or value is None:
            continue
        behind = _UNIT_BEHIND.match(low, number.end())
        if behind is not None:
            if behind[1] in PERCENT:
                return "share", place, behind.end(1), (f"{written(value)}",)
            if (behind[1], behind[2]) in PER_CENT:
                return "share", place, behind.end(2), (f"{written(value)}",)
            if behind[1] in CURRENCIES:
                return "amount", place, behind.end(1), (f"{written(value)} {CURRENCIES[behind[1]]}",)
        if (sign := _UNIT_BEFORE.search(before)) and sign[1] in CURRENCIES:
            start = place - (len(before) - sign.start(1))
            return "amount", start, number.end(), (f"{written(value)} {CURRENCIES[sign[1]]}",)
        is_bare = re.fullmatch(r"\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}", number[0]) is not None
        if is_bare and not (behind and behind[1] in MEASURES) and text[number.end() : number.end() + 1] not in "./-":
            return "amount", place, number.end(), (f"{written(value)} ",)
    return None


def _number(text: str, place: int) -> Found | None:
    if (spaced := _SPACED.match(text, place)) and sum(map(str.isdigit, spaced[0])) >= _MIN_SPACED:
        return "number", place, spaced.end(), (canonical(spaced[0]),)
    match = _NUMBER.match(text, place)
    if match is None or not any(map(str.isdigit, match[0])):
        return None
    return "number", place, match.end(), (canonical(match[0]),)


def canonical(text: str) -> str:
    """Return letters and digits alone, in lower case: what a number is compared by."""
    return "".join(filter(str.isalnum, text)).lower()
