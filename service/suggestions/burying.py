"""The end of a suggestion that gets no draft: `failed`, with its reason and a holding text in the customer's language."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from service.db.engine import fetch_row
from service.drafting import FailedCheck, fallback_text
from service.drafting.language import language_of
from service.observability import metrics
from service.suggestions import saving
from service.suggestions.lifecycle import ReasonCode
from service.suggestions.types import Claim, Context

_LANGUAGE = """
SELECT shop.language, shop.signature, left(message.text, 5000) AS text
FROM shop LEFT JOIN message ON message.id = $2 WHERE shop.id = $1
"""

log = structlog.get_logger()


async def bury(
    held: Claim,
    *,
    reason_code: ReasonCode,
    error: str,
    calls: Sequence[saving.PaidCall] = (),
    context: Context | None = None,
    blocked: FailedCheck | None = None,
    budget_step: str | None = None,
) -> bool:
    """Write `failed` with the fallback text. False: the claim is no longer ours; then only the calls are recorded.

    context, blocked: what the model was told, and the draft that the checks stopped, as far as there is any.
    """
    language, body = await _fallback(held, context)
    failure = saving.Failure(
        reason_code=reason_code,
        error=error,
        body=body,
        language=language,
        context=context,
        blocked=blocked.draft if blocked else None,
        findings=blocked.findings if blocked else (),
        prompt_version=blocked.prompt_version if blocked else None,
    )
    if not await saving.save_failed(held, calls, failure, budget_step=budget_step):
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


async def _fallback(held: Claim, context: Context | None) -> tuple[str, str]:
    """Return (language, text); the customer's language is read from the message where the attempt did not come so far."""
    if context is not None:
        return fallback_text(context.snapshot.language, context.snapshot.shop.signature)
    row = await fetch_row(_LANGUAGE, held.shop_id, held.message_id)
    if row is None:
        return fallback_text("en", "")
    return fallback_text(language_of(row["text"] or "") or row["language"], row["signature"])
