"""Draft a suggestion: claim, read, ask, save. Order and transactions live here; no transaction is open while the model writes."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from service.drafting import (
    BadOutput,
    Call,
    ChatModel,
    FailedCheck,
    ModelRefused,
    ModelUnavailable,
    ProviderBlocked,
    draft_reply,
)
from service.errors import PermanentError, TemporaryError
from service.model_gate import GateClosed
from service.suggestions import burying, observing, repository, saving
from service.suggestions.budget_steps import Step
from service.suggestions.budgets import Budgets
from service.suggestions.context import read_context, shortened_context
from service.suggestions.leases import Leases
from service.suggestions.lifecycle import PATIENCE_S, POSTPONED_S, POSTPONED_SPREAD_S, RETRY_S, is_last
from service.suggestions.types import AttemptOutcome, Claim, Context

log = structlog.get_logger()


class SuggestionFailed(PermanentError):
    """The suggestion is buried: its row says `failed` and why."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker drafts with.

    Attributes:
        cheap_model: for shops near the end of their budget; "" leaves that step out.
    """

    model: ChatModel
    leases: Leases
    budgets: Budgets
    cheap_model: str = ""


@dataclass(slots=True)
class _Attempt:
    """What is known of an attempt so far, for whatever comes of it."""

    held: Claim
    started_at: float
    budget_step: Step | None = None
    context: Context | None = None


async def draft(suggestion_id: UUID, desk: Desk) -> AttemptOutcome:
    """Run one attempt. Calls the model, up to 60 s; commits. Running it twice at once makes one draft.

    Raises:
        ModelUnavailable: temporary; the row waits for another attempt.
        TemporaryError: the database is away; the lease lapses and the relay sends the row again.
        SuggestionFailed: permanent; that was the last attempt.
    """
    held = await repository.claim(suggestion_id)
    if held is None:
        log.debug("suggestions.not_claimed", suggestion_id=str(suggestion_id))
        return "not_claimed"
    attempt = _Attempt(held, time.perf_counter())
    with desk.leases.held(held.lease_token):
        try:
            outcome = await _draft(attempt, desk)
        except GateClosed as error:
            outcome = await _postpone(attempt, desk, error, calls=())
        except ProviderBlocked as error:
            outcome = await _postpone(attempt, desk, error, calls=error.calls)
        except (ModelUnavailable, ModelRefused, BadOutput, FailedCheck) as error:
            return await _give_up(attempt, desk, error)
        except TemporaryError:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again, or the suggestion is buried with it
            return await _give_up_on_bug(attempt, error)
    observing.attempt_finished(held, attempt.started_at, outcome=outcome)
    return outcome


async def _draft(attempt: _Attempt, desk: Desk) -> AttemptOutcome:
    held = attempt.held
    plan = await desk.budgets.plan(held.shop_id, is_vip=held.is_vip, now=datetime.now(UTC))
    attempt.budget_step = plan.step
    if plan.step == "fallback":
        is_ours = await burying.bury(held, reason_code="budget", error="budget_spent", budget_step=plan.step)
        return "failed" if is_ours else "discarded"
    context = await read_context(held, today=datetime.now(UTC).date())
    if plan.step != "full":
        context = shortened_context(context)
    attempt.context = context
    if context.snapshot.removed:
        # Before the model is asked, so that it is on record whatever comes of the attempt.
        await repository.record_removed(held, context.snapshot.removed)
        log.info("suggestions.hidden_text_removed", suggestion_id=str(held.suggestion_id), removed=list(context.snapshot.removed))
    model_name = desk.cheap_model if plan.step == "cheap" and desk.cheap_model else plan.model
    drafted = await draft_reply(context.snapshot, desk.model, model_name=model_name)
    paid = observing.paid(held, drafted.calls, desk.budgets)
    observing.findings(drafted.findings)
    if not await saving.save_draft(held, paid, drafted, context, budget_step=plan.step):
        return "discarded"
    observing.suggestion_ready(held)
    return "ready"


async def _postpone(attempt: _Attempt, desk: Desk, error: GateClosed | ProviderBlocked, *, calls: Sequence[Call]) -> AttemptOutcome:
    """Put the job back without counting the attempt; bury it when its patience with the provider is over."""
    held = attempt.held
    paid = observing.paid(held, calls, desk.budgets)
    error_type = calls[-1].error_type if calls else None
    if _has_lost_patience(held, error):
        is_blocked = isinstance(error, ProviderBlocked)
        is_ours = await burying.bury(
            held,
            reason_code="provider_refused" if is_blocked else "provider_down",
            error=error_type or "held_back",
            calls=paid,
            context=attempt.context,
            budget_step=attempt.budget_step,
        )
        return "failed" if is_ours else "discarded"
    asked_s = max(error.retry_after_s or 0.0, POSTPONED_S)
    wait_s = asked_s + random.uniform(0, min(asked_s, POSTPONED_SPREAD_S))  # noqa: S311 - spreads load, hides nothing
    is_ours = await saving.save_postponed(held, paid, error=error_type or "held_back", resend_s=wait_s)
    return "postponed" if is_ours else "discarded"


def _has_lost_patience(held: Claim, error: GateClosed | ProviderBlocked) -> bool:
    """Whether a job has waited for the provider long enough. Our own caps only make a long queue slow: they are waited for."""
    if isinstance(error, GateClosed) and error.reason in {"requests", "tokens"}:
        return False
    if held.held_back_since is None:
        return False
    return (datetime.now(UTC) - held.held_back_since).total_seconds() > PATIENCE_S


async def _give_up(
    attempt: _Attempt, desk: Desk, error: ModelUnavailable | ModelRefused | BadOutput | FailedCheck
) -> AttemptOutcome:
    """Write down what went wrong. Returns `discarded` when the suggestion was overtaken meanwhile.

    Raises:
        SuggestionFailed: no attempt follows this one, the suggestion is buried.
        ModelUnavailable: the error itself; another attempt follows.
    """
    held = attempt.held
    paid = observing.paid(held, error.calls, desk.budgets)
    error_type = error.calls[-1].error_type or error.reason_code
    observing.attempt_finished(held, attempt.started_at, outcome="failed", error_type=error_type)
    if isinstance(error, ModelUnavailable) and not is_last(held.attempt):
        resend_s = RETRY_S + (error.retry_after_s or 0.0)
        if not await saving.save_retry(held, paid, error=error_type, resend_s=resend_s):
            return "discarded"
        raise error
    blocked = error if isinstance(error, FailedCheck) else None
    if blocked:
        observing.findings(blocked.findings)
    is_ours = await burying.bury(
        held,
        reason_code=error.reason_code,
        error=error_type,
        calls=paid,
        context=attempt.context,
        blocked=blocked,
        budget_step=attempt.budget_step,
    )
    if not is_ours:
        return "discarded"
    raise SuggestionFailed(f"Suggestion {held.suggestion_id} failed: {error.reason_code}, {error_type}") from error


async def _give_up_on_bug(attempt: _Attempt, error: Exception) -> AttemptOutcome:
    """Let a bug be tried again, then bury it. Returns `discarded` when the suggestion was overtaken meanwhile.

    Raises:
        SuggestionFailed: no attempt follows this one, or the error says that trying again changes nothing.
        Exception: the error itself; another attempt follows.
    """
    held, error_type = attempt.held, type(error).__name__
    observing.attempt_finished(held, attempt.started_at, outcome="failed", error_type="bug")
    if isinstance(error, PermanentError) or is_last(held.attempt):
        is_ours = await burying.bury(
            held, reason_code="poison", error=error_type, context=attempt.context, budget_step=attempt.budget_step
        )
        if not is_ours:
            return "discarded"
        raise SuggestionFailed(f"Suggestion {held.suggestion_id} failed: poison, {error_type}") from error
    if not await saving.save_retry(held, (), error=error_type, resend_s=RETRY_S):
        return "discarded"
    raise error
