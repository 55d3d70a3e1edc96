"""The time from sending a job to its start in an idle worker: our broker beside Dramatiq's own, in the same minutes."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import redis
from dramatiq.brokers.redis import RedisBroker

from benchmarks.measures import percentile_ms
from benchmarks.pickup_keys import STOCK_NAMESPACE, started_key
from benchmarks.servers import Bench, running_servers
from service.db.ids import uuid7
from service.embedded.process import Child, start_child
from service.embedded.programs import ROOT, environment
from service.jobs import DraftJob, JobSender, message_of

WARM_UPS = 5
START_TIMEOUT_S = 30
TUNING = ("dramatiq_worker_timeout", "dramatiq_queue_prefetch")
"""What our worker's environment sets; the stock worker goes without."""


@dataclass(frozen=True, slots=True)
class Idle:
    """How long a worker has nothing to do before a job, at random between two bounds, and how many jobs are sent so."""

    low_s: float
    high_s: float
    count: int

    def __str__(self) -> str:
        return f"idle {self.low_s * 1000:.0f}-{self.high_s * 1000:.0f} ms"


IDLES = (Idle(0.02, 0.2, 200), Idle(1.0, 2.0, 12))

OURS, STOCK = "ours", "stock"
NAMES = {OURS: "draftdesk's broker", STOCK: "Dramatiq's own broker"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; milliseconds."""

    what: str
    idle: Idle
    p50_ms: float
    p99_ms: float


def main() -> None:
    """Measure and print."""
    print("Pickup: one worker process with five threads, nothing else to do", flush=True)
    print_table(run())


def run() -> list[Row]:
    """Measure both; takes a bit over a minute. Each job is sent when the one before has started, to the two by turns."""
    with running_servers() as bench, ExitStack() as exits:
        client = exits.enter_context(redis.Redis.from_url(bench.settings.redis_url))
        sender = JobSender(bench.settings.redis_url)
        exits.callback(sender.close)
        stock = RedisBroker(client=client, namespace=STOCK_NAMESPACE, middleware=[])
        sends: dict[str, Callable[[DraftJob], object]] = {
            OURS: lambda job: sender.send_all([job]),
            STOCK: lambda job: stock.enqueue(message_of(job)),
        }
        for kind, send in sends.items():
            exits.callback(_start_worker(bench, kind).stop, 10)
            for _ in range(WARM_UPS):
                _send_and_wait(client, kind, send)
        return [row for idle in IDLES for row in _measure(client, sends, idle)]


def print_table(rows: list[Row]) -> None:
    """Print the rows."""
    print(f"{'send to start, idle worker':<44}{'jobs':>6}{'p50 ms':>9}{'p99 ms':>9}")
    for row in rows:
        # Of a dozen jobs no percentile but the middle one means anything.
        p99 = f"{row.p99_ms:>9.1f}" if row.idle.count >= 100 else f"{'-':>9}"
        print(f"{row.what + ', ' + str(row.idle):<44}{row.idle.count:>6}{row.p50_ms:>9.1f}{p99}")


def _measure(client: redis.Redis, sends: dict[str, Callable[[DraftJob], object]], idle: Idle) -> list[Row]:
    waits_ns: dict[str, list[int]] = {kind: [] for kind in sends}
    for _ in range(idle.count):
        for kind, send in sends.items():
            time.sleep(random.uniform(idle.low_s, idle.high_s) / len(sends))
            waits_ns[kind].append(_send_and_wait(client, kind, send))
    return [Row(NAMES[kind], idle, percentile_ms(found, 0.50), percentile_ms(found, 0.99)) for kind, found in waits_ns.items()]


def _send_and_wait(client: redis.Redis, kind: str, send: Callable[[DraftJob], object]) -> int:
    """Return the nanoseconds from just before the send to the actor's first line. Raises TimeoutError after 30 s."""
    job = DraftJob(uuid7())
    sent_ns = time.monotonic_ns()
    send(job)
    answer = client.blpop([started_key(kind)], timeout=START_TIMEOUT_S)
    if answer is None:
        raise TimeoutError(f"No job started in the worker on {NAMES[kind]}")
    return int(answer[1]) - sent_ns


def _start_worker(bench: Bench, kind: str) -> Child:
    """Start a worker like that of `draftdesk up`: one process, five threads."""
    metrics = bench.folder / f"metrics-{kind}"
    metrics.mkdir()
    env = {**os.environ, **environment(bench.settings), "PICKUP_BROKER": kind, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    if kind == STOCK:
        env = {name: value for name, value in env.items() if name not in TUNING}
    command = [sys.executable, "-m", "dramatiq", "benchmarks.pickup_actors", "-p", "1", "-t", "5"]
    return start_child(kind, command, env=env, log_path=bench.folder / f"{kind}.log", cwd=ROOT)


if __name__ == "__main__":
    main()
