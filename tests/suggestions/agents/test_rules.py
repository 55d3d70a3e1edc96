"""What an agent may do with a suggestion, by how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Conflict, PreconditionFailed
from service.suggestions.agents.rules import (
    Standing,
    check_claimable,
    check_regenerable,
    check_releasable,
    check_resolvable,
    check_version,
    is_superseded_on_release,
    similarity,
    why_moved,
)

LATER = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
OTHER = UUID(int=9)

READY = Standing(
    id=UUID(int=1),
    thread_id=UUID(int=2),
    message_id=UUID(int=3),
    status="ready",
    reason_code=None,
    kind="ai",
    outcome=None,
    body="Hello",
    version=4,
    claimed_by=None,
    held_until=None,
    rival_until=None,
    live_other=None,
    has_newer_message=False,
)
FAILED = replace(READY, status="failed", kind="fallback", reason_code="provider_down")
OWN = replace(READY, claimed_by="anna", held_until=LATER)
BOBS = replace(READY, claimed_by="bob", held_until=LATER)
LAPSED = replace(READY, claimed_by="bob")
OVERTAKEN = replace(OWN, reason_code="superseded", has_newer_message=True)
OVERTAKEN_LAPSED = replace(LAPSED, reason_code="superseded")
RIVAL = replace(READY, rival_until=LATER)
DONE = replace(READY, outcome="accepted")
DRAFTING = replace(READY, status="drafting", body=None)
SUPERSEDED = replace(READY, status="superseded", reason_code="superseded")
SKIPPED = replace(READY, status="skipped", reason_code="machine_mail", body=None)


@pytest.mark.parametrize("standing", [READY, FAILED, OWN, LAPSED, OVERTAKEN, replace(OVERTAKEN, held_until=None)])
def test_claim_when_nobody_else_holds_it_then_it_is_allowed(standing: Standing) -> None:
    check_claimable(standing, "anna")


@pytest.mark.parametrize("standing", [BOBS, RIVAL, DONE, DRAFTING, SUPERSEDED, SKIPPED, OVERTAKEN_LAPSED])
def test_claim_when_it_is_not_to_be_had_then_conflict(standing: Standing) -> None:
    with pytest.raises(Conflict):
        check_claimable(standing, "anna")


@pytest.mark.parametrize("outcome", ["accepted", "edited", "rejected"])
@pytest.mark.parametrize("standing", [READY, OWN, LAPSED, OVERTAKEN])
def test_resolve_when_it_is_ready_and_free_then_every_outcome_is_allowed(standing: Standing, outcome: str) -> None:
    check_resolvable(standing, "anna", outcome)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [
        (BOBS, "rejected"),
        (DONE, "rejected"),
        (DRAFTING, "edited"),
        (SUPERSEDED, "edited"),
        (FAILED, "accepted"),
        (RIVAL, "accepted"),
        (RIVAL, "edited"),
    ],
)
def test_resolve_when_it_is_not_to_be_had_then_conflict(standing: Standing, outcome: str) -> None:
    with pytest.raises(Conflict):
        check_resolvable(standing, "anna", outcome)  # type: ignore[arg-type]


@pytest.mark.parametrize(("standing", "outcome"), [(FAILED, "edited"), (FAILED, "rejected"), (RIVAL, "rejected")])
def test_resolve_when_nothing_of_anothers_is_sent_then_it_is_allowed(standing: Standing, outcome: str) -> None:
    check_resolvable(standing, "anna", outcome)  # type: ignore[arg-type]


@pytest.mark.parametrize("standing", [READY, FAILED, OWN, LAPSED, SUPERSEDED, SKIPPED, RIVAL])
def test_regenerate_when_nothing_else_lives_in_the_thread_then_it_is_allowed(standing: Standing) -> None:
    check_regenerable(standing, "anna")


@pytest.mark.parametrize(
    "standing", [BOBS, DONE, DRAFTING, replace(SUPERSEDED, live_other=OTHER), replace(SUPERSEDED, outcome="ignored")]
)
def test_regenerate_when_it_is_not_to_be_had_then_conflict(standing: Standing) -> None:
    with pytest.raises(Conflict):
        check_regenerable(standing, "anna")


@pytest.mark.parametrize("standing", [OWN, READY, LAPSED])
def test_release_when_nobody_else_holds_it_then_it_is_allowed(standing: Standing) -> None:
    check_releasable(standing, "anna")


def test_release_when_another_holds_it_then_conflict_says_until_when() -> None:
    with pytest.raises(Conflict, match="until 2026-11-25T12:30:00Z"):
        check_releasable(BOBS, "anna")


@pytest.mark.parametrize(
    ("standing", "is_superseded"),
    [
        (OWN, False),
        (OVERTAKEN, True),
        (replace(OWN, live_other=OTHER), True),
        (FAILED, False),
        (replace(FAILED, live_other=OTHER), False),
    ],
)
def test_released_when_it_was_overtaken_then_it_is_superseded(standing: Standing, is_superseded: bool) -> None:
    assert is_superseded_on_release(standing) is is_superseded


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (OVERTAKEN, "a newer message came"),
        (SUPERSEDED, "a newer message came"),
        (replace(OWN, reason_code="order_changed"), "an order of the customer has changed"),
        (replace(SUPERSEDED, reason_code="answered"), "the thread was answered"),
        (replace(FAILED, has_newer_message=True), "a newer message came"),
        (DONE, "it was resolved as accepted"),
        (DRAFTING, "it is drafting"),
        (SKIPPED, "it is skipped"),
        (BOBS, "it is claimed until 2026-11-25T12:30:00Z"),
        (READY, "a claim on it began or ended"),
    ],
)
def test_version_when_it_moved_then_the_refusal_says_which_and_why(standing: Standing, why: str) -> None:
    assert why_moved(standing) == why
    with pytest.raises(PreconditionFailed, match=f"at version 4 now: {why}"):
        check_version(standing, frozenset({3}))


@pytest.mark.parametrize("expected", [None, frozenset({4}), frozenset({1, 4})])
def test_version_when_it_is_expected_then_it_passes(expected: frozenset[int] | None) -> None:
    check_version(READY, expected)


@pytest.mark.parametrize(
    ("draft", "final", "expected"),
    [("Hello Ada", "Hello  Ada\n", 1.0), ("abc", "xyz", 0.0), ("Hello Ada", "Hello Eve", 2 / 3), ("", "", 1.0)],
)
def test_similarity_when_texts_differ_then_it_tells_how_much_is_left(draft: str, final: str, expected: float) -> None:
    assert similarity(draft, final) == pytest.approx(expected, abs=0.01)


@given(st.text(max_size=200), st.text(max_size=200))
def test_similarity_when_two_texts_are_swapped_then_it_is_the_same_and_within_bounds(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, other) == pytest.approx(similarity(other, one))
