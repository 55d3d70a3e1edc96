"""What the publisher and the relay do with suggestions: say that they were sent, take what is due, bury the hopeless."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog

from service.jobs import DraftJob
from service.observability import metrics
from service.suggestions import repository
from service.suggestions.burying import bury

log = structlog.get_logger()


async def mark_queued(suggestion_ids: Sequence[UUID]) -> None:
    """Say of these that the broker took them."""
    await repository.mark_queued(suggestion_ids)


async def take_due(limit: int) -> list[DraftJob]:
    """Free what dead workers held, and take up to limit jobs that are due to be sent."""
    freed = await repository.free_lapsed(limit)
    if freed:
        log.warning("suggestions.leases_lapsed", count=freed)
    jobs, counts = await repository.take_due(limit)
    for status, count in counts.items():
        metrics.RELAY_SENT.labels("placeholder" if status == "pending" else "unclaimed").inc(count)
    return jobs


async def put_back(jobs: Sequence[DraftJob]) -> None:
    """Make jobs due again that could not be sent after all."""
    await repository.put_back([job.suggestion_id for job in jobs])


async def bury_hopeless(limit: int) -> int:
    """Bury suggestions that have ended four workers; return how many. Commits one by one."""
    hopeless = await repository.take_hopeless(limit)
    for held in hopeless:
        await bury(held, reason_code="poison", error="worker_died")
    return len(hopeless)
