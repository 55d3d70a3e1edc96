"""Take the answers of a provider's batch: check each as ever, and save it, unless it answers what is no longer asked.

Whatever is wrong with an answer, its suggestion goes the ordinary way then, with a call to the model of its own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import structlog

from service.batches import provider_statements as statements
from service.batches.provider_statements import Asked, ProviderRun
from service.batches.provider_submit import asked_prompt, discounted_usd, hash_of
from service.drafting import Answer, BadOutput, Call, DraftedReply, FailedCheck, ModelRefused, read_reply
from service.drafting.provider_batch import ProviderBatches
from service.errors import NotFound, TemporaryError
from service.observability import metrics
from service.suggestions import observing, repository, saving
from service.suggestions.budgets import Budgets
from service.suggestions.saving import PaidCall
from service.suggestions.service import Desk
from service.suggestions.types import AttemptOutcome, Claim, Context

TAKE_S = 20.0
"""How long answers are taken in one step; the next one goes on with the rest."""

log = structlog.get_logger()


async def collect(run: ProviderRun, output_file_id: str, *, desk: Desk, provider: ProviderBatches) -> bool:
    """Take the answers of an output file, up to 20 s after it is there; commits one by one. Returns whether all were taken.

    Run again it goes on where it was: an answer whose cost is recorded was taken.

    Raises:
        BatchUnavailable, BatchRefused: of the provider.
    """
    asked = await statements.unanswered(run)
    outcomes: dict[str, int] = {}
    is_whole = True
    async with aclosing(provider.answers(output_file_id)) as lines:
        deadline: float | None = None
        async for line in lines:
            deadline = deadline or time.monotonic() + TAKE_S
            if time.monotonic() > deadline:
                is_whole = False
                break
            wanted = asked.pop(line.custom_id, None)
            if wanted is not None and line.answer is not None:
                outcome = await _take(run, wanted, line.answer, desk)
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
    log.info("batches.answers_taken", batch_id=str(run.id), is_whole=is_whole, **outcomes)
    return is_whole


async def _take(run: ProviderRun, wanted: Asked, answer: Answer, desk: Desk) -> AttemptOutcome:
    """Take one answer. One that makes trouble must not stop the others: its lease lapses, and the relay sends it."""
    held = await repository.claim(wanted.suggestion_id)
    if held is None:
        (paid,) = _paid(run.shop_id, (answer.call,), desk.budgets)
        await statements.record_call(run, wanted.suggestion_id, paid)
        return "discarded"
    started_at = time.perf_counter()
    with desk.leases.held(held.lease_token):
        try:
            outcome = await _check_and_save(run, held, wanted, answer, desk)
        except TemporaryError:
            raise
        except Exception:
            log.exception("batches.answer_not_taken", suggestion_id=str(held.suggestion_id))
            return "not_claimed"
    observing.attempt_finished(held, started_at, outcome=outcome)
    return outcome


async def _check_and_save(run: ProviderRun, held: Claim, wanted: Asked, answer: Answer, desk: Desk) -> AttemptOutcome:
    now = datetime.now(UTC)
    try:
        context, request = await asked_prompt(held, step=wanted.budget_step, today=(run.submitted_at or now).date())
    except NotFound:
        return await _hand_over(held, (answer.call,), desk, error="message_gone")
    if hash_of(request) != wanted.prompt_hash:
        return await _hand_over(held, (answer.call,), desk, error="prompt_changed")
    # Read today: a date that was right when the answer was written may be wrong by now.
    snapshot = msgspec.structs.replace(context.snapshot, today=now.date().isoformat())
    try:
        drafted = read_reply(answer, snapshot, request)
    except (ModelRefused, BadOutput, FailedCheck) as error:
        if isinstance(error, FailedCheck):
            observing.findings(error.findings)
        return await _hand_over(held, error.calls, desk, error=error.calls[-1].error_type or error.reason_code)
    return await _save(held, drafted, context, wanted, desk)


async def _save(held: Claim, drafted: DraftedReply, context: Context, wanted: Asked, desk: Desk) -> AttemptOutcome:
    if context.snapshot.removed:
        await repository.record_removed(held, context.snapshot.removed)
    observing.findings(drafted.findings)
    paid = _paid(held.shop_id, drafted.calls, desk.budgets)
    if not await saving.save_draft(held, paid, drafted, context, budget_step=wanted.budget_step):
        return "discarded"
    metrics.SUGGESTIONS.labels("ready", "").inc()
    return "ready"


async def _hand_over(held: Claim, calls: Sequence[Call], desk: Desk, *, error: str) -> AttemptOutcome:
    """Let a suggestion go the ordinary way, as if it had not been tried."""
    log.info("batches.answer_not_used", suggestion_id=str(held.suggestion_id), error_type=error)
    paid = _paid(held.shop_id, calls, desk.budgets)
    is_ours = await saving.save_postponed(held, paid, error=error, resend_s=0)
    return "postponed" if is_ours else "discarded"


def _paid(shop_id: UUID, calls: Sequence[Call], budgets: Budgets) -> list[PaidCall]:
    """Return the calls with their price, told to the metrics and to the shop's budget. Nobody knows how long they took."""
    found = [PaidCall(each, discounted_usd(each)) for each in calls]
    observing.calls_paid(shop_id, found, budgets, is_timed=False)
    return found
