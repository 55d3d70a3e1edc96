"""What comes of an attempt, in one statement each. Every write names the lease token, so that a zombie's is refused.

The calls are recorded whether or not the draft is still wanted: they were paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

import msgspec

from service.db.engine import fetch_row
from service.db.ids import uuid7
from service.drafting import Call, Draft, DraftedReply, Finding
from service.suggestions.lifecycle import ReasonCode
from service.suggestions.types import Claim, Context

_CALLS = """
WITH paid AS (
    INSERT INTO model_call (id, shop, suggestion, attempt, model, request_id, error_type, input_tokens, cached_tokens,
                            output_tokens, reasoning_tokens, cost_usd, purpose, duration_s, created_at)
    SELECT told.id, $3, $1, $4, model, request_id, error_type, input_tokens, cached_tokens, output_tokens, reasoning_tokens,
           cost_usd, purpose, duration_s, now()
    FROM jsonb_to_recordset($5::jsonb) AS told(
        id uuid, model text, request_id text, error_type text, input_tokens bigint, cached_tokens bigint, output_tokens bigint,
        reasoning_tokens bigint, cost_usd numeric, purpose text, duration_s float8)
)
"""

_OURS = "WHERE id = $1 AND lease_token = $2 AND status = 'drafting' RETURNING id"

_SAVE_DRAFT = f"""{_CALLS}
UPDATE suggestion
SET status = 'ready', kind = 'ai', reason_code = NULL, body = $6, language = $7, intent = $8, needs_human = $9,
    missing_information = $10, citations = $11, findings = $12, disclosed = $13, snapshot = $14, order_hash = $15,
    budget_step = $16, model = $17, prompt_version = $18, error = NULL, blocked_body = NULL, lease_token = NULL, lease_until = NULL,
    finished_at = now(), version = version + 1
{_OURS}
"""

_SAVE_RETRY = f"""{_CALLS}
UPDATE suggestion
SET status = 'queued', error = $6, lease_token = NULL, lease_until = NULL, held_back_since = NULL,
    next_send_at = now() + make_interval(secs => $7), version = version + 1
{_OURS}
"""

_SAVE_POSTPONED = f"""{_CALLS}
UPDATE suggestion
SET status = 'queued', attempt = attempt - 1, error = $6, lease_token = NULL, lease_until = NULL,
    held_back_since = coalesce(held_back_since, now()),
    next_send_at = now() + make_interval(secs => $7), version = version + 1
{_OURS}
"""

_SAVE_FAILED = f"""{_CALLS}
UPDATE suggestion
SET status = 'failed', kind = 'fallback', reason_code = $6, error = $7, body = $8, language = $9, findings = $10,
    blocked_body = $11, disclosed = $12, snapshot = $13, order_hash = $14, budget_step = $15, prompt_version = $16,
    lease_token = NULL, lease_until = NULL, next_send_at = NULL, recheck_at = NULL, finished_at = now(), version = version + 1
{_OURS}
"""


@dataclass(frozen=True, slots=True)
class PaidCall:
    """A request to the model and what it cost; None where its price is unknown."""

    call: Call
    cost_usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no draft, the holding text that stands in its place, and what is known of the attempt.

    Attributes:
        blocked: the draft that the checks stopped.
    """

    reason_code: ReasonCode
    error: str
    body: str
    language: str
    context: Context | None = None
    blocked: Draft | None = None
    findings: tuple[Finding, ...] = ()
    prompt_version: str | None = None


async def save_draft(held: Claim, calls: Sequence[PaidCall], drafted: DraftedReply, context: Context, *, budget_step: str) -> bool:
    """Store the draft as `ready`. False: the claim is no longer ours, the draft is to be thrown away."""
    draft = drafted.draft
    row = await fetch_row(
        _SAVE_DRAFT,
        *_calls(held, calls),
        draft.reply,
        draft.language,
        draft.intent,
        draft.needs_human,
        draft.missing_information,
        _json(draft.citations),
        _json(drafted.findings),
        _json(context.disclosed),
        _json(context.snapshot),
        context.order_hash,
        budget_step,
        drafted.calls[-1].model,
        drafted.prompt_version,
    )
    return row is not None


async def save_retry(held: Claim, calls: Sequence[PaidCall], *, error: str, resend_s: float) -> bool:
    """Give the claim back for another attempt; the relay sends it again after resend_s if the queue does not."""
    return await fetch_row(_SAVE_RETRY, *_calls(held, calls), error, resend_s) is not None


async def save_postponed(held: Claim, calls: Sequence[PaidCall], *, error: str, resend_s: float) -> bool:
    """Give the claim back as if it had not been tried; the relay sends it again after resend_s."""
    return await fetch_row(_SAVE_POSTPONED, *_calls(held, calls), error, resend_s) is not None


async def save_failed(held: Claim, calls: Sequence[PaidCall], failure: Failure, *, budget_step: str | None) -> bool:
    """Bury the suggestion with its reason and the holding text. False: the claim is no longer ours."""
    context = failure.context
    row = await fetch_row(
        _SAVE_FAILED,
        *_calls(held, calls),
        failure.reason_code,
        failure.error,
        failure.body,
        failure.language,
        _json(failure.findings),
        failure.blocked.reply if failure.blocked else None,
        _json(context.disclosed) if context else None,
        _json(context.snapshot) if context else None,
        context.order_hash if context else None,
        budget_step,
        failure.prompt_version,
    )
    return row is not None


def _calls(held: Claim, calls: Sequence[PaidCall]) -> tuple[UUID, UUID, UUID, int, str]:
    """Return the first five arguments of each statement."""
    told = [{"id": uuid7(), "cost_usd": each.cost_usd, **asdict(each.call)} for each in calls]
    return held.suggestion_id, held.lease_token, held.shop_id, held.attempt, _json(told)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
