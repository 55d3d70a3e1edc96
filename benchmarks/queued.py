"""Mails that wait for their draft, again for each round, and the worker processes that draft them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from benchmarks.desk import ARTICLES, EARLIER, ORDERS, make_shop, store_mail
from benchmarks.servers import Bench
from service.db.engine import fetch, fetch_row
from service.drafting.types import Prompt
from service.embedded.process import Child, start_child
from service.embedded.programs import ROOT, environment

USUAL_THREADS = 5
PATIENCE_S = 120.0
POLL_S = 0.1
STORED_AT_ONCE = 8

# Far from due, so that no relay would send them.
_RESET = """
UPDATE suggestion SET status = 'queued', attempt = 0, kind = NULL, body = NULL, started_at = NULL, finished_at = NULL,
                      next_send_at = now() + interval '1 hour'
WHERE id = ANY($1::uuid[])
"""

_PROGRESS = """
SELECT count(*) FILTER (WHERE status = 'ready') AS ready, min(started_at) AS first_start, max(finished_at) AS last_save
FROM suggestion WHERE id = ANY($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to read for each job: orders of the customer, earlier mails of the thread, articles of the shop."""

    name: str
    orders: int = ORDERS
    earlier: int = EARLIER
    articles: int = ARTICLES


async def store_mails(count: int, load: Load) -> list[UUID]:
    """Store so many customers with their mails; return the suggestions for the last mail of each."""
    source = await make_shop(load.articles)
    turns = asyncio.Semaphore(STORED_AT_ONCE)

    async def store(number: int) -> UUID:
        async with turns:
            return await store_mail(source, number, orders=load.orders, earlier=load.earlier)

    ids = await asyncio.gather(*map(store, range(count)))
    await fetch("ANALYZE")
    return list(ids)


async def prompt_of(suggestion_id: UUID) -> Prompt:
    """Return what the model is asked for a suggestion."""
    from service.drafting.prompt import render  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.suggestions import repository  # noqa: PLC0415
    from service.suggestions.context import read_context  # noqa: PLC0415

    held = await repository.claim(suggestion_id)
    assert held is not None
    context = await read_context(held, today=held.created_at.date())
    return render(context.snapshot)


async def reset(ids: Sequence[UUID]) -> None:
    """Make these suggestions wait for a worker again."""
    await fetch(_RESET, list(ids))


async def seconds_to_save(ids: Sequence[UUID]) -> float:
    """Wait until all of these are ready; return the seconds from the first start to the last save, on the database's clock.

    Raises:
        TimeoutError: they are not after two minutes.
    """
    deadline = time.monotonic() + PATIENCE_S
    ready = 0
    while time.monotonic() < deadline:
        row = await fetch_row(_PROGRESS, list(ids))
        ready = row["ready"]
        if ready == len(ids):
            return float((row["last_save"] - row["first_start"]).total_seconds())
        await asyncio.sleep(POLL_S)
    raise TimeoutError(f"Of {len(ids)} jobs {ready} were done")


@contextmanager
def worker_processes(bench: Bench, module: str, *, processes: int, threads: int, **extra: str) -> Iterator[Child]:
    """Run `dramatiq MODULE -p ... -t ...` for the length of the block. extra: of its environment."""
    name = f"{module}-{processes}-{threads}-{time.monotonic_ns()}"
    metrics = bench.folder / f"metrics-{name}"
    metrics.mkdir()
    env = {**os.environ, **environment(bench.settings), "PROMETHEUS_MULTIPROC_DIR": str(metrics), **extra}
    if threads > USUAL_THREADS:
        # As many as Dramatiq fetches by itself; `draftdesk up` fetches no more than its five threads have begun.
        env["dramatiq_queue_prefetch"] = str(2 * threads)
    command = [sys.executable, "-m", "dramatiq", module, "-p", str(processes), "-t", str(threads)]
    log_path = bench.folder / f"{name}.log"
    child = start_child("worker", command, env=env, log_path=log_path, cwd=ROOT)
    try:
        yield child
    except TimeoutError:
        print(log_path.read_text()[-2_000:], file=sys.stderr)
        raise
    finally:
        child.stop(grace_s=10)
