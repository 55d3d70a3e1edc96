"""What the soak watches while it runs: the memory of its processes, and how often the model was asked for each mail."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean

import asyncpg
import httpx2

from tests.faults.program import Program, memory_bytes
from tests.faults.seen import asked_at
from tests.faults.soak_faults import SPARED, Fleet
from tests.faults.soak_load import Load

SAMPLE_EVERY_S = 10.0
MEGABYTE = 1_000_000

_WAITING = "SELECT count(*) FROM suggestion WHERE status IN ('pending', 'queued', 'drafting')"


@dataclass(slots=True)
class Watch:
    """Samples until cancelled.

    Attributes:
        api_bytes, worker_bytes: of the API and the worker that are never ended.
        calls: when the model was asked, by the mail's word.
    """

    fleet: Fleet
    load: Load
    began_at: float = field(default_factory=time.monotonic)
    api_bytes: list[int] = field(default_factory=list)
    worker_bytes: list[int] = field(default_factory=list)
    calls: dict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))

    @property
    def call_count(self) -> int:
        """All calls."""
        return sum(map(len, self.calls.values()))

    async def run(self) -> None:
        """Print a line each ten seconds."""
        while True:
            await asyncio.sleep(SAMPLE_EVERY_S)
            await self.count_calls()
            await self._sample()

    async def count_calls(self) -> None:
        """Add what the model was asked since the last time; it remembers the last 1,000 requests."""
        with suppress(httpx2.HTTPError):
            for word, moments in (await asked_at(self.fleet.desk)).items():
                self.calls[word] |= set(moments)

    async def _sample(self) -> None:
        fleet = self.fleet
        apis = [_resident(each, each.pid) for each in fleet.apis]
        workers = [_resident(each, _working_pid(each)) for each in fleet.workers]
        if apis[SPARED]:
            self.api_bytes.append(apis[SPARED])
        if workers[SPARED]:
            self.worker_bytes.append(workers[SPARED])
        waiting = "?"
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            waiting = str((await fleet.desk.rows(_WAITING))[0]["count"])
        told = self.load.told
        sys.stdout.write(
            f"{time.monotonic() - self.began_at:5.0f} s  written {told.written}, taken {len(fleet.desk.accepted)}, "
            f"waiting {waiting}, calls {self.call_count}; MB: APIs {_megabytes(apis)}, workers {_megabytes(workers)}\n"
        )


@dataclass(frozen=True, slots=True)
class Growth:
    """Mean resident memory of the first and the last third of a run, and the most."""

    first_mb: float
    last_mb: float
    most_mb: float

    @property
    def is_flat(self) -> bool:
        """Whether the last third is within a tenth of the first."""
        return self.last_mb <= self.first_mb * 1.1


def growth_of(samples: Sequence[int]) -> Growth | None:
    """Compare the thirds; None for fewer than three samples."""
    third = len(samples) // 3
    if not third:
        return None
    return Growth(fmean(samples[:third]) / MEGABYTE, fmean(samples[-third:]) / MEGABYTE, max(samples) / MEGABYTE)


def _working_pid(worker: Program) -> int:
    """Return the process that runs the jobs, 0 while there is none."""
    try:
        return worker.working_pid
    except (OSError, IndexError):
        return 0


def _resident(program: Program, pid: int) -> int:
    if not pid or program.child.returncode is not None:
        return 0
    try:
        return memory_bytes(pid)
    except (OSError, IndexError):
        return 0


def _megabytes(sizes: Sequence[int]) -> str:
    return " ".join(f"{size / MEGABYTE:.0f}" for size in sizes)
