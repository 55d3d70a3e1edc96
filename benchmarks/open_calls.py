"""A worker process with as many model calls open as it has threads."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx2

from benchmarks.desk import make_shop, store_mail
from benchmarks.memory import resident_mb
from benchmarks.servers import Bench
from service.commands.database import run_with_pool
from service.embedded.process import start_child
from service.embedded.programs import ROOT, environment
from service.jobs import DraftJob, JobSender

OPEN_CALLS = 500
THINKING_S = 45.0
"""How long the stand-in takes for each answer: all are asked long before the first is answered."""

HOP, HOP_PAUSE_S = 50, 0.5
PATIENCE_S = 30.0
POLL_S = 0.25


@dataclasses.dataclass(frozen=True, slots=True)
class BusyWorker:
    """The worker process, its memory before the first job, and how many calls it has open."""

    pid: int
    idle_mb: float
    count: int


@contextmanager
def open_calls(bench: Bench) -> Iterator[BusyWorker]:
    """Start a worker with 500 threads, send as many jobs, and wait until the model has been asked for all of them.

    Raises:
        TimeoutError: the worker did not come so far in 30 s.
    """
    ids = run_with_pool(_store)
    metrics = bench.folder / "metrics-open-calls"
    metrics.mkdir()
    env = {**os.environ, **environment(bench.settings), "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    # A worker for so many calls fetches as many messages.
    env["dramatiq_queue_prefetch"] = str(OPEN_CALLS)
    command = [sys.executable, "-m", "dramatiq", "actors", "-p", "1", "-t", str(OPEN_CALLS)]
    child = start_child("open-calls", command, env=env, log_path=bench.folder / "open-calls.log", cwd=ROOT)
    control = bench.settings.openai_base_url.removesuffix("/v1") + "/control"
    sender = JobSender(bench.settings.redis_url)
    try:
        pid = _worker_pid(child.pid)
        httpx2.delete(f"{control}/requests", trust_env=False)
        httpx2.post(f"{control}/latency", json={"seconds": THINKING_S}, trust_env=False)
        idle_mb = resident_mb(pid)
        # Little by little: five hundred at the same moment would wait for ten database connections for longer than they may.
        for first in range(0, len(ids), HOP):
            sender.send_all([DraftJob(each) for each in ids[first : first + HOP]])
            time.sleep(HOP_PAUSE_S)
        yield BusyWorker(pid, idle_mb, _wait_for_calls(control))
    finally:
        sender.close()
        child.stop(grace_s=2)
        httpx2.post(f"{control}/latency", json={"seconds": 0}, trust_env=False)


async def _store() -> list[UUID]:
    source = await make_shop()
    return [await store_mail(source, number) for number in range(OPEN_CALLS)]


def _worker_pid(master_pid: int) -> int:
    """Return the process among the master's children that has the threads."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        children = Path(f"/proc/{master_pid}/task/{master_pid}/children").read_text("ascii").split()
        for pid in map(int, children):
            if len(list(Path(f"/proc/{pid}/task").iterdir())) >= OPEN_CALLS:
                return pid
        time.sleep(POLL_S)
    raise TimeoutError(f"No worker with {OPEN_CALLS} threads has started")


def _wait_for_calls(control: str) -> int:
    """Return how many calls are open once all are."""
    deadline = time.monotonic() + PATIENCE_S
    count = 0
    while time.monotonic() < deadline:
        count = httpx2.get(f"{control}/requests", trust_env=False).json()["count"]
        if count >= OPEN_CALLS:
            return int(count)
        time.sleep(POLL_S)
    raise TimeoutError(f"Of {OPEN_CALLS} calls only {count} were made")
