"""The writes to a suggestion, on the database's clock. Each names what it expects to find: two workers never both succeed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.drafting import Call, DraftedReply
from service.jobs import DraftJob
from service.suggestions.lifecycle import LEASE_S, MAX_ATTEMPTS, RESEND_S, ReasonCode
from service.suggestions.types import Claim

_CLAIM = f"""
UPDATE suggestion
SET status = 'drafting', attempt = attempt + 1, lease_token = gen_random_uuid(),
    lease_until = now() + interval '{LEASE_S:.0f} s', queued_at = coalesce(queued_at, now()), started_at = now(),
    next_send_at = NULL, removed = '{{}}', version = version + 1
WHERE id = $1 AND attempt < {MAX_ATTEMPTS}
  AND (status IN ('pending', 'queued') OR (status = 'drafting' AND lease_until < now()))
RETURNING id, shop, message, thread, attempt, priority, lease_token, created_at
"""

_RENEW = f"""
UPDATE suggestion SET lease_until = now() + interval '{LEASE_S:.0f} s'
WHERE lease_token = ANY($1::uuid[]) AND status = 'drafting'
"""

_RECORD_REMOVED = """
UPDATE suggestion SET removed = $3, version = version + 1 WHERE id = $1 AND lease_token = $2 AND status = 'drafting'
"""

# The call is recorded whether or not the draft is still wanted: it was paid.
_RECORD_CALL = """
INSERT INTO model_call (id, shop, suggestion, attempt, model, request_id, error_type, input_tokens, cached_tokens, output_tokens,
                        reasoning_tokens, duration_s, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now())
"""

_SAVE_DRAFT = """
UPDATE suggestion
SET status = 'ready', kind = 'ai', reason_code = NULL, body = $3, language = $4, intent = $5, needs_human = $6,
    missing_information = $7, citations = $8, model = $9, prompt_version = $10, error = NULL, lease_token = NULL,
    lease_until = NULL, finished_at = now(), version = version + 1
WHERE id = $1 AND lease_token = $2 AND status = 'drafting'
RETURNING id
"""

_SAVE_RETRY = """
UPDATE suggestion
SET status = 'queued', error = $3, lease_token = NULL, lease_until = NULL,
    next_send_at = now() + make_interval(secs => $4), version = version + 1
WHERE id = $1 AND lease_token = $2 AND status = 'drafting'
RETURNING id
"""

_SAVE_FAILED = """
UPDATE suggestion
SET status = 'failed', kind = 'fallback', reason_code = $3, error = $4, body = $5, language = $6, lease_token = NULL,
    lease_until = NULL, next_send_at = NULL, finished_at = now(), version = version + 1
WHERE id = $1 AND lease_token = $2 AND status = 'drafting'
RETURNING id
"""

_MARK_QUEUED = f"""
UPDATE suggestion SET status = 'queued', queued_at = now(), next_send_at = now() + interval '{RESEND_S:.0f} s'
WHERE id = ANY($1::uuid[]) AND status = 'pending'
"""

_TAKE_DUE = f"""
WITH due AS (
    SELECT id, status FROM suggestion WHERE status IN ('pending', 'queued') AND next_send_at <= now()
    ORDER BY next_send_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE suggestion
SET status = 'queued', queued_at = coalesce(queued_at, now()), sends = least(sends + 1, 6),
    next_send_at = now() + interval '{RESEND_S:.0f} s' * power(2, least(sends, 6))
FROM due WHERE suggestion.id = due.id
RETURNING suggestion.id, suggestion.priority, due.status AS old_status
"""

_PUT_BACK = "UPDATE suggestion SET status = 'pending', next_send_at = now() WHERE id = ANY($1::uuid[]) AND status = 'queued'"

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
RETURNING id, shop, message, thread, attempt, priority, lease_token, created_at
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


async def record_call(held: Claim, call: Call) -> None:
    """Store one request to the model."""
    await fetch(
        _RECORD_CALL,
        uuid7(),
        held.shop_id,
        held.suggestion_id,
        held.attempt,
        call.model,
        call.request_id,
        call.error_type,
        call.input_tokens,
        call.cached_tokens,
        call.output_tokens,
        call.reasoning_tokens,
        call.duration_s,
    )


async def save_draft(held: Claim, drafted: DraftedReply) -> bool:
    """Store the draft as `ready`. False: the claim is no longer ours, the draft is to be thrown away."""
    draft = drafted.draft
    row = await fetch_row(
        _SAVE_DRAFT,
        held.suggestion_id,
        held.lease_token,
        draft.reply,
        draft.language,
        draft.intent,
        draft.needs_human,
        draft.missing_information,
        msgspec.json.encode(draft.citations).decode(),
        drafted.call.model,
        drafted.prompt_version,
    )
    return row is not None


async def save_retry(held: Claim, *, error: str, resend_s: float) -> bool:
    """Give the claim back for another attempt; the relay sends it again after resend_s if the queue does not."""
    return await fetch_row(_SAVE_RETRY, held.suggestion_id, held.lease_token, error, resend_s) is not None


async def save_failed(held: Claim, *, reason_code: ReasonCode, error: str, body: str, language: str) -> bool:
    """Bury the suggestion with its reason and the fallback text."""
    row = await fetch_row(_SAVE_FAILED, held.suggestion_id, held.lease_token, reason_code, error, body, language)
    return row is not None


async def mark_queued(suggestion_ids: Sequence[UUID]) -> None:
    """Say that the broker took these; what a worker has claimed meanwhile stays claimed."""
    await fetch(_MARK_QUEUED, list(suggestion_ids))


async def take_due(limit: int) -> tuple[list[DraftJob], dict[str, int]]:
    """Take what is due to be sent, oldest first, at most limit; also how many came from each status."""
    rows = await fetch(_TAKE_DUE, limit)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["old_status"]] = counts.get(row["old_status"], 0) + 1
    return [DraftJob(row["id"], is_vip=row["priority"] == 0) for row in rows], counts


async def put_back(suggestion_ids: Sequence[UUID]) -> None:
    """Make rows due again that were taken and could not be sent."""
    await fetch(_PUT_BACK, list(suggestion_ids))


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
        is_vip=row["priority"] == 0,
        lease_token=row["lease_token"],
        created_at=row["created_at"],
    )
