"""A command's way to the database: the configured one, that of a running `draftdesk up`, or the embedded one for a moment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from service.embedded.run_file import read_run_file
from service.embedded.stack import Stack
from service.settings import Settings

T = TypeVar("T")


@contextmanager
def servers(settings: Settings) -> Iterator[None]:
    """Put a database and a broker into the environment for the block.

    Raises:
        EmbeddedError: nothing is configured or running, and the embedded servers do not start.
    """
    if settings.database_url:
        yield
        return
    running = read_run_file(settings.data_dir)
    if running is not None:
        use_servers(running.database_url, running.redis_url)
        yield
        return
    with Stack(settings, settings.data_dir, quiet=True) as stack:
        started = stack.start_servers()
        use_servers(started.database_url, started.redis_url)
        yield


def use_servers(database_url: str, redis_url: str) -> None:
    """Name the servers for this process; `piccolo_conf.py` reads them when the engine is first asked for."""
    os.environ["DATABASE_URL"] = database_url
    os.environ["REDIS_URL"] = redis_url


def run_with_pool(work: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine with the database pool open."""
    from service.db.engine import connection_pool  # noqa: PLC0415 - asyncpg and Piccolo only for those who need them

    async def run() -> T:
        async with connection_pool():
            return await work()

    return asyncio.run(run())


def run_on_database(work: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine against the migrated database, wherever that is."""
    settings = Settings.from_env()
    with servers(settings):
        return run_with_pool(lambda: _migrated(work))


async def _migrated(work: Callable[[], Awaitable[T]]) -> T:
    from service.db.migrate import migrate  # noqa: PLC0415
    from service.db.readiness import missing_migrations  # noqa: PLC0415

    if await missing_migrations():
        await migrate()
    return await work()
