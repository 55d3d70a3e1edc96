"""Who works on a suggestion, on the database's clock: claims, leases and the relay's. What comes of the work is in `saving`.

Each statement names what it expects to find: two workers never both succeed.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.jobs import DraftJob, Priority
from service.suggestions.lifecycle import LEASE_S, MAX_ATTEMPTS, RESEND_S
from service.suggestions.types import Claim

_CLAIM = f"""
UPDATE suggestion
SET status = 'drafting', attempt = attempt + 1, lease_token = gen_random_uuid(),
    lease_until = now() + interval '{LEASE_S:.0f} s', queued_at = coalesce(queued_at, now()), started_at = now(),
    next_send_at = NULL, removed = '{{}}', version = version + 1
WHERE id = $1 AND attempt < {MAX_ATTEMPTS}
  AND (status IN ('pending', 'queued') OR (status = 'drafting' AND lease_until < now()))
RETURNING id, shop, message, thread, attempt, priority, lease_token, created_at, held_back_since, instruction
"""

_RENEW = f"""
UPDATE suggestion SET lease_until = now() + interval '{LEASE_S:.0f} s'
WHERE lease_token = ANY($1::uuid[]) AND status = 'drafting'
"""

_RECORD_REMOVED = """
UPDATE suggestion SET removed = $3, version = version + 1 WHERE id = $1 AND lease_token = $2 AND status = 'drafting'
"""

_MARK_QUEUED = f"""
UPDATE suggestion SET status = 'queued', queued_at = now(), next_send_at = now() + interval '{RESEND_S:.0f} s'
WHERE id = ANY($1::uuid[]) AND status = 'pending'
"""

_TAKE_DUE = f"""
WITH due AS (
    SELECT waiting.id, waiting.status
    FROM unnest($2::smallint[]) WITH ORDINALITY AS served (priority, place) CROSS JOIN LATERAL (
        SELECT id, status FROM suggestion
        WHERE status IN ('pending', 'queued') AND suggestion.priority = served.priority AND next_send_at <= now()
        ORDER BY next_send_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ) AS waiting
    ORDER BY served.place LIMIT $1
)
UPDATE suggestion
SET status = 'queued', queued_at = coalesce(queued_at, now()), sends = least(sends + 1, 6),
    next_send_at = now() + interval '{RESEND_S:.0f} s' * power(2, least(sends, 6))
FROM due WHERE suggestion.id = due.id
RETURNING suggestion.id, suggestion.priority, due.status AS old_status
"""

_PUT_BACK = "UPDATE suggestion SET status = 'pending', next_send_at = now() WHERE id = ANY($1::uuid[]) AND status = 'queued'"

_MAKE_DUE = """
UPDATE suggestion SET next_send_at = now()
WHERE id IN (
    SELECT id FROM suggestion WHERE status = 'queued' AND next_send_at > now() LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""

_FREE_LAPSED = f"""
WITH lapsed AS (
    SELECT id FROM suggestion WHERE status = 'drafting' AND lease_until < now() AND attempt < {MAX_ATTEMPTS}
    LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE suggestion SET status = 'queued', lease_token = NULL, lease_until = NULL, next_send_at = now(), version = version + 1
FROM lapsed WHERE suggestion.id = lapsed.id
RETURNING suggestion.id
"""

_TAKE_HOPELESS = f"""
UPDATE suggestion SET lease_token = gen_random_uuid(), lease_until = now() + interval '{LEASE_S:.0f} s'
WHERE id IN (
    SELECT id FROM suggestion WHERE status = 'drafting' AND lease_until < now() AND attempt >= {MAX_ATTEMPTS}
    LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, shop, message, thread, attempt, priority, lease_token, created_at, held_back_since, instruction
"""


async def claim(suggestion_id: UUID) -> Claim | None:
    """Take a suggestion for drafting; of any number of workers exactly one gets it. None: there is no work."""
    row = await fetch_row(_CLAIM, suggestion_id)
    return _claim(row) if row else None


async def renew(tokens: Sequence[UUID]) -> None:
    """Extend the leases of these tokens."""
    await fetch(_RENEW, list(tokens))


async def record_removed(held: Claim, kinds: Sequence[str]) -> None:
    """Store which kinds of hidden text this attempt keeps from the model. Writes nothing when the claim is no longer ours."""
    await fetch(_RECORD_REMOVED, held.suggestion_id, held.lease_token, list(kinds))


async def mark_queued(suggestion_ids: Sequence[UUID]) -> None:
    """Say that the broker took these; what a worker has claimed meanwhile stays claimed."""
    await fetch(_MARK_QUEUED, list(suggestion_ids))


async def take_due(limit: int, priorities: Sequence[Priority]) -> tuple[list[DraftJob], dict[str, int]]:
    """Take what is due to be sent of these priorities, in their order, at most limit; also how many came from each status."""
    rows = await fetch(_TAKE_DUE, limit, [int(each) for each in priorities])
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["old_status"]] = counts.get(row["old_status"], 0) + 1
    return [DraftJob(row["id"], Priority(row["priority"])) for row in rows], counts


async def put_back(suggestion_ids: Sequence[UUID]) -> None:
    """Make rows due again that were taken and could not be sent."""
    await fetch(_PUT_BACK, list(suggestion_ids))


async def make_due(limit: int) -> int:
    """Make queued rows due at once that the queue has forgotten; return how many."""
    return len(await fetch(_MAKE_DUE, limit))


async def free_lapsed(limit: int) -> int:
    """Make suggestions due again whose worker has died; return how many."""
    return len(await fetch(_FREE_LAPSED, limit))


async def take_hopeless(limit: int) -> list[Claim]:
    """Claim suggestions whose last allowed attempt ended with a dead worker."""
    return [_claim(row) for row in await fetch(_TAKE_HOPELESS, limit)]


def _claim(row) -> Claim:  # type: ignore[no-untyped-def] # noqa: ANN001
    return Claim(
        suggestion_id=row["id"],
        shop_id=row["shop"],
        message_id=row["message"],
        thread_id=row["thread"],
        attempt=row["attempt"],
        priority=Priority(row["priority"]),
        lease_token=row["lease_token"],
        created_at=row["created_at"],
        held_back_since=row["held_back_since"],
        instruction=row["instruction"] or "",
    )
