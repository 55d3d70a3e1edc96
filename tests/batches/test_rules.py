"""Which messages are drafted again, and how many at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.batches.rules import CHUNK, MAX_LIVE, Asked, chunk_size, skip_reason
from service.batches.types import SkipReason
from service.db.ids import uuid7

FREE = Asked(
    message_id=uuid7(),
    thread_id=uuid7(),
    is_from_customer=True,
    has_newer_message=False,
    is_answered=False,
    is_resolved=False,
    is_held=False,
    has_other_live=False,
    is_in_work=False,
)

CASES: list[tuple[dict[str, Any], SkipReason]] = [
    ({"thread_id": None}, "not_found"),
    ({"is_from_customer": False}, "not_from_customer"),
    ({"has_newer_message": True}, "newer_message"),
    ({"is_answered": True}, "answered"),
    ({"is_resolved": True}, "resolved"),
    ({"is_held": True}, "claimed"),
    ({"is_in_work": True}, "in_work"),
    ({"has_other_live": True}, "other_suggestion"),
]


def test_skip_reason_when_nothing_stands_in_the_way_then_none() -> None:
    assert skip_reason(FREE) is None


@pytest.mark.parametrize(("standing", "reason"), CASES)
def test_skip_reason_when_something_does_then_it_is_named(standing: dict[str, Any], reason: SkipReason) -> None:
    assert skip_reason(replace(FREE, **standing)) == reason


@pytest.mark.parametrize("place", range(len(CASES)))
def test_skip_reason_when_several_hold_then_the_first_counts(place: int) -> None:
    together = {name: value for standing, _ in CASES[place:] for name, value in standing.items()}

    assert skip_reason(replace(FREE, **together)) == CASES[place][1]


def test_skip_reasons_when_listed_then_each_has_its_case() -> None:
    assert sorted(reason for _, reason in CASES) == sorted(get_args(SkipReason))


@given(live=st.integers(0, 2 * MAX_LIVE))
def test_chunk_size_when_some_are_live_then_they_stay_within_the_bound(live: int) -> None:
    size = chunk_size(live=live, is_provider_batch=False)

    assert 0 <= size <= CHUNK
    assert live + size <= max(live, MAX_LIVE)
    assert size > 0 or live >= MAX_LIVE


@given(live=st.integers(0, 2 * MAX_LIVE))
def test_chunk_size_when_it_is_the_providers_then_all_may_wait(live: int) -> None:
    assert chunk_size(live=live, is_provider_batch=True) == CHUNK
