"""Batches: many messages drafted again, behind all others. Made, cancelled and taken by the relay; `advancing` does the work."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import structlog

from service.batches import repository
from service.batches.queries import get_batch, matching_messages
from service.batches.restoring import end_waiting
from service.batches.types import Filter, NewBatch
from service.errors import Conflict, InvalidInput, NotFound
from service.jobs import BatchJob
from service.suggestions.agents.actions import Done

MAX_MESSAGES = 10_000
"""Of one batch; as ids in JSON they are 400 kB."""

MAX_PARTS = 20
"""So many times 50 suggestions a cancelling call ends itself: all of a batch's that are ever in the queue, and five times more."""

log = structlog.get_logger()


async def create(shop_id: UUID, new: NewBatch) -> Done:
    """Store a batch; the relay has it moved on. Runs in its caller's transaction, and expands nothing.

    Raises:
        InvalidInput: more messages than a batch takes.
    """
    if isinstance(new.wanted, Filter):
        message_ids = await matching_messages(shop_id, new.wanted, limit=MAX_MESSAGES + 1)
    else:
        message_ids = list(dict.fromkeys(new.wanted))
    if len(message_ids) > MAX_MESSAGES:
        raise InvalidInput(f"A batch takes at most {MAX_MESSAGES:,} messages: ask for a shorter period, several times")
    batch_id = await repository.insert(shop_id, new, message_ids)
    log.info("batches.created", batch_id=str(batch_id), count=len(message_ids), is_provider_batch=new.is_provider_batch)
    return Done(batch_id)


async def cancel(shop_id: UUID, batch_id: UUID) -> None:
    """Stop a batch: what waits is ended, and what it had superseded for that comes back. Commits in parts; running it twice is one.

    What is being drafted at this moment is finished. What this call has no time for is ended by the batch's next steps.

    Raises:
        NotFound: the shop has no such batch.
        Conflict: it is finished.
    """
    if not await repository.cancel(shop_id, batch_id):
        found = await get_batch(shop_id, batch_id)
        if found is None:
            raise NotFound(f"There is no batch {batch_id}")
        if found.state != "cancelled":
            raise Conflict(f"Batch {batch_id} is {found.state}: there is nothing left to cancel")
        return
    log.info("batches.cancelled", batch_id=str(batch_id))
    await end_all_waiting(shop_id, batch_id)


async def end_all_waiting(shop_id: UUID, batch_id: UUID) -> bool:
    """End what waits of a batch, up to 1,000 suggestions. Commits in parts. False: there may be more."""
    try:
        for _ in range(MAX_PARTS):
            if await end_waiting(shop_id, batch_id):
                return True
    except (asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError):
        log.warning("batches.ending_raced", batch_id=str(batch_id), exc_info=True)
    return False


async def take_due(limit: int) -> list[BatchJob]:
    """Take up to limit batches that are to be moved on, for the relay to send. One that is not sent is due again after 30 s."""
    return await repository.take_due(limit)
