"""From the bytes of a raw mail to the stored message, by size, beside the floor; the API's memory; whether time stays linear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.floor import FloorOrder
from benchmarks.linear import print_linear
from benchmarks.load import LoadOrder
from benchmarks.measures import Measure, middle, run_child
from benchmarks.memory import print_memory
from benchmarks.servers import empty, make_source, running_servers
from benchmarks.webhook import bare_port
from service.settings import Settings
from service.shops.types import Source

ROUNDS = 3
WARM_UP = 2
"""Mails before those that count, in each round: tables are empty and plans are new."""

FLOOR, INBOUND, BARE = "rows alone, no HTTP (floor)", "mail to stored message", "HTTP alone, no database"


@dataclass(frozen=True, slots=True)
class Size:
    """One size of mail, and how many of them a round sends over one connection."""

    name: str
    size_bytes: int
    count: int


SIZES = (Size("5 kB", 5_000, 1_000), Size("100 kB", 100_000, 500), Size("1 MB", 1_000_000, 100), Size("25 MB", 25_000_000, 30))


def main() -> None:
    """Measure and print: sizes, memory, linearity. About three minutes."""
    with running_servers() as bench, bare_port() as port:
        source = make_source("mime")
        settings = bench.stack.start_api(bench.settings)
        api = bench.stack.children[-1]
        print("Inbound: signed raw mails with attachments through one API process, one connection, real PostgreSQL", flush=True)
        print(f"{f'median of {ROUNDS} rounds':<34}{'size':>8}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}{'errors':>8}{'of floor':>10}")
        for size in SIZES:
            _print_size(size, _measured(size, settings, source, port))
        empty(settings)
        print(flush=True)
        print_memory(settings, source, api.pid)
    print(flush=True)
    print_linear()


def _measured(size: Size, settings: Settings, source: Source, port: int) -> dict[str, Measure]:
    subjects: dict[str, Callable[[], Measure]] = {
        FLOOR: lambda: _floor(size, settings, source),
        INBOUND: lambda: _load(size, settings.port, f"/webhooks/mime/{source.id}", source),
        BARE: lambda: _load(size, port, "/", source),
    }
    rounds: dict[str, list[Measure]] = {what: [] for what in subjects}
    for _ in range(ROUNDS):
        for what, measure_round in subjects.items():
            empty(settings)
            rounds[what].append(measure_round())
    return {what: middle(found) for what, found in rounds.items()}


def _print_size(size: Size, measured: dict[str, Measure]) -> None:
    for what, each in measured.items():
        share = each.per_second / measured[FLOOR].per_second
        print(
            f"{what:<34}{size.name:>8}{each.per_second:>9,.0f}{each.p50_ms:>9.2f}{each.p99_ms:>9.2f}{each.errors:>8}{share:>10.0%}",
            flush=True,
        )


def _load(size: Size, port: int, path: str, source: Source) -> Measure:
    order = LoadOrder(
        port=port,
        path=path,
        secret=source.secrets[0],
        connections=1,
        count=size.count,
        provider="mime",
        size_bytes=size.size_bytes,
        warm_up=WARM_UP,
    )
    return run_child("benchmarks.load", order, Measure)


def _floor(size: Size, settings: Settings, source: Source) -> Measure:
    order = FloorOrder(
        database_url=settings.database_url,
        source_id=source.id,
        shop_id=source.shop_id,
        secret=source.secrets[0],
        connections=1,
        count=size.count,
        provider="mime",
        size_bytes=size.size_bytes,
        warm_up=WARM_UP,
    )
    return run_child("benchmarks.floor", order, Measure)


if __name__ == "__main__":
    main()
