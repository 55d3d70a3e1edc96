"""What agents do with suggestions, in SQL. All runs in a transaction that holds the thread's lock.

The thread's row is locked first, as it is when a mail is stored: whatever concerns the thread happens one after the other, and no
two of them wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.jobs import DraftJob, Priority
from service.suggestions.agents.rules import Standing

_LOCK = """
SELECT id FROM thread
WHERE shop = $1 AND id = (SELECT thread FROM suggestion WHERE shop = $1 AND id = $2) FOR NO KEY UPDATE
"""

_LIVE = """
(other.status IN ('pending', 'queued', 'drafting')
 OR (other.status = 'ready' AND other.outcome IS NULL AND other.claimed_by IS NULL))
"""

_READ = f"""
SELECT id, thread, message, status, reason_code, kind, outcome, body, version, claimed_by,
       CASE WHEN claimed_until > now() THEN claimed_until END AS held_until,
       (SELECT claimed_until FROM suggestion AS other
        WHERE other.thread = suggestion.thread AND other.id <> $2 AND other.claimed_until > now() AND other.claimed_by <> $3
          AND other.outcome IS NULL AND other.status IN ('ready', 'failed')
        ORDER BY id DESC LIMIT 1) AS rival_until,
       (SELECT id FROM suggestion AS other
        WHERE other.thread = suggestion.thread AND other.id <> $2 AND {_LIVE} LIMIT 1) AS live_other,
       EXISTS (SELECT FROM message WHERE message.thread = suggestion.thread AND message.id > suggestion.message
               AND message.direction = 'in' AND message.machine_class IS NULL) AS has_newer_message
FROM suggestion WHERE shop = $1 AND id = $2 FOR NO KEY UPDATE OF suggestion
"""

# An agent that renews sees no new version: its If-Match must still fail when something happened in between.
_CLAIM = """
UPDATE suggestion
SET version = version + CASE WHEN claimed_by = $3 THEN 0 ELSE 1 END, claimed_by = $3,
    claimed_until = now() + make_interval(secs => $4)
WHERE shop = $1 AND id = $2
"""

_RELEASE = """
UPDATE suggestion
SET claimed_by = NULL, claimed_until = NULL, version = version + 1,
    status = CASE WHEN $3 THEN 'superseded' ELSE status END,
    reason_code = CASE WHEN $3 THEN coalesce(reason_code, 'superseded') ELSE reason_code END,
    finished_at = CASE WHEN $3 THEN now() ELSE finished_at END, recheck_at = CASE WHEN $3 THEN NULL ELSE recheck_at END
WHERE shop = $1 AND id = $2
"""

_LAPSED = """
SELECT shop, id FROM suggestion
WHERE status = 'ready' AND outcome IS NULL AND claimed_by IS NOT NULL AND claimed_until <= now() ORDER BY claimed_until LIMIT $1
"""

_RESOLVE = """
UPDATE suggestion
SET outcome = $3, outcome_reason = $4, final_body = $5, similarity = $6, reply = $7, resolved_by = $8, resolved_at = now(),
    claimed_by = NULL, claimed_until = NULL, recheck_at = NULL, version = version + 1
WHERE shop = $1 AND id = $2
"""

# What another agent holds stays with him, and his next If-Match tells him. A failed one keeps its reason: it names the failure.
_IS_KEPT = "(status = 'failed' OR coalesce(claimed_until > now() AND (NOT $5 OR claimed_by <> $4), false))"
_IS_IGNORED = f"(status = 'ready' AND $5 AND NOT {_IS_KEPT})"

_ANSWER = f"""
UPDATE suggestion
SET status = CASE WHEN {_IS_KEPT} THEN status ELSE 'superseded' END,
    reason_code = CASE WHEN status = 'failed' THEN reason_code ELSE 'answered' END,
    outcome = CASE WHEN {_IS_IGNORED} THEN 'ignored' END, resolved_by = CASE WHEN {_IS_IGNORED} THEN $4 END,
    resolved_at = CASE WHEN {_IS_IGNORED} THEN now() END,
    claimed_by = CASE WHEN {_IS_KEPT} THEN claimed_by END, claimed_until = CASE WHEN {_IS_KEPT} THEN claimed_until END,
    finished_at = CASE WHEN {_IS_KEPT} THEN finished_at ELSE now() END,
    lease_token = NULL, lease_until = NULL, next_send_at = NULL, recheck_at = NULL, version = version + 1
WHERE shop = $1 AND thread = $2 AND id IS DISTINCT FROM $3 AND outcome IS NULL
  AND (status IN ('pending', 'queued', 'drafting', 'ready') OR (status = 'failed' AND claimed_until > now()))
RETURNING id, message, status, outcome, kind
"""

# For a message that nobody has answered, with the place in the line that the old one had.
_DRAFT_ANEW = """
INSERT INTO suggestion (id, shop, thread, message, status, priority, attempt, sends, missing_information, citations, version,
                        next_send_at, waiting_since, instruction, created_at)
SELECT $3, old.shop, old.thread, old.message, 'pending', CASE WHEN customer.vip THEN 0 ELSE 10 END, 0, 0, '{}', '[]', 1,
       now() + make_interval(secs => $4), coalesce(old.waiting_since, now()), old.instruction, now()
FROM suggestion AS old JOIN thread ON thread.id = old.thread JOIN customer ON customer.id = thread.customer
JOIN message ON message.id = old.message
WHERE old.shop = $1 AND old.id = $2
  AND NOT EXISTS (SELECT FROM message AS newer WHERE newer.thread = old.thread AND newer.id > old.message
                  AND newer.direction = 'in' AND newer.machine_class IS NULL)
  AND NOT EXISTS (SELECT FROM message AS answer WHERE answer.thread = old.thread AND answer.id > old.message
                  AND answer.direction = 'out' AND answer.in_reply_to = message.rfc_message_id)
ON CONFLICT DO NOTHING
RETURNING id, priority
"""

_SUPERSEDE = """
UPDATE suggestion
SET status = 'superseded', reason_code = CASE WHEN status = 'superseded' THEN reason_code ELSE 'superseded' END,
    claimed_by = NULL, claimed_until = NULL, recheck_at = NULL, finished_at = now(), version = version + 1
WHERE shop = $1 AND id = $2
"""

_REGENERATE = """
INSERT INTO suggestion (id, shop, thread, message, status, priority, attempt, sends, missing_information, citations, version,
                        next_send_at, waiting_since, instruction, created_at)
SELECT $3, old.shop, old.thread, greatest(old.message, newest.id), 'pending', CASE WHEN customer.vip THEN 0 ELSE 10 END, 0, 0, '{}',
       '[]', 1, now() + make_interval(secs => $4), coalesce(old.waiting_since, now()), nullif($5, ''), now()
FROM suggestion AS old JOIN thread ON thread.id = old.thread JOIN customer ON customer.id = thread.customer
LEFT JOIN LATERAL (SELECT message.id FROM message WHERE message.thread = old.thread AND message.direction = 'in'
                   AND message.machine_class IS NULL ORDER BY message.id DESC LIMIT 1) AS newest ON true
WHERE old.shop = $1 AND old.id = $2
RETURNING id, priority
"""


async def lock_standing(shop_id: UUID, suggestion_id: UUID, agent: str) -> Standing | None:
    """Lock a suggestion's thread, then read how the suggestion stands; None when the shop has no such suggestion."""
    if await fetch_row(_LOCK, shop_id, suggestion_id) is None:
        return None
    row = await fetch_row(_READ, shop_id, suggestion_id, agent)
    return _standing(row) if row else None


async def lock_lapsed(shop_id: UUID, suggestion_id: UUID) -> Standing | None:
    """Do as lock_standing, but return None when another transaction holds the thread."""
    if await fetch_row(f"{_LOCK} SKIP LOCKED", shop_id, suggestion_id) is None:
        return None
    row = await fetch_row(_READ, shop_id, suggestion_id, "")
    return _standing(row) if row else None


async def set_claim(shop_id: UUID, suggestion_id: UUID, agent: str, seconds: int) -> None:
    """Write a claim, or extend the agent's own."""
    await fetch(_CLAIM, shop_id, suggestion_id, agent, float(seconds))


async def clear_claim(shop_id: UUID, suggestion_id: UUID, *, is_superseded: bool) -> None:
    """End a claim; is_superseded: the suggestion with it."""
    await fetch(_RELEASE, shop_id, suggestion_id, is_superseded)


async def lapsed_claims(limit: int) -> list[tuple[UUID, UUID]]:
    """Return shop and suggestion of claims on drafts that have lapsed, the oldest first."""
    return [(row["shop"], row["id"]) for row in await fetch(_LAPSED, limit)]


async def set_outcome(
    standing: Standing,
    shop_id: UUID,
    outcome: str,
    *,
    reason: str | None,
    final_body: str | None,
    similarity: float | None,
    reply: UUID | None,
    agent: str,
) -> None:
    """Write what an agent did with a suggestion, and end the claim."""
    await fetch(_RESOLVE, shop_id, standing.id, outcome, reason, final_body, similarity, reply, agent)


async def answer_others(shop_id: UUID, thread_id: UUID, *, but: UUID | None, agent: str, is_ignored: bool) -> Sequence[Any]:
    """Tell the thread's other live suggestions that it was answered; return id, message, status, outcome and kind of each.

    is_ignored: the answer was to all that the customer has written: drafts that were ready count as ignored, and the agent's own
    claims end.
    """
    return await fetch(_ANSWER, shop_id, thread_id, but, agent, is_ignored)


async def draft_anew(shop_id: UUID, old_id: UUID, *, head_start_s: float) -> DraftJob | None:
    """Make a suggestion for a superseded one's message. None: the message is answered or not the newest, or another one lives."""
    return _job(await fetch_row(_DRAFT_ANEW, shop_id, old_id, uuid7(), head_start_s))


async def supersede(shop_id: UUID, suggestion_id: UUID) -> None:
    """End a suggestion in favour of another one."""
    await fetch(_SUPERSEDE, shop_id, suggestion_id)


async def regenerate(shop_id: UUID, old_id: UUID, *, instruction: str, head_start_s: float) -> DraftJob | None:
    """Make a suggestion for the newest message of a superseded one's thread."""
    return _job(await fetch_row(_REGENERATE, shop_id, old_id, uuid7(), head_start_s, instruction))


def _job(row: Any) -> DraftJob | None:  # noqa: ANN401 - asyncpg's Record has no types of its own
    return DraftJob(row["id"], Priority(row["priority"])) if row else None


def _standing(row: Any) -> Standing:  # noqa: ANN401 - asyncpg's Record has no types of its own
    return Standing(
        id=row["id"],
        thread_id=row["thread"],
        message_id=row["message"],
        status=row["status"],
        reason_code=row["reason_code"],
        kind=row["kind"],
        outcome=row["outcome"],
        body=row["body"],
        version=row["version"],
        claimed_by=row["claimed_by"],
        held_until=row["held_until"],
        rival_until=row["rival_until"],
        live_other=row["live_other"],
        has_newer_message=row["has_newer_message"],
    )
