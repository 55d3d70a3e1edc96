"""The actor that moves batches on. What it makes is drafted by the actors for suggestions, behind all others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import dramatiq
from dramatiq.errors import Retry
from dramatiq.middleware import CurrentMessage

from actors.ageing import BATCH_PATIENCE_S, AgeingActor
from actors.middleware.resources import Resources
from actors.suggestions import MAX_BACKOFF_MS, MIN_BACKOFF_MS
from service.batches import advancing
from service.drafting.provider_batch import ProviderBatches
from service.errors import PermanentError, TemporaryError
from service.jobs import Job, Queue
from service.settings import ACTOR_TIME_LIMIT_S

MAX_RETRIES = 3

_OPTIONS: dict[str, Any] = {
    "actor_class": AgeingActor,
    "max_retries": MAX_RETRIES,
    "min_backoff": MIN_BACKOFF_MS,
    "max_backoff": MAX_BACKOFF_MS,
    "time_limit": int(ACTOR_TIME_LIMIT_S * 1000),
    "throws": (PermanentError,),
    "store_results": True,
    "result_ttl": 86_400_000,
}


@dramatiq.actor(actor_name=Job.ADVANCE_BATCH, queue_name=Queue.SUGGESTIONS_BATCH, priority=BATCH_PATIENCE_S, **_OPTIONS)
async def advance_batch(batch_id: str, **newer: object) -> dict[str, str]:  # noqa: ARG001 - a newer API may say more
    """Move a batch on by a step. The relay sends the next one; a bug that four attempts meet ends the batch."""
    from actors import settings  # noqa: PLC0415 - the package imports this module

    desk = next(each.desk for each in dramatiq.get_broker().middleware if isinstance(each, Resources))
    try:
        outcome = await advancing.advance(UUID(batch_id), desk=desk, open_provider=lambda: ProviderBatches.opened(settings))
    except TemporaryError as error:
        # Retry is Dramatiq's word for a failure that is no error in the log.
        raise Retry(str(error)) from error
    except Exception as error:
        if _is_last():
            await advancing.fail(UUID(batch_id), error=type(error).__name__)
        raise
    return {"outcome": outcome}


def _is_last() -> bool:
    message = CurrentMessage.get_current_message()
    return message is not None and message.options.get("retries", 0) >= MAX_RETRIES
