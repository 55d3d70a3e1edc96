"""How long a provider asks us to wait. Pure but for the clock that an HTTP date is measured against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER_S = 600.0
"""Ten minutes: past that the relay's own rhythm serves the customer better."""


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Read `retry-after-ms`, or Retry-After as seconds or as a date (RFC 9110 section 10.2.3); None when absent or unreadable."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return _bounded(milliseconds / 1000)
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None:
        return _bounded(seconds)
    try:
        at = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    return _bounded((at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if number == number else None  # noqa: PLR0124 - NaN is the only number that differs from itself


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)
