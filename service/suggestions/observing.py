"""What metrics and log lines say of attempts, calls and findings; and what a call costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import structlog

from service.drafting import Call, Finding
from service.drafting.prices import cost_usd
from service.observability import metrics
from service.observability.labels import error_label
from service.suggestions.budgets import Budgets
from service.suggestions.saving import PaidCall
from service.suggestions.types import Claim

log = structlog.get_logger()


def attempt_finished(held: Claim, started_at: float, *, outcome: str, error_type: str = "") -> None:
    """Write an attempt's one line."""
    duration_s = time.perf_counter() - started_at
    metrics.ATTEMPTS.labels(outcome, error_label(error_type)).inc()
    metrics.ATTEMPT_DURATION.observe(duration_s)
    log.info(
        "suggestions.attempt_finished",
        suggestion_id=str(held.suggestion_id),
        attempt=held.attempt,
        outcome=outcome,
        error_type=error_type or None,
        duration_s=round(duration_s, 3),
    )


def suggestion_ready(held: Claim) -> None:
    """Count a suggestion that has its draft, and how long its customer waited for it."""
    metrics.SUGGESTIONS.labels("ready", "").inc()
    wait_s = (datetime.now(UTC) - held.created_at).total_seconds()
    metrics.MESSAGE_TO_SUGGESTION.labels(held.priority.name.lower()).observe(wait_s)


def paid(held: Claim, calls: Sequence[Call], budgets: Budgets) -> list[PaidCall]:
    """Return the calls with their price, after telling it to the metrics and to the shop's budget."""
    found = [PaidCall(each, cost_usd(each)) for each in calls]
    calls_paid(held.shop_id, found, budgets)
    return found


def calls_paid(shop_id: UUID, found: Sequence[PaidCall], budgets: Budgets, *, is_timed: bool = True) -> None:
    """Tell the metrics and the shop's budget of these calls. is_timed: False where nobody knows how long they took."""
    for each in found:
        call = each.call
        metrics.call_finished(
            call.model,
            duration_s=call.duration_s if is_timed else None,
            error_type=call.error_type,
            input_tokens=call.input_tokens,
            output_tokens=call.output_tokens,
        )
        if call.error_type == "rate_limited":
            metrics.MODEL_RATE_LIMITED.labels("refused").inc()
        if each.cost_usd is not None:
            metrics.cost_known(call.model, each.cost_usd)
            budgets.spent(shop_id, each.cost_usd)


def findings(found: Sequence[Finding]) -> None:
    """Count what the checks found."""
    for each in found:
        metrics.FINDINGS.labels(each.check, each.severity).inc()
