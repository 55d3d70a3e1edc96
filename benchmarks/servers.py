"""Real servers in a temporary folder, with one shop, for the length of a benchmark."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import redis

from service.commands.database import run_with_pool, use_servers
from service.embedded.files import temporary_directory
from service.embedded.stack import Stack
from service.settings import Settings
from service.shops.types import Provider, Source


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """What runs, and where it keeps its logs."""

    stack: Stack
    settings: Settings
    folder: Path


@contextmanager
def running_servers() -> Iterator[Bench]:
    """Start Postgres, Valkey and the stand-in model, and migrate. Everything is stopped and removed at the end."""
    with temporary_directory("draftdesk-bench-") as folder:
        settings = dataclasses.replace(
            Settings.from_env({}),
            data_dir=folder / "servers",
            port=0,
            metrics_port=0,
            log_level="warning",
            coalesce_pause_s=0.0,
        )
        with Stack(settings, settings.data_dir, quiet=True) as stack:
            started = stack.start_stand_in(stack.start_servers())
            use_servers(started.database_url, started.redis_url)
            _migrate()
            yield Bench(stack, started, folder)


def make_source(provider: Provider = "standard") -> Source:
    """Make a shop with a source."""
    from service.shops.service import create_shop  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.shops.sources import create_source  # noqa: PLC0415

    async def make() -> Source:
        shop_id = await create_shop(slug="bench", name="Benchmark")
        return await create_source(shop_id, provider=provider, name="bench")

    return run_with_pool(make)


def empty(settings: Settings) -> None:
    """Forget all mail and all jobs, so that each round begins alike."""
    tables = "delivery, customer, thread, message, attachment, suggestion, model_call"
    asyncio.run(_execute(settings, f"TRUNCATE {tables} CASCADE"))
    asyncio.run(_execute(settings, "CHECKPOINT"))
    with redis.Redis.from_url(settings.redis_url) as client:
        client.flushdb()


def count_unsent(settings: Settings) -> int:
    """Return how many suggestions are stored whose job has not been sent."""
    rows = asyncio.run(_execute(settings, "SELECT count(*) FROM suggestion WHERE status = 'pending'"))
    return int(rows[0][0])


async def _execute(settings: Settings, sql: str) -> list[Any]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return list(await connection.fetch(sql))
    finally:
        await connection.close()


def _migrate() -> None:
    from service.db.migrate import migrate  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs

    run_with_pool(migrate)
