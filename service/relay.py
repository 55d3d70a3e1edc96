"""The relay: sends what a route could not, what the queue has lost, and what dead workers held; buries the hopeless.

It also ends agents' claims that have lapsed, and drafts anew what an order's change has made wrong.

Runs in every API process: rows are taken with SKIP LOCKED, so any number of relays share the work.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import TypeVar

import structlog

from service.batches import service as batches
from service.deliveries.purge import purge, purge_answers
from service.errors import TemporaryError
from service.jobs import JOB_OF, QUEUE_OF, Priority, Publisher
from service.suggestions import sending
from service.suggestions.agents.claims import release_lapsed
from service.suggestions.rechecks import recheck

PASS_LIMIT = 200
"""Rows a pass takes at most."""

BATCH_LIMIT = 50

RECHECK_LIMIT = 50
"""Drafts compared with changed orders in a pass; each reads its message again."""

PURGE_INTERVAL_S = 3_600.0

T = TypeVar("T")

log = structlog.get_logger()


async def run_relay(publisher: Publisher, *, interval_s: float, per_second: int) -> None:
    """Make passes until cancelled, and purge once an hour. Each step is a task of its own: its failure stops no other.

    per_second: jobs that this relay sends at most; what has piled up leaves evenly, one full pass after the other.
    """
    limit = min(PASS_LIMIT, per_second)
    purge_at = 0.0
    while True:
        began_at = time.monotonic()
        await _step(release_lapsed(PASS_LIMIT))
        await _step(recheck(RECHECK_LIMIT))
        sent = await _step(relay_once(publisher, limit=limit))
        await _step(relay_batches(publisher))
        if time.monotonic() >= purge_at and await _step(_purge()):
            purge_at = time.monotonic() + PURGE_INTERVAL_S
        pause_s = limit / per_second - (time.monotonic() - began_at) if sent == limit else interval_s
        await asyncio.sleep(max(pause_s, 0.0))


async def _step(work: Coroutine[None, None, T]) -> T | None:
    """Run one step in a task of its own; None when it has failed."""
    task = asyncio.create_task(work)
    try:
        # Not `await task`: while its server hangs, asyncpg turns a cancellation into a timeout, and the relay would go on.
        await asyncio.wait({task})
    finally:
        task.cancel()
    try:
        return task.result()
    except TemporaryError as error:
        log.warning("relay.pass_failed", error_type=type(error).__name__)
    except Exception:
        log.exception("relay.pass_failed")
    return None


async def relay_once(publisher: Publisher, *, limit: int = PASS_LIMIT) -> int:
    """Make one pass and return how many jobs were sent. While the broker is known to be away, rows are left as they are."""
    await sending.bury_hopeless(PASS_LIMIT)
    await sending.free_lapsed(PASS_LIMIT)
    state = await publisher.state()
    if state is None:
        return 0
    if state.is_new:
        count = await sending.make_due()
        if count:
            log.warning("relay.queue_was_lost", count=count)
    open_priorities = [priority for priority in Priority if QUEUE_OF[JOB_OF[priority]] not in state.long]
    jobs = await sending.take_due(limit, open_priorities)
    if not jobs:
        return 0
    sent = set(await publisher.send(jobs))
    unsent = [job for job in jobs if job.suggestion_id not in sent]
    if unsent:
        await sending.put_back(unsent)
    log.info("relay.pass_finished", sent=len(sent), unsent=len(unsent))
    return len(sent)


async def relay_batches(publisher: Publisher) -> int:
    """Have the batches moved on that are due; return how many. One that could not be sent is due again after half a minute."""
    if publisher.is_broken:
        return 0
    jobs = await batches.take_due(BATCH_LIMIT)
    return len(await publisher.send(jobs)) if jobs else 0


async def _purge() -> bool:
    """Delete what is old; return True when all of it is gone."""
    count = await purge(now=datetime.now(UTC))
    if count:
        log.info("relay.deliveries_purged", count=count)
    forgotten = await purge_answers(now=datetime.now(UTC))
    if forgotten:
        log.info("relay.answers_purged", count=forgotten)
    return True
