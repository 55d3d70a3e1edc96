"""Move a batch on that is sent to the provider as one file: submit, ask how it stands, take the answers, clean up.

Every step may run twice and may die anywhere. What is with the provider is recorded right after it is there: first the file, then
the batch that was made of it, which is looked for before another is made.

Begins once every message of the batch has its suggestion, `pending` and with no time to be sent at; steps of one batch follow one
another. A batch that is cancelled meanwhile is moved on all the same, until nothing of it is with the provider.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import structlog

from service.batches import provider_statements as statements
from service.batches.provider_collect import collect
from service.batches.provider_statements import ProviderRun
from service.batches.provider_submit import file_name, submit
from service.drafting.provider_batch import BatchRefused, BatchUnavailable, ProviderBatch, ProviderBatches
from service.suggestions.service import Desk

STEP_DEADLINE_S = 55.0
"""A job may take 70 s, and has expanded the batch before. What a step has not done by then the next one does."""

POLL_S = 60.0
CANCELLING_S = 20.0
FULL_S = 600.0
AT_ONCE_S = 0.0

PATIENCE_S = 2 * 86_400.0
"""A provider has a day for each file. What it has not answered two days after the batch was made goes the ordinary way."""

FULL = "token_limit_exceeded"
"""More prompts than the provider lets us have waiting at a time: there is room again when others are answered."""

FORGOTTEN_S = 4 * 86_400.0
"""By then the provider has deleted the files itself."""

log = structlog.get_logger()


async def advance(batch_id: UUID, *, desk: Desk, provider: ProviderBatches) -> float | None:
    """Move a provider's batch on by one step, up to 55 s. Commits; never while it talks to the provider.

    Returns in how many seconds it is to be moved on again; None: nothing is with the provider, and nothing waits for it.
    """
    run = await statements.read_run(batch_id)
    if run is None:
        return None
    now = datetime.now(UTC)
    age_s = (now - run.created_at).total_seconds()
    try:
        if age_s > FORGOTTEN_S:
            await _end(run, error="given_up")
            return None
        if run.is_running and age_s > PATIENCE_S:
            await statements.release(run, with_unasked=True)
        async with asyncio.timeout(STEP_DEADLINE_S):
            return await _step(run, desk=desk, provider=provider, is_wanted=run.is_running and age_s <= PATIENCE_S, now=now)
    except TimeoutError:
        log.warning("batches.step_timed_out", batch_id=str(batch_id))
        return POLL_S
    except BatchUnavailable as error:
        log.warning("batches.provider_unavailable", batch_id=str(batch_id), error_type=error.error_type)
        await statements.record_error(run, error.error_type)
        return max(POLL_S, error.retry_after_s or 0.0)
    except BatchRefused as error:
        log.warning("batches.provider_refused", batch_id=str(batch_id), error_type=error.error_type)
        if run.file_id is not None:
            with suppress(BatchUnavailable, BatchRefused):
                await provider.delete(run.file_id)
        await _end(run, error=error.error_type)
        return None


async def _step(run: ProviderRun, *, desk: Desk, provider: ProviderBatches, is_wanted: bool, now: datetime) -> float | None:
    if run.provider_batch_id is not None:
        return await _follow(run, run.provider_batch_id, desk=desk, provider=provider, is_wanted=is_wanted)
    if run.file_id is not None:
        return await _find_or_make(run, run.file_id, provider, is_wanted=is_wanted)
    if not is_wanted:
        for left_over in await provider.find_files(file_name(run)):
            await provider.delete(left_over)
        return None
    if run.error == FULL and run.submitted_at is not None and (now - run.submitted_at).total_seconds() < FULL_S:
        return POLL_S
    file_id = await submit(run, provider=provider, cheap_model=desk.cheap_model, now=now)
    if file_id is not None:
        return await _make(replace(run, file_id=file_id), file_id, provider)
    # Either nothing waits any more, or another step was faster.
    return POLL_S if await statements.has_waiting(run) else None


async def _find_or_make(run: ProviderRun, file_id: str, provider: ProviderBatches, *, is_wanted: bool) -> float | None:
    """Go on from a file of which no batch is known: the step that uploaded it died, or did not hear the answer."""
    found = await provider.find(file_id, label=str(run.id))
    if found is not None:
        await statements.record_provider_batch(run, found.id)
        return AT_ONCE_S
    if is_wanted:
        return await _make(run, file_id, provider)
    await provider.delete(file_id)
    await _end(run)
    return None


async def _make(run: ProviderRun, file_id: str, provider: ProviderBatches) -> float | None:
    """Make a batch of a file."""
    try:
        made = await provider.create(file_id, label=str(run.id))
    except BatchRefused as error:
        await provider.delete(file_id)
        await _end(run, error=error.error_type)
        return None
    if not await statements.record_provider_batch(run, made.id):
        # Called off while it was made.
        await provider.cancel(made.id)
        return POLL_S
    log.info("batches.submitted", batch_id=str(run.id), provider_batch_id=made.id)
    return POLL_S


async def _follow(
    run: ProviderRun, provider_batch_id: str, *, desk: Desk, provider: ProviderBatches, is_wanted: bool
) -> float | None:
    """Ask how the batch stands; when it has ended, take its answers and leave nothing behind."""
    told = await provider.get(provider_batch_id)
    if told.state == "running" and not is_wanted:
        # One that cannot be cancelled ends by itself.
        with suppress(BatchRefused):
            await provider.cancel(provider_batch_id)
        return CANCELLING_S
    if told.state != "ended":
        return POLL_S if is_wanted else CANCELLING_S
    # Also when nobody wants them: what they cost is to be known.
    if told.output_file_id is not None and not await collect(run, told.output_file_id, desk=desk, provider=provider):
        return AT_ONCE_S
    if is_wanted and told.error != FULL:
        # After a trouble of the whole another file would fare no better.
        released = await statements.release(run, with_unasked=told.error is not None)
        log.info("batches.provider_ended", batch_id=str(run.id), error_type=told.error, released=released)
    await _delete_files(run, told, provider)
    await statements.forget_provider(run, error=told.error)
    return AT_ONCE_S if is_wanted and await statements.has_waiting(run) else None


async def _delete_files(run: ProviderRun, told: ProviderBatch, provider: ProviderBatches) -> None:
    """Delete what holds customers' mail."""
    for file_id in (told.output_file_id, told.error_file_id, run.file_id):
        if file_id is not None:
            await provider.delete(file_id)


async def _end(run: ProviderRun, *, error: str | None = None) -> None:
    """Let everything that waits go the ordinary way, and forget the provider."""
    if run.is_running:
        await statements.release(run, with_unasked=True)
    await statements.forget_provider(run, error=error)
