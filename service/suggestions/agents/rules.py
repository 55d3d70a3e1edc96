"""What an agent may do with a suggestion, given how it stands. Pure; each refusal is a typed error whose sentence says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from rapidfuzz.distance import Indel

from service.errors import Conflict, PreconditionFailed

Outcome = Literal["accepted", "edited", "rejected", "ignored"]

CLAIMABLE = frozenset({"ready", "failed"})
OVERTAKEN = {
    "superseded": "a newer message came",
    "order_changed": "an order of the customer has changed",
    "answered": "the thread was answered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A suggestion as it stands under its thread's lock.

    Attributes:
        held_until: the end of the claim, None when nobody holds one or it has lapsed.
        rival_until: until when another agent holds another suggestion of the thread.
        live_other: another suggestion of the thread that is drafted, or ready and free.
        has_newer_message: the customer has written again since the message that this one answers.
    """

    id: UUID
    thread_id: UUID
    message_id: UUID
    status: str
    reason_code: str | None
    kind: str | None
    outcome: str | None
    body: str | None
    version: int
    claimed_by: str | None
    held_until: datetime | None
    rival_until: datetime | None
    live_other: UUID | None
    has_newer_message: bool

    def is_held_by_another(self, agent: str) -> bool:
        """Whether somebody else holds a claim that has not lapsed."""
        return self.held_until is not None and self.claimed_by != agent


def check_version(standing: Standing, expected: frozenset[int] | None) -> None:
    """Refuse when the version has moved; None expects nothing. Raises PreconditionFailed, which tells the version and why."""
    if expected is None or standing.version in expected:
        return
    raise PreconditionFailed(f"Suggestion {standing.id} is at version {standing.version} now: {why_moved(standing)}")


def why_moved(standing: Standing) -> str:
    """Return what became of the suggestion since somebody read it, as far as its row tells."""
    if standing.outcome is not None:
        return f"it was resolved as {standing.outcome}"
    if standing.status in CLAIMABLE | {"superseded"} and standing.reason_code in OVERTAKEN:
        return OVERTAKEN[standing.reason_code]
    if standing.status not in CLAIMABLE:
        return f"it is {standing.status}"
    if standing.has_newer_message:
        return OVERTAKEN["superseded"]
    if standing.held_until is not None:
        return f"it is claimed until {_moment(standing.held_until)}"
    return "a claim on it began or ended"


def check_claimable(standing: Standing, agent: str) -> None:
    """Refuse a claim on what is done, in work, or held by another. Raises Conflict."""
    _check_open(standing)
    _check_free(standing, agent)
    _check_no_rival(standing)
    if standing.status == "ready" and standing.reason_code is not None and standing.claimed_by != agent:
        raise Conflict(f"Suggestion {standing.id} is out of date: {why_moved(standing)}")


def check_releasable(standing: Standing, agent: str) -> None:
    """Refuse to end another agent's claim. Raises Conflict."""
    _check_free(standing, agent)


def check_resolvable(standing: Standing, agent: str, outcome: Outcome) -> None:
    """Refuse to resolve what is done, in work or held by another, or to accept a holding text. Raises Conflict."""
    _check_open(standing)
    _check_free(standing, agent)
    if outcome != "rejected":
        _check_no_rival(standing)
    if outcome == "accepted" and standing.status == "failed":
        raise Conflict(f"Suggestion {standing.id} holds a holding text, no draft: it can be edited or rejected")


def check_regenerable(standing: Standing, agent: str) -> None:
    """Refuse to draft anew what is resolved, in work, held by another, or followed by another suggestion. Raises Conflict."""
    _check_unresolved(standing)
    _check_free(standing, agent)
    if standing.status not in CLAIMABLE | {"superseded", "skipped"}:
        raise Conflict(f"Suggestion {standing.id} is {standing.status}: its draft is on its way")
    if standing.live_other is not None:
        raise Conflict(f"Suggestion {standing.live_other} of the same thread is newer: work on that one")


def is_superseded_on_release(standing: Standing) -> bool:
    """Whether a draft that an agent gives back is out of date: it was overtaken, or its thread has another live one."""
    return standing.status == "ready" and (standing.reason_code is not None or standing.live_other is not None)


def similarity(draft: str, final: str) -> float:
    """Return how much of a draft is left in what was sent, 0 to 1; white space does not count."""
    return Indel.normalized_similarity(" ".join(draft.split()), " ".join(final.split()))


def _check_open(standing: Standing) -> None:
    _check_unresolved(standing)
    if standing.status not in CLAIMABLE:
        raise Conflict(f"Suggestion {standing.id} is {standing.status}: only a ready or failed one can be worked on")


def _check_unresolved(standing: Standing) -> None:
    if standing.outcome is not None:
        raise Conflict(f"Suggestion {standing.id} is resolved already: {standing.outcome}")


def _check_free(standing: Standing, agent: str) -> None:
    if standing.held_until is not None and standing.is_held_by_another(agent):
        raise Conflict(f"Suggestion {standing.id} is claimed by another agent until {_moment(standing.held_until)}")


def _check_no_rival(standing: Standing) -> None:
    if standing.rival_until is not None:
        raise Conflict(f"Another agent holds thread {standing.thread_id} until {_moment(standing.rival_until)}")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
