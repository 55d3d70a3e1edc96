"""The days that figures are of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.db.ids import uuid7
from service.errors import InvalidInput
from service.suggestions.periods import FIRST_DAY, LAST_DAY, Period, month_of, period_of

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, Period(date(2026, 10, 27), TODAY)),
        (date(2026, 11, 25), None, Period(TODAY, TODAY)),
        (date(2026, 8, 26), None, Period(date(2026, 8, 26), TODAY)),
        (None, date(2026, 3, 1), Period(date(2026, 1, 31), date(2026, 3, 1))),
        (None, FIRST_DAY, Period(FIRST_DAY, FIRST_DAY)),
        (LAST_DAY, LAST_DAY, Period(LAST_DAY, LAST_DAY)),
    ],
)
def test_period_when_partly_given_then_the_rest_is_the_default(since: date | None, until: date | None, expected: Period) -> None:
    assert period_of(since, until, today=TODAY) == expected


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 11, 26), None),
        (date(2026, 8, 25), None),
        (date(2026, 2, 2), date(2026, 2, 1)),
        (date(1, 1, 1), date(1, 1, 2)),
        (date(9999, 12, 31), date(9999, 12, 31)),
        (None, date(1999, 12, 31)),
        (date(1999, 12, 31), date(2000, 1, 1)),
    ],
)
def test_period_when_out_of_bounds_then_invalid(since: date | None, until: date | None) -> None:
    with pytest.raises(InvalidInput):
        period_of(since, until, today=TODAY)


@given(st.dates(), st.dates())
def test_period_when_of_any_days_then_it_has_ids_or_is_invalid(since: date, until: date) -> None:
    try:
        lowest, after = period_of(since, until, today=TODAY).ids
    except InvalidInput:
        return

    assert lowest < after


def test_period_when_it_has_today_then_it_has_an_id_of_now() -> None:
    today = date.today()  # noqa: DTZ011 - near enough: a day more on each side

    lowest, after = Period(date.fromordinal(today.toordinal() - 1), date.fromordinal(today.toordinal() + 1)).ids

    assert lowest < uuid7() < after


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02", Period(date(2026, 2, 1), date(2026, 2, 28))),
        ("2028-02", Period(date(2028, 2, 1), date(2028, 2, 29))),
        ("2026-12", Period(date(2026, 12, 1), date(2026, 12, 31))),
        ("2999-12", Period(date(2999, 12, 1), LAST_DAY)),
        (None, Period(date(2026, 11, 1), date(2026, 11, 30))),
    ],
)
def test_month_when_read_then_it_is_all_of_its_days(text: str | None, expected: Period) -> None:
    assert month_of(text, today=TODAY) == expected


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "", " 2026-11", "2026-11\n", "9999-12", "0000-01", "\u0662026-11"],
)
def test_month_when_it_is_none_then_invalid(text: str) -> None:
    with pytest.raises(InvalidInput, match="2026-11"):
        month_of(text, today=TODAY)
