"""What the publisher and the relay do with suggestions: say that they were sent, take what is due, bury the hopeless."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog

from service.jobs import DraftJob, Priority
from service.observability import metrics
from service.suggestions import repository
from service.suggestions.burying import bury

PART = 2_000
MAX_PARTS = 500

log = structlog.get_logger()


async def mark_queued(suggestion_ids: Sequence[UUID]) -> None:
    """Say of these that the broker took them."""
    await repository.mark_queued(suggestion_ids)


async def free_lapsed(limit: int) -> int:
    """Make due again what dead workers held; return how many."""
    freed = await repository.free_lapsed(limit)
    if freed:
        log.warning("suggestions.leases_lapsed", count=freed)
    return freed


async def take_due(limit: int, priorities: Sequence[Priority]) -> list[DraftJob]:
    """Take up to limit jobs of these priorities that are due to be sent, in the order of the priorities."""
    jobs, counts = await repository.take_due(limit, priorities)
    for status, count in counts.items():
        metrics.RELAY_SENT.labels("placeholder" if status == "pending" else "unclaimed").inc(count)
    return jobs


async def make_due() -> int:
    """Make due at once what was queued: the queue has forgotten it. Commits in parts; return how many."""
    count = 0
    for _ in range(MAX_PARTS):
        made = await repository.make_due(PART)
        count += made
        if made < PART:
            break
    return count


async def put_back(jobs: Sequence[DraftJob]) -> None:
    """Make jobs due again that could not be sent after all."""
    await repository.put_back([job.suggestion_id for job in jobs])


async def bury_hopeless(limit: int) -> int:
    """Bury suggestions that have ended four workers; return how many. Commits one by one."""
    hopeless = await repository.take_hopeless(limit)
    for held in hopeless:
        await bury(held, reason_code="poison", error="worker_died")
    return len(hopeless)
