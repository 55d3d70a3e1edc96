"""Who is next among the jobs that a worker holds: VIPs first, yet nobody waits for ever.

Dramatiq takes the job with the lowest priority, and a steady stream of VIPs would keep all others waiting. Here a job's priority is
the moment at which its patience ends: a VIP's has none, and a normal job that has lain in the worker for longer than its own goes
before a VIP's that has just come.
"""

from __future__ import annotations

import time
from typing import ParamSpec, TypeVar

import dramatiq

VIP_PATIENCE_S = 0
NORMAL_PATIENCE_S = 30
BATCH_PATIENCE_S = 300

P = ParamSpec("P")
R = TypeVar("R")


class AgeingActor(dramatiq.Actor[P, R]):
    """An actor whose `priority=` is its jobs' patience in seconds.

    Dramatiq reads the attribute once for each job, when it takes it from Redis into the worker's own line.
    """

    patience_s: int

    @property
    def priority(self) -> int:
        """Milliseconds on this process's clock; the lowest is served first."""
        return int((time.monotonic() + self.patience_s) * 1000)

    @priority.setter
    def priority(self, patience_s: int) -> None:
        self.patience_s = patience_s
