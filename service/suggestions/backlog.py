"""How many suggestions wait for their draft, of all shops: what an operator compares with what the queues say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.db.engine import fetch
from service.jobs import Priority

MAX_COUNT = 100_000
"""Counted of each status; beyond that a count is at least so much."""

# Each status by its name: only so PostgreSQL sees that its partial index will do. What has no time to be sent at is a batch's that
# the model's provider answers within a day: nothing is wrong with it.
_STATES = {
    "pending": "status = 'pending' AND next_send_at IS NOT NULL",
    "queued": "status = 'queued'",
    "drafting": "status = 'drafting'",
    "with the provider": "status = 'pending' AND next_send_at IS NULL",
}

_BACKLOG = "\nUNION ALL\n".join(
    f"""
(SELECT {place} AS place, '{state}' AS state, count(*) AS count, extract(epoch FROM now() - min(since))::float8 AS oldest_s,
        extract(epoch FROM now() - min(since) FILTER (WHERE priority < {Priority.BATCH:d}))::float8 AS oldest_customer_s
 FROM (SELECT coalesce(retried_at, created_at) AS since, priority FROM suggestion WHERE {condition} LIMIT $1) AS waiting)"""
    for place, (state, condition) in enumerate(_STATES.items())
)

_STANDING = "SELECT id, status, reason_code FROM suggestion WHERE id = ANY($1::uuid[]) LIMIT 1000"


@dataclass(frozen=True, slots=True)
class Backlog:
    """Suggestions of one status; `with the provider`: pending ones, whose file the model's provider works on.

    Attributes:
        oldest_s: how long ago the oldest came, or was put back into work; None when there is none.
        oldest_customer_s: the same without batches, for which nobody waits.
    """

    state: str
    count: int
    oldest_s: float | None
    oldest_customer_s: float | None


async def read_backlog() -> list[Backlog]:
    """Return a line for each state of those that wait."""
    rows = await fetch(f"{_BACKLOG} ORDER BY place", MAX_COUNT)
    return [Backlog(row["state"], row["count"], row["oldest_s"], row["oldest_customer_s"]) for row in rows]


async def standing_of(suggestion_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str | None]]:
    """Return status and reason of these suggestions, at most 1,000; those that are gone are missing."""
    return {row["id"]: (row["status"], row["reason_code"]) for row in await fetch(_STANDING, list(suggestion_ids))}
