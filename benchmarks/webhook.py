"""Webhooks a second and their latency through one API process, beside what the database alone and HTTP alone can do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from benchmarks.floor import FloorOrder
from benchmarks.load import LoadOrder
from benchmarks.mails import BODY_BYTES
from benchmarks.measures import Measure, middle, run_child
from benchmarks.servers import count_unsent, empty, make_source, running_servers
from service.embedded.process import start_child
from service.embedded.programs import ROOT
from service.embedded.ready import answers_ok, start_on_free_port
from service.settings import Settings
from service.shops.types import Source

ROUNDS = 3
COUNTS = {1: 1_500, 32: 8_000}
"""Requests of a round, by the number of connections."""

WORKER_ROUND = (32, 4_000)
"""Connections and requests of the one round beside a working worker."""

FLOOR, WEBHOOK, BARE = "rows alone, no HTTP (floor)", "webhook", "HTTP alone, no database"
WEBHOOK_AND_WORKER = "webhook, a worker drafting meanwhile"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        measured: the medians of the rounds.
        of_floor: how many of the floor's transactions a second it reached; 1.0 is as many.
    """

    what: str
    connections: int
    measured: Measure
    of_floor: float


def main() -> None:
    """Measure and print."""
    print(f"Webhooks: signed e-mails of {BODY_BYTES:,} bytes through one API process, real PostgreSQL and Valkey", flush=True)
    print_table(run())


def run() -> list[Row]:
    """Measure everything; takes about a minute and a half. Each round measures all of it, so that a busy moment hits all alike."""
    with running_servers() as bench, bare_port() as port:
        source = make_source()
        settings = bench.stack.start_api(bench.settings)
        subjects: dict[str, Callable[[int, int], Measure]] = {
            FLOOR: lambda connections, count: _floor(settings, source, connections, count),
            WEBHOOK: lambda connections, count: _webhook(settings, source, connections, count),
            BARE: lambda connections, count: _load(port, "/", source, connections, count),
        }
        rounds: dict[tuple[str, int], list[Measure]] = {}
        for _ in range(ROUNDS):
            for connections, count in COUNTS.items():
                for what, measure_round in subjects.items():
                    empty(settings)
                    rounds.setdefault((what, connections), []).append(measure_round(connections, count))
        empty(settings)
        bench.stack.start_worker(settings)
        beside_worker = subjects[WEBHOOK](*WORKER_ROUND)
    rows = [_row(what, connections, middle(found), rounds) for (what, connections), found in rounds.items()]
    return [*rows, _row(WEBHOOK_AND_WORKER, WORKER_ROUND[0], beside_worker, rounds)]


def print_table(rows: list[Row]) -> None:
    """Print the rows, those of the single connection first."""
    title = f"median of {ROUNDS} rounds"
    print(f"{title:<38}{'conns':>6}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}{'unsent':>8}{'of floor':>10}")
    for row in sorted(rows, key=lambda row: row.connections):
        numbers = row.measured
        unsent = "-" if numbers.unsent is None else str(numbers.unsent)
        print(
            f"{row.what:<38}{row.connections:>6}{numbers.per_second:>9,.0f}{numbers.p50_ms:>9.2f}{numbers.p99_ms:>9.2f}"
            f"{numbers.errors:>8}{unsent:>8}{row.of_floor:>10.0%}"
        )


def _row(what: str, connections: int, measured: Measure, rounds: dict[tuple[str, int], list[Measure]]) -> Row:
    return Row(what, connections, measured, measured.per_second / middle(rounds[FLOOR, connections]).per_second)


def _webhook(settings: Settings, source: Source, connections: int, count: int) -> Measure:
    measured = _load(settings.port, f"/webhooks/{source.provider}/{source.id}", source, connections, count)
    return msgspec.structs.replace(measured, unsent=count_unsent(settings))


def _load(port: int, path: str, source: Source, connections: int, count: int) -> Measure:
    order = LoadOrder(port=port, path=path, secret=source.secrets[0], connections=connections, count=count)
    return run_child("benchmarks.load", order, Measure)


def _floor(settings: Settings, source: Source, connections: int, count: int) -> Measure:
    order = FloorOrder(
        database_url=settings.database_url,
        source_id=source.id,
        shop_id=source.shop_id,
        secret=source.secrets[0],
        connections=connections,
        count=count,
    )
    return run_child("benchmarks.floor", order, Measure)


@contextmanager
def bare_port() -> Iterator[int]:
    """Run the route that does nothing, as the API is run; its port."""
    uvicorn = [sys.executable, "-m", "uvicorn", "benchmarks.bare:create_app", "--factory", "--host", "127.0.0.1"]
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    child, port = start_on_free_port(
        lambda port: start_child("bare", [*uvicorn, "--port", str(port), *options], env=os.environ, log_path=None, cwd=ROOT),
        lambda port: answers_ok(port, "/live"),
    )
    try:
        yield port
    finally:
        child.stop(grace_s=5)


if __name__ == "__main__":
    main()
