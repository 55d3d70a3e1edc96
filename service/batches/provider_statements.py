"""What a provider's batch needs of the database: its row, the suggestions that wait in it, and what it was asked for them.

A suggestion that waits for the provider is `pending` and never due: no relay sends it. Made due it goes the ordinary way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.jobs import Priority
from service.suggestions.budget_steps import Step
from service.suggestions.saving import PaidCall
from service.suggestions.types import Claim

PART = 1_000
MAX_PARTS = 50
"""Together what one file of the provider's holds at most."""

NO_HOLD = UUID(int=0)
"""The lease token of a claim that was never made: it is only read for, and no write with it finds anything."""

_READ = """
SELECT id, shop, state = 'running' AS is_running, provider_file_id, provider_batch_id, submitted_at, created_at, error
FROM batch WHERE id = $1 AND is_provider_batch
"""

_IS_WAITING = "shop = $1 AND batch = $2 AND status = 'pending' AND next_send_at IS NULL"

_WAITING = f"""
SELECT id, shop, thread, message, priority, created_at, instruction
FROM suggestion WHERE {_IS_WAITING} AND id > $3 ORDER BY id LIMIT $4
"""

_HAS_WAITING = f"SELECT EXISTS (SELECT FROM suggestion WHERE {_IS_WAITING} LIMIT 1) AS has_waiting"

_FORGET_ASKED = f"""
UPDATE suggestion SET prompt_hash = NULL
WHERE id IN (SELECT id FROM suggestion WHERE {_IS_WAITING} AND prompt_hash IS NOT NULL LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id
"""

# Also of those that were overtaken while their prompts were written: they are asked for, and paid.
_RECORD_ASKED = """
UPDATE suggestion SET prompt_hash = told.prompt_hash, budget_step = told.budget_step
FROM unnest($3::uuid[], $4::text[], $5::text[]) AS told (told_id, prompt_hash, budget_step)
WHERE id = told.told_id AND shop = $1 AND batch = $2
"""

_ASKED = """
SELECT id, prompt_hash, budget_step FROM suggestion
WHERE shop = $1 AND batch = $2 AND prompt_hash IS NOT NULL
  AND NOT EXISTS (SELECT FROM model_call WHERE model_call.suggestion = suggestion.id AND purpose = 'batch')
LIMIT $3
"""

_RELEASE = f"""
UPDATE suggestion SET next_send_at = now()
WHERE id IN (
    SELECT id FROM suggestion WHERE {_IS_WAITING} AND ($3 OR prompt_hash IS NOT NULL) LIMIT $4 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""

_RECORD_FILE = """
UPDATE batch SET provider_file_id = $3, submitted_at = $4, error = NULL
WHERE shop = $1 AND id = $2 AND provider_file_id IS NULL AND state = 'running' RETURNING id
"""

_RECORD_BATCH = "UPDATE batch SET provider_batch_id = $3 WHERE shop = $1 AND id = $2 AND provider_file_id = $4 RETURNING id"
_FORGET = """
UPDATE batch SET provider_file_id = NULL, provider_batch_id = NULL, error = coalesce($3, error) WHERE shop = $1 AND id = $2
"""
_RECORD_ERROR = "UPDATE batch SET error = $3 WHERE shop = $1 AND id = $2"

# What is being drafted at this moment is paid by whoever drafts it.
_RECORD_CALL = """
INSERT INTO model_call (id, shop, suggestion, attempt, model, request_id, input_tokens, cached_tokens, output_tokens,
                        reasoning_tokens, cost_usd, purpose, duration_s, created_at)
SELECT $3, $1, id, attempt, $4, $5, $6, $7, $8, $9, $10, 'batch', 0, now() FROM suggestion
WHERE shop = $1 AND id = $2 AND status <> 'drafting'
  AND NOT EXISTS (SELECT FROM model_call WHERE model_call.suggestion = $2 AND purpose = 'batch')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRun:
    """A batch as far as the provider is concerned.

    Attributes:
        is_running: False: it was cancelled, or is over.
        submitted_at: on this day the prompts were written that are with the provider now.
    """

    id: UUID
    shop_id: UUID
    is_running: bool
    created_at: datetime
    file_id: str | None = None
    provider_batch_id: str | None = None
    submitted_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the provider was asked for a suggestion: the prompt's hash, and how far the budget let it go."""

    suggestion_id: UUID
    prompt_hash: str
    budget_step: Step


async def read_run(batch_id: UUID) -> ProviderRun | None:
    """Return a provider's batch; None when there is none of this id."""
    row = await fetch_row(_READ, batch_id)
    if row is None:
        return None
    return ProviderRun(
        id=row["id"],
        shop_id=row["shop"],
        is_running=row["is_running"],
        created_at=row["created_at"],
        file_id=row["provider_file_id"],
        provider_batch_id=row["provider_batch_id"],
        submitted_at=row["submitted_at"],
        error=row["error"],
    )


async def waiting(run: ProviderRun, *, after: UUID) -> list[Claim]:
    """Return up to PART suggestions that wait, in the order of their ids, as if they were claimed."""
    return [
        Claim(
            suggestion_id=row["id"],
            shop_id=row["shop"],
            message_id=row["message"],
            thread_id=row["thread"],
            attempt=0,
            priority=Priority(row["priority"]),
            lease_token=NO_HOLD,
            created_at=row["created_at"],
            instruction=row["instruction"] or "",
        )
        for row in await fetch(_WAITING, run.shop_id, run.id, after, PART)
    ]


async def has_waiting(run: ProviderRun) -> bool:
    """Whether a suggestion still waits for the provider."""
    row = await fetch_row(_HAS_WAITING, run.shop_id, run.id)
    return bool(row["has_waiting"])


async def forget_asked(run: ProviderRun) -> None:
    """Forget what was to be asked by a step that died before it asked. Commits in parts."""
    for _ in range(MAX_PARTS):
        if len(await fetch(_FORGET_ASKED, run.shop_id, run.id, PART)) < PART:
            return


async def record_asked(run: ProviderRun, asked: Sequence[Asked]) -> None:
    """Record what the provider is asked. Commits in parts."""
    for at in range(0, len(asked), PART):
        part = asked[at : at + PART]
        ids, hashes, steps = (
            [each.suggestion_id for each in part],
            [each.prompt_hash for each in part],
            [each.budget_step for each in part],
        )
        await fetch(_RECORD_ASKED, run.shop_id, run.id, ids, hashes, steps)


async def unanswered(run: ProviderRun) -> dict[str, Asked]:
    """Return by custom_id what was asked and for which no answer was recorded yet, whatever became of the suggestion."""
    rows = await fetch(_ASKED, run.shop_id, run.id, PART * MAX_PARTS)
    return {str(row["id"]): Asked(row["id"], row["prompt_hash"], row["budget_step"] or "full") for row in rows}


async def release(run: ProviderRun, *, with_unasked: bool) -> int:
    """Let the suggestions that wait go the ordinary way; return how many. Commits in parts.

    with_unasked: also those that the provider has not been asked for yet.
    """
    count = 0
    for _ in range(MAX_PARTS):
        released = len(await fetch(_RELEASE, run.shop_id, run.id, with_unasked, PART))
        count += released
        if released < PART:
            break
    return count


async def record_file(run: ProviderRun, file_id: str, *, submitted_at: datetime) -> bool:
    """Record that the prompts were uploaded. False: another step did so, or nobody wants them any more."""
    return await fetch_row(_RECORD_FILE, run.shop_id, run.id, file_id, submitted_at) is not None


async def record_provider_batch(run: ProviderRun, provider_batch_id: str) -> bool:
    """Record which batch was made of the file. False: nobody wants it any more."""
    return await fetch_row(_RECORD_BATCH, run.shop_id, run.id, provider_batch_id, run.file_id) is not None


async def forget_provider(run: ProviderRun, *, error: str | None = None) -> None:
    """Record that nothing of this is with the provider any more."""
    await fetch(_FORGET, run.shop_id, run.id, error)


async def record_error(run: ProviderRun, error: str) -> None:
    """Record what is wrong just now."""
    await fetch(_RECORD_ERROR, run.shop_id, run.id, error)


async def record_call(run: ProviderRun, suggestion_id: UUID, paid: PaidCall) -> None:
    """Record what an answer cost that nobody wants any more; once, however often it is told."""
    call = paid.call
    await fetch(
        _RECORD_CALL,
        run.shop_id,
        suggestion_id,
        uuid7(),
        call.model,
        call.request_id,
        call.input_tokens,
        call.cached_tokens,
        call.output_tokens,
        call.reasoning_tokens,
        paid.cost_usd,
    )
