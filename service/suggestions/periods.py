"""The days that figures are of. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from service.db.ids import uuid7_floor
from service.errors import InvalidInput

MAX_DAYS = 92
DEFAULT_DAYS = 30
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2999, 12, 31)

_MONTH = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in UTC, both included."""

    since: date
    until: date

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """The lowest id of the period and the lowest one after it."""
        return _floor(self.since), _floor(self.until + timedelta(days=1))


def period_of(since: date | None, until: date | None, *, today: date) -> Period:
    """Return the period from one day to another, by default the 30 days that end with `until` or today.

    Raises:
        InvalidInput: it ends before it begins, has over 92 days, or is not of this millennium.
    """
    until = until or today
    if not FIRST_DAY <= until <= LAST_DAY or (since and not FIRST_DAY <= since <= LAST_DAY):
        raise InvalidInput(f"`since` and `until` are from {FIRST_DAY} to {LAST_DAY}")
    since = since or max(until - timedelta(days=DEFAULT_DAYS - 1), FIRST_DAY)
    if not 0 <= (until - since).days < MAX_DAYS:
        raise InvalidInput(f"A period has 1 to {MAX_DAYS} days, `since` and `until` included")
    return Period(since, until)


def month_of(text: str | None, *, today: date) -> Period:
    """Return a month written as `2026-11`, by default the one that today is in. Raises InvalidInput."""
    if text is None:
        first = today.replace(day=1)
    else:
        found = _MONTH.fullmatch(text)
        if found is None:
            raise InvalidInput("A month is written as 2026-11")
        first = date(int(found[1]), int(found[2]), 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first, following - timedelta(days=1))


def _floor(day: date) -> UUID:
    return uuid7_floor(datetime.combine(day, time(), UTC))
