"""The relay: sends what a route could not, what the queue has lost, and what dead workers held; buries the hopeless.

It also ends agents' claims that have lapsed, and drafts anew what an order's change has made wrong.

Runs in every API process: rows are taken with SKIP LOCKED, so any number of relays share the work.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import structlog

from service.deliveries.purge import purge, purge_answers
from service.errors import TemporaryError
from service.jobs import JobSender, Publisher
from service.suggestions import sending
from service.suggestions.claims import release_lapsed
from service.suggestions.rechecks import recheck

PASS_LIMIT = 200
"""Rows a pass takes; a full pass is followed by the next at once, the pause in between keeps the load even."""

RECHECK_LIMIT = 50
"""Drafts compared with changed orders in a pass; each reads its message again."""

FULL_PASS_PAUSE_S = 0.2

PURGE_INTERVAL_S = 3_600.0

log = structlog.get_logger()


async def run_relay(publisher: Publisher, sender: JobSender, *, interval_s: float) -> None:
    """Make passes until cancelled, and purge once an hour. Each is a task of its own, so that a failure leaves nothing behind."""
    purge_at = 0.0
    while True:
        taken = 0
        try:
            taken = await asyncio.create_task(relay_once(publisher, sender))
            if time.monotonic() >= purge_at:
                await asyncio.create_task(_purge())
                purge_at = time.monotonic() + PURGE_INTERVAL_S
        except TemporaryError as error:
            log.warning("relay.pass_failed", error_type=type(error).__name__)
        except Exception:
            log.exception("relay.pass_failed")
        await asyncio.sleep(FULL_PASS_PAUSE_S if taken == PASS_LIMIT else interval_s)


async def relay_once(publisher: Publisher, sender: JobSender) -> int:
    """Make one pass and return how many jobs were sent. While the broker is known to be away, rows are left as they are."""
    await sending.bury_hopeless(PASS_LIMIT)
    await release_lapsed(PASS_LIMIT)
    await recheck(RECHECK_LIMIT)
    if sender.is_broken:
        return 0
    jobs = await sending.take_due(PASS_LIMIT)
    if not jobs:
        return 0
    sent = set(await publisher.send(jobs))
    unsent = [job for job in jobs if job.suggestion_id not in sent]
    if unsent:
        await sending.put_back(unsent)
    log.info("relay.pass_finished", sent=len(sent), unsent=len(unsent))
    return len(sent)


async def _purge() -> None:
    count = await purge(now=datetime.now(UTC))
    if count:
        log.info("relay.deliveries_purged", count=count)
    forgotten = await purge_answers(now=datetime.now(UTC))
    if forgotten:
        log.info("relay.answers_purged", count=forgotten)
