"""Move a batch on by a step: expand what there is room for, put back what failed in vain, see whether it is over.

Every step may run twice and may die anywhere: each chunk is expanded and counted in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from uuid import UUID

import asyncpg
import structlog

from service.batches import expansion, provider, provider_statements, repository
from service.batches.repository import SENT_S, Step
from service.batches.restoring import restore_drafts
from service.batches.rules import chunk_size, skip_reason
from service.batches.service import end_all_waiting
from service.batches.types import SkipReason, StepOutcome
from service.db.unit_of_work import unit_of_work
from service.drafting.provider_batch import ProviderBatches
from service.errors import TemporaryError
from service.suggestions.service import Desk
from service.suggestions.thread_locks import lock_threads_of_messages

STEP_PAUSE_S = 3.0
"""Until the next step of a batch that waits for its suggestions to be drafted."""

AT_ONCE_S = 0.0

MAX_CHUNKS = 20
"""So many times 50 messages one step expands at most: for well under ten seconds."""

MAX_PARTS = 20

OpenProvider = Callable[[], AbstractAsyncContextManager[ProviderBatches]]

log = structlog.get_logger()


async def advance(batch_id: UUID, *, desk: Desk, open_provider: OpenProvider) -> StepOutcome:
    """Move a batch on by a step, up to 70 s where it is a provider's. Commits in parts; sends nothing: the relay does.

    Raises:
        TemporaryError: the database is away; the batch is due again when the step's lease has lapsed.
    """
    step = await repository.begin_step(batch_id)
    if step is None:
        return "not_due"
    try:
        pause_s = await _step(step, desk=desk, open_provider=open_provider)
    except (asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError):
        log.warning("batches.step_raced", batch_id=str(batch_id), exc_info=True)
        pause_s = STEP_PAUSE_S
    except Exception:
        # Left to the queue's next attempts, which would find the lease, and then to the relay.
        with suppress(TemporaryError):
            await repository.schedule(batch_id, SENT_S)
        raise
    if pause_s is None and await repository.end(step.shop_id, batch_id):
        log.info("batches.ended", batch_id=str(batch_id))
        return "ended"
    await repository.schedule(batch_id, STEP_PAUSE_S if pause_s is None else pause_s)
    return "moved_on"


async def fail(batch_id: UUID, *, error: str) -> None:
    """Give a batch up that a bug does not let on: nothing more is expanded, what waits for its provider goes the ordinary way."""
    run = await provider_statements.read_run(batch_id)
    if run is not None and run.is_running:
        await provider_statements.release(run, with_unasked=True)
    if await repository.fail(batch_id, error):
        log.error("batches.failed", batch_id=str(batch_id), error_type=error)


async def _step(step: Step, *, desk: Desk, open_provider: OpenProvider) -> float | None:
    """Return in how many seconds the next step is due; None: nothing is left to be done."""
    pause_s: float | None = None
    if step.state == "running":
        pause_s = await _expand(step.id)
    elif step.state == "cancelled" and not await end_all_waiting(step.shop_id, step.id):
        return AT_ONCE_S
    # Counted first: what fails after this has its predecessor put back by a later step, and there will be one.
    live = await repository.count_live(step.shop_id, step.id)
    for _ in range(MAX_PARTS):
        if await restore_drafts(step.shop_id, step.id):
            break
    else:
        return AT_ONCE_S
    if pause_s is None and await _needs_provider(step):
        async with open_provider() as opened:
            pause_s = await provider.advance(step.id, desk=desk, provider=opened)
    if pause_s is None and live:
        return STEP_PAUSE_S
    return pause_s


async def _expand(batch_id: UUID) -> float | None:
    """Expand as much as there is room for; None: all is expanded."""
    for _ in range(MAX_CHUNKS):
        async with unit_of_work():
            batch = await repository.lock(batch_id)
            if batch is None:
                return AT_ONCE_S
            if batch.position >= batch.total:
                return None
            live = await repository.count_live(batch.shop_id, batch_id)
            size = chunk_size(live=live, is_provider_batch=batch.is_provider_batch)
            if size == 0:
                return STEP_PAUSE_S
            message_ids = batch.following[:size]
            await lock_threads_of_messages(batch.shop_id, message_ids)
            asked = await expansion.read_asked(batch.shop_id, message_ids)
            judged = [(each.message_id, skip_reason(each)) for each in asked]
            wanted = [message_id for message_id, reason in judged if reason is None]
            await expansion.draft_again(
                batch.shop_id,
                batch_id,
                wanted,
                instruction=batch.instruction,
                is_provider_batch=batch.is_provider_batch,
            )
            skipped: Counter[SkipReason] = Counter(batch.skipped)
            skipped.update(reason for _, reason in judged if reason is not None)
            await repository.move_on(batch_id, position=batch.position + len(message_ids), skipped=skipped)
        log.info("batches.expanded", batch_id=str(batch_id), count=len(wanted), passed_over=len(message_ids) - len(wanted))
    return AT_ONCE_S


async def _needs_provider(step: Step) -> bool:
    """Whether the provider has something of a batch, is to get something, or may have something that nobody wants any more."""
    if not step.is_provider_batch:
        return False
    if step.has_file or step.state != "running":
        return True
    run = await provider_statements.read_run(step.id)
    return run is not None and await provider_statements.has_waiting(run)
