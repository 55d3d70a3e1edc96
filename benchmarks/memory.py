"""Whether the API process keeps what it was sent: its memory over 10,000 mails of mixed sizes."""

from __future__ import annotations

from pathlib import Path

from benchmarks.load import LoadOrder
from benchmarks.measures import Measure, run_child
from service.settings import Settings
from service.shops.types import Source

STEPS = 10
STEP = ((5_000, 890), (100_000, 100), (1_000_000, 9), (10_000_000, 1))
"""Bytes and count of the mails of one step, a thousand together."""

CONNECTIONS = 4


def print_memory(settings: Settings, source: Source, pid: int) -> None:
    """Send ten thousand mails and print the process's memory after each thousand, beside that after the first."""
    count = sum(each for _, each in STEP)
    print(f"Memory of the API process: {STEPS * count:,} raw mails, in each thousand {_mix()}", flush=True)
    print(f"{'mails':>7}{'resident MB':>13}{'beside the first thousand':>28}{'errors':>8}")
    first_mb = 0.0
    for step in range(1, STEPS + 1):
        errors = sum(_send(settings, source, size_bytes, number) for size_bytes, number in STEP)
        now_mb = resident_mb(pid)
        first_mb = first_mb or now_mb
        print(f"{step * count:>7,}{now_mb:>13.1f}{now_mb - first_mb:>+28.1f}{errors:>8}", flush=True)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB, from /proc."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024 / 1e6


def _mix() -> str:
    return ", ".join(f"{number} of {size_bytes // 1000:,} kB" for size_bytes, number in STEP)


def _send(settings: Settings, source: Source, size_bytes: int, count: int) -> int:
    order = LoadOrder(
        port=settings.port,
        path=f"/webhooks/mime/{source.id}",
        secret=source.secrets[0],
        connections=min(CONNECTIONS, count),
        count=count,
        provider="mime",
        size_bytes=size_bytes,
    )
    return run_child("benchmarks.load", order, Measure).errors
