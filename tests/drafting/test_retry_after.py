"""How long a provider asks us to wait, in each form that one may write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.drafting.retry_after import MAX_RETRY_AFTER_S, retry_after_s


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "99999"}, MAX_RETRY_AFTER_S),
        ({"retry-after": "9" * 400}, MAX_RETRY_AFTER_S),
        ({"retry-after": "1e400"}, MAX_RETRY_AFTER_S),
        ({"retry-after": "inf"}, MAX_RETRY_AFTER_S),
        ({"retry-after": "-inf"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 99 Nov 2026 10:00:00 GMT"}, None),
        ({"retry-after": "Mon, 23 Nov 99999 10:00:00 GMT"}, None),
        ({"retry-after": "Mon, 23 Nov 2026 10:00:00 +99999999999999999999"}, None),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0.0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, MAX_RETRY_AFTER_S),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 +2359"}, 0.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after-ms": "nan", "retry-after": "7"}, 7.0),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7.0),
        ({"retry-after-ms": "9e9"}, MAX_RETRY_AFTER_S),
    ],
)
def test_retry_after_when_the_header_is_any_then_seconds_within_bounds_or_none(
    headers: dict[str, str], expected: float | None
) -> None:
    assert retry_after_s(headers) == expected


@pytest.mark.parametrize("usegmt", [True, False])
def test_retry_after_when_it_is_a_date_ahead_then_about_so_long(usegmt: bool) -> None:
    at = datetime.now(UTC) + timedelta(seconds=300)

    seconds = retry_after_s({"retry-after": format_datetime(at, usegmt=usegmt)})
    assert seconds is not None
    assert 200 < seconds <= 300


@given(value=st.text(max_size=60), milliseconds=st.text(max_size=20))
@settings(max_examples=100, deadline=None)
def test_retry_after_when_the_text_is_any_then_it_returns(value: str, milliseconds: str) -> None:
    for headers in ({"retry-after": value}, {"retry-after": value, "retry-after-ms": milliseconds}):
        seconds = retry_after_s(headers)

        assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_S
