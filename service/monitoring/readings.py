"""How the queues and the suggestions stand, asked of Redis and Postgres at the time of a scrape. Reads only, within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import asyncpg
import structlog

from service.db.engine import fetch_row
from service.errors import ServiceError
from service.jobs import Queue
from service.jobs.contents import LiveWorker, QueueContents, read_contents
from service.jobs.store import StoreState, read_store
from service.suggestions.backlog import Backlog, read_backlog

DEADLINE_S = 2.0
"""For both together, who are asked at the same time: a scrape must be answered while one of them hangs."""

REDIS_TIMEOUT_S = 1.0
MAX_DEAD_LETTERS = 100_000

_DESK = """
SELECT (SELECT count(*) FROM (SELECT FROM suggestion WHERE status = 'failed' AND outcome IS NULL LIMIT $1) AS dead) AS dead_letters,
       pg_database_size(current_database()) AS size_bytes
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class QueueReading:
    """What Redis holds."""

    queues: Sequence[QueueContents]
    workers: Sequence[LiveWorker]
    store: StoreState


@dataclass(frozen=True, slots=True)
class DeskReading:
    """What Postgres holds. dead_letters: failed suggestions that nobody has dealt with; counted up to 100,000."""

    backlog: Sequence[Backlog]
    dead_letters: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Readings:
    """Both; None for what did not answer in time."""

    queue: QueueReading | None
    desk: DeskReading | None


async def take_readings(redis_url: str, database: AbstractAsyncContextManager[None]) -> Readings:
    """Ask both at once, for 2 s at most. database: holds the connection pool open meanwhile."""
    queue, desk = await asyncio.gather(_read_queue(redis_url), _read_desk(database))
    return Readings(queue, desk)


async def _read_queue(redis_url: str) -> QueueReading | None:
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await asyncio.to_thread(_ask_redis, redis_url)
    except (ServiceError, TimeoutError) as error:
        log.warning("monitoring.not_read", source="redis", error_type=type(error).__name__)
        return None


def _ask_redis(redis_url: str) -> QueueReading:
    queues, workers = read_contents(redis_url, list(Queue), timeout_s=REDIS_TIMEOUT_S)
    return QueueReading(queues, workers, read_store(redis_url, timeout_s=REDIS_TIMEOUT_S))


async def _read_desk(database: AbstractAsyncContextManager[None]) -> DeskReading | None:
    try:
        async with asyncio.timeout(DEADLINE_S), database:
            backlog = await read_backlog()
            row = await fetch_row(_DESK, MAX_DEAD_LETTERS)
    except (ServiceError, TimeoutError, asyncpg.PostgresError) as error:
        # Before the migration the tables are missing, and a worker that waits for it has a page already.
        log.warning("monitoring.not_read", source="postgres", error_type=type(error).__name__)
        return None
    return DeskReading(backlog, row["dead_letters"], row["size_bytes"])
