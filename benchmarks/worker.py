"""Jobs a second of the worker with a model that answers at once, beside the model call alone and Dramatiq as it comes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import msgspec
import redis
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker

from benchmarks.calls import CallsMeasure, CallsOrder
from benchmarks.instant import instant_model, read_seen
from benchmarks.instant_model import Seen
from benchmarks.measures import run_child
from benchmarks.processes import cpu_s
from benchmarks.queued import POLL_S, Load, prompt_of, reset, seconds_to_save, store_mails, worker_processes
from benchmarks.servers import Bench, running_servers
from benchmarks.stock_names import ACTOR, NAMESPACE, QUEUE
from service.commands.database import run_with_pool
from service.drafting.types import Prompt
from service.jobs import DraftJob, JobSender
from service.observability.logging import configure_logging

JOBS = 1_500
WARM_UPS = 200
CALLS_AT_ONCE = 16
HOP = 500

FULL = Load("five orders, four earlier mails, ten articles")
LIGHT = Load("one order, no earlier mail, no article", orders=1, earlier=0, articles=0)
SHAPES = ((FULL, 1, 5), (FULL, 1, 16), (FULL, 2, 16), (FULL, 4, 16), (LIGHT, 1, 16), (LIGHT, 2, 16))
"""What there is to read, processes, and threads of each."""

IDLE_S = 20
SETTLE_S = 10.0
"""A worker has started by then, on a machine that has other things to do as well."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. cpu_ms: of the processes that are measured, for each job; all_cpu_ms: of the servers too."""

    what: str
    per_second: float
    cpu_ms: float
    all_cpu_ms: float


class _Cpu:
    """The CPU time that is used from here on: of the processes measured, and of all that the benchmark has started."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._own_s, self._all_s = cpu_s(pid), cpu_s(os.getpid(), with_itself=False)

    def row(self, what: str, per_second: float) -> Row:
        """Return the row, the time shared among the jobs."""
        own_s = cpu_s(self._pid) - self._own_s
        all_s = cpu_s(os.getpid(), with_itself=False) - self._all_s
        return Row(what, per_second, own_s / JOBS * 1000, all_s / JOBS * 1000)


def main() -> None:
    """Measure and print."""
    configure_logging("warning")
    with running_servers() as servers, instant_model(servers) as bench:
        print(f"Worker: {JOBS:,} jobs that wait, a model that answers at once", flush=True)
        print(f"{'':<58}{'per s':>8}{'CPU ms':>8}{'all CPU':>9}{'of floor':>10}", flush=True)
        floor = 0.0
        for row in _rows(bench):
            floor = floor or row.per_second
            figures = f"{row.per_second:>8.0f}{row.cpu_ms:>8.2f}{row.all_cpu_ms:>9.2f}{row.per_second / floor:>10.0%}"
            print(f"{row.what:<58}{figures}", flush=True)
        print(flush=True)
        print_idle(bench)


def _rows(bench: Bench) -> Iterator[Row]:
    ids = {load: run_with_pool(partial(store_mails, JOBS + WARM_UPS, load)) for load in (FULL, LIGHT)}
    prompt = run_with_pool(partial(prompt_of, ids[FULL][0]))
    yield _calls("model call alone, as the worker makes it (floor)", bench, prompt, is_stock=False)
    yield _calls("model call alone, the SDK as it comes", bench, prompt, is_stock=True)
    yield stock_row(bench, prompt, threads=CALLS_AT_ONCE)
    for load, processes, threads in SHAPES:
        yield worker_row(bench, ids[load], load, processes=processes, threads=threads)


def worker_row(bench: Bench, ids: Sequence[UUID], load: Load, *, processes: int, threads: int) -> Row:
    """Let a worker draft all that wait, after some that warm it up."""
    sender = JobSender(bench.settings.redis_url)
    with worker_processes(bench, "actors", processes=processes, threads=threads) as master:
        _draft_all(sender, ids[:WARM_UPS])
        cpu = _Cpu(master.pid)
        seconds = _draft_all(sender, ids[WARM_UPS:])
        kind = "" if load is FULL else ", light"
        row = cpu.row(f"draftdesk's worker, -p {processes} -t {threads}{kind}", JOBS / seconds)
    sender.close()
    return row


def stock_row(bench: Bench, prompt: Prompt, *, threads: int) -> Row:
    """Let Dramatiq as it comes make as many model calls with the SDK as it comes, and nothing else."""
    path = bench.folder / "prompt.json"
    path.write_bytes(msgspec.json.encode(prompt))
    with (
        redis.Redis.from_url(bench.settings.redis_url) as client,
        worker_processes(bench, "benchmarks.stock_actors", processes=1, threads=threads, STOCK_PROMPT=str(path)) as master,
    ):
        broker = RedisBroker(client=client, namespace=NAMESPACE, middleware=[])
        _ask_all(client, broker, bench, WARM_UPS)
        cpu = _Cpu(master.pid)
        seen = _ask_all(client, broker, bench, JOBS)
        return cpu.row(f"Dramatiq and SDK as they come, that call alone, -p 1 -t {threads}", seen.count / seen.seconds)


def print_idle(bench: Bench) -> None:
    """Print what an idle worker of the usual shape costs."""
    with (
        worker_processes(bench, "actors", processes=1, threads=5) as master,
        redis.Redis.from_url(bench.settings.redis_url) as client,
    ):
        time.sleep(SETTLE_S)
        before, used_s = _commands(client), cpu_s(master.pid)
        time.sleep(IDLE_S)
        after, used_s = _commands(client), cpu_s(master.pid) - used_s
    rates = {name: (count - before.get(name, 0)) / IDLE_S for name, count in after.items()}
    told = ", ".join(f"{name} {rate:.1f}" for name, rate in sorted(rates.items(), key=lambda each: -each[1]) if rate >= 0.05)
    print(f"Idle, -p 1 -t 5: {sum(rates.values()):.1f} Redis commands a second, scripts' own included ({told}); ", end="")
    print(f"{used_s / IDLE_S * 60:.2f} CPU seconds a minute")


def _calls(what: str, bench: Bench, prompt: Prompt, *, is_stock: bool) -> Row:
    order = CallsOrder(bench.settings.openai_base_url, prompt, JOBS, CALLS_AT_ONCE, is_stock)
    before_s = cpu_s(os.getpid(), with_itself=False)
    found = run_child("benchmarks.calls", order, CallsMeasure)
    # The child is gone, and its time with it: what is left is the model's.
    model_ms = (cpu_s(os.getpid(), with_itself=False) - before_s) / JOBS * 1000
    read_seen(bench)
    return Row(what, found.per_second, found.cpu_ms, found.cpu_ms + model_ms)


def _draft_all(sender: JobSender, ids: Sequence[UUID]) -> float:
    run_with_pool(partial(reset, ids))
    for first in range(0, len(ids), HOP):
        jobs = [DraftJob(each) for each in ids[first : first + HOP]]
        assert len(sender.send_all(jobs)) == len(jobs)
    return run_with_pool(partial(seconds_to_save, ids))


def _ask_all(client: redis.Redis, broker: RedisBroker, bench: Bench, count: int) -> Seen:
    for number in range(count):
        broker.enqueue(Message(queue_name=QUEUE, actor_name=ACTOR, args=(number,), kwargs={}, options={}))
    while client.hlen(f"{NAMESPACE}:{QUEUE}.msgs"):
        time.sleep(POLL_S)
    return read_seen(bench)


def _commands(client: redis.Redis) -> dict[str, int]:
    stats = client.info("commandstats")
    return {name.removeprefix("cmdstat_"): each["calls"] for name, each in stats.items() if name != "cmdstat_info"}


if __name__ == "__main__":
    main()
