"""Draft a suggestion: claim, read, ask, save. Order and transactions live here; no transaction is open while the model writes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import structlog

from service.db.unit_of_work import unit_of_work
from service.drafting import (
    BadOutput,
    Call,
    ChatModel,
    DraftedReply,
    ModelRefused,
    ModelUnavailable,
    draft_reply,
    fallback_text,
)
from service.errors import PermanentError, TemporaryError
from service.jobs import DraftJob
from service.observability import metrics
from service.suggestions import repository
from service.suggestions.context import read_snapshot
from service.suggestions.leases import Leases
from service.suggestions.lifecycle import RESEND_S, ReasonCode, is_last
from service.suggestions.queries import shop_language
from service.suggestions.types import AttemptOutcome, Claim

log = structlog.get_logger()


class SuggestionFailed(PermanentError):
    """The suggestion is buried: its row says `failed` and why."""


async def draft(suggestion_id: UUID, *, model: ChatModel, leases: Leases) -> AttemptOutcome:
    """Run one attempt. Calls the model once, up to 50 s; commits. Running it twice at once makes one draft.

    Raises:
        ModelUnavailable: temporary; the row waits for another attempt.
        TemporaryError: the database is away; the lease lapses and the relay sends the row again.
        SuggestionFailed: permanent; that was the last attempt.
    """
    held = await repository.claim(suggestion_id)
    if held is None:
        log.debug("suggestions.not_claimed", suggestion_id=str(suggestion_id))
        return "not_claimed"
    started_at = time.perf_counter()
    with leases.held(held.lease_token):
        try:
            snapshot = await read_snapshot(held, today=datetime.now(UTC).date())
            if snapshot.removed:
                # Before the model is asked, so that it is on record whatever comes of the attempt.
                await repository.record_removed(held, snapshot.removed)
                log.info("suggestions.hidden_text_removed", suggestion_id=str(held.suggestion_id), removed=list(snapshot.removed))
            drafted = await draft_reply(snapshot, model)
            outcome = await _save(held, drafted)
        except (ModelUnavailable, ModelRefused, BadOutput) as error:
            _observe_call(error.call)
            _observe_attempt(held, started_at, outcome="failed", error_type=error.call.error_type or "")
            if await _is_still_ours(held, error, reason_code=error.reason_code, call=error.call):
                raise
            return "discarded"
        except TemporaryError:
            raise
        except Exception as error:
            _observe_attempt(held, started_at, outcome="failed", error_type="bug")
            if await _is_still_ours(held, error, reason_code="poison", call=None):
                raise
            return "discarded"
    _observe_call(drafted.call)
    _observe_attempt(held, started_at, outcome=outcome, error_type="")
    return outcome


async def mark_queued(suggestion_ids: Sequence[UUID]) -> None:
    """Say of these that the broker took them."""
    await repository.mark_queued(suggestion_ids)


async def take_due(limit: int) -> list[DraftJob]:
    """Free what dead workers held, and take up to limit jobs that are due to be sent."""
    freed = await repository.free_lapsed(limit)
    if freed:
        log.warning("suggestions.leases_lapsed", count=freed)
    jobs, counts = await repository.take_due(limit)
    for status, count in counts.items():
        metrics.RELAY_SENT.labels("placeholder" if status == "pending" else "unclaimed").inc(count)
    return jobs


async def put_back(jobs: Sequence[DraftJob]) -> None:
    """Make jobs due again that could not be sent after all."""
    await repository.put_back([job.suggestion_id for job in jobs])


async def bury_hopeless(limit: int) -> int:
    """Bury suggestions that have ended four workers; return how many. Commits one by one."""
    hopeless = await repository.take_hopeless(limit)
    for held in hopeless:
        await _bury(held, reason_code="poison", error="worker_died")
    return len(hopeless)


async def _save(held: Claim, drafted: DraftedReply) -> AttemptOutcome:
    async with unit_of_work():
        await repository.record_call(held, drafted.call)
        is_saved = await repository.save_draft(held, drafted)
    if not is_saved:
        return "discarded"
    metrics.SUGGESTIONS.labels("ready", "").inc()
    wait_s = (datetime.now(UTC) - held.created_at).total_seconds()
    metrics.MESSAGE_TO_SUGGESTION.labels("vip" if held.is_vip else "normal").observe(wait_s)
    return "ready"


async def _is_still_ours(held: Claim, error: Exception, *, reason_code: ReasonCode, call: Call | None) -> bool:
    """Write down what went wrong. False: the suggestion was overtaken meanwhile, so that nothing is left to do.

    Raises:
        SuggestionFailed: no attempt follows this one, the suggestion is buried.
    """
    is_final = isinstance(error, PermanentError) or is_last(held.attempt)
    error_type = (call.error_type if call else None) or type(error).__name__
    if call is not None:
        await repository.record_call(held, call)
    if is_final:
        if not await _bury(held, reason_code=reason_code, error=error_type):
            return False
        raise SuggestionFailed(f"Suggestion {held.suggestion_id} failed: {reason_code}, {error_type}") from error
    asked_s = (error.retry_after_s or 0.0) if isinstance(error, TemporaryError) else 0.0
    return await repository.save_retry(held, error=error_type, resend_s=RESEND_S + asked_s)


async def _bury(held: Claim, *, reason_code: ReasonCode, error: str) -> bool:
    """Write `failed` with the fallback text. False: the claim is no longer ours, nothing was written."""
    language, signature = await shop_language(held.shop_id)
    body = fallback_text(language, signature)
    if not await repository.save_failed(held, reason_code=reason_code, error=error, body=body, language=language):
        return False
    metrics.SUGGESTIONS.labels("failed", reason_code).inc()
    log.error(
        "suggestions.failed",
        suggestion_id=str(held.suggestion_id),
        reason_code=reason_code,
        error_type=error,
        attempt=held.attempt,
    )
    return True


def _observe_attempt(held: Claim, started_at: float, *, outcome: str, error_type: str) -> None:
    duration_s = time.perf_counter() - started_at
    metrics.ATTEMPTS.labels(outcome, error_type).inc()
    metrics.ATTEMPT_DURATION.observe(duration_s)
    log.info(
        "suggestions.attempt_finished",
        suggestion_id=str(held.suggestion_id),
        attempt=held.attempt,
        outcome=outcome,
        error_type=error_type or None,
        duration_s=round(duration_s, 3),
    )


def _observe_call(call: Call) -> None:
    metrics.MODEL_CALL_DURATION.labels("chat", call.model, call.error_type or "").observe(call.duration_s)
    for kind, count in (("input", call.input_tokens), ("output", call.output_tokens)):
        if count is not None:
            metrics.MODEL_TOKENS.labels(kind, call.model).observe(count)
