"""The actors that draft: the same body on three queues, so that VIPs are served first and batches last."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import dramatiq
from dramatiq.common import compute_backoff
from dramatiq.errors import Retry
from dramatiq.middleware import CurrentMessage

from actors.ageing import BATCH_PATIENCE_S, NORMAL_PATIENCE_S, VIP_PATIENCE_S, AgeingActor
from actors.middleware.resources import Resources
from service.errors import PermanentError, TemporaryError
from service.jobs import Job, Queue
from service.settings import ACTOR_TIME_LIMIT_S
from service.suggestions import service

MIN_BACKOFF_MS = 2_000
MAX_BACKOFF_MS = 16_000

_OPTIONS: dict[str, Any] = {
    "actor_class": AgeingActor,
    "max_retries": 3,
    "min_backoff": MIN_BACKOFF_MS,
    "max_backoff": MAX_BACKOFF_MS,
    "time_limit": int(ACTOR_TIME_LIMIT_S * 1000),
    "throws": (PermanentError,),
    "store_results": True,
    "result_ttl": 86_400_000,
}


@dramatiq.actor(actor_name=Job.DRAFT_SUGGESTION, queue_name=Queue.SUGGESTIONS, priority=NORMAL_PATIENCE_S, **_OPTIONS)
async def draft_suggestion(suggestion_id: str, **newer: object) -> dict[str, str]:  # noqa: ARG001 - a newer API may say more
    """Draft one suggestion. Returns its outcome; three retries, 2, 4 and 8 s apart and up to as much again."""
    return await _draft(suggestion_id)


@dramatiq.actor(actor_name=Job.DRAFT_SUGGESTION_VIP, queue_name=Queue.SUGGESTIONS_VIP, priority=VIP_PATIENCE_S, **_OPTIONS)
async def draft_suggestion_vip(suggestion_id: str, **newer: object) -> dict[str, str]:  # noqa: ARG001 - as above
    """Draft one VIP's suggestion, before all others that this worker holds."""
    return await _draft(suggestion_id)


@dramatiq.actor(actor_name=Job.DRAFT_SUGGESTION_OF_BATCH, queue_name=Queue.SUGGESTIONS_BATCH, priority=BATCH_PATIENCE_S, **_OPTIONS)
async def draft_suggestion_of_batch(suggestion_id: str, **newer: object) -> dict[str, str]:  # noqa: ARG001 - as above
    """Draft one suggestion of a batch, after all others that this worker holds."""
    return await _draft(suggestion_id)


async def _draft(suggestion_id: str) -> dict[str, str]:
    try:
        outcome = await service.draft(UUID(suggestion_id), _desk())
    except TemporaryError as error:
        # Retry is Dramatiq's word for a failure that is no error in the log; without a delay its own back-off counts.
        raise Retry(str(error), delay=_delay_ms(error)) from error
    return {"outcome": outcome}


def _delay_ms(error: TemporaryError) -> int | None:
    """Return the longer of the back-off and what the provider asked for; None: the back-off alone."""
    if error.retry_after_s is None:
        return None
    message = CurrentMessage.get_current_message()
    retries = message.options.get("retries", 0) if message else 0
    _, backoff_ms = compute_backoff(retries, factor=MIN_BACKOFF_MS, max_backoff=MAX_BACKOFF_MS)
    return max(backoff_ms, int(error.retry_after_s * 1000))


def _desk() -> service.Desk:
    return next(each.desk for each in dramatiq.get_broker().middleware if isinstance(each, Resources))
