"""What a round measured, and several rounds as one line: the median of each number."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from typing import TypeVar

import msgspec

CHILD_TIMEOUT_S = 120

T = TypeVar("T")


class Measure(msgspec.Struct, frozen=True):
    """One round, or the medians of several. Latencies in milliseconds.

    Attributes:
        errors: answers that were not the expected one, of all rounds.
        unsent: jobs not yet marked as sent just after the last answer, the worst of the rounds; None: no jobs here.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    unsent: int | None = None


def measure(latencies_ns: Sequence[int], seconds: float, errors: int) -> Measure:
    """Return the measure of one round. Raises ValueError when nothing was answered."""
    if not latencies_ns:
        raise ValueError("Nothing was answered")
    return Measure(len(latencies_ns) / seconds, percentile_ms(latencies_ns, 0.50), percentile_ms(latencies_ns, 0.99), errors)


def percentile_ms(durations_ns: Sequence[int], share: float) -> float:
    """Return the duration that this share of all does not exceed (nearest rank), in milliseconds."""
    ordered = sorted(durations_ns)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1e6


def middle(rounds: Sequence[Measure]) -> Measure:
    """Return the median of each number, the sum of the errors and the worst of the unsent."""
    unsent = [each.unsent for each in rounds if each.unsent is not None]
    return Measure(
        per_second=median(each.per_second for each in rounds),
        p50_ms=median(each.p50_ms for each in rounds),
        p99_ms=median(each.p99_ms for each in rounds),
        errors=sum(each.errors for each in rounds),
        unsent=max(unsent, default=None),
    )


def run_child(module: str, order: msgspec.Struct, answer: type[T]) -> T:
    """Run a module as a program of its own, which reads the order as JSON from stdin and prints its answer as JSON.

    Raises:
        subprocess.CalledProcessError: it failed; its traceback is on stderr.
    """
    command = [sys.executable, "-m", module]
    done = subprocess.run(command, input=msgspec.json.encode(order), stdout=subprocess.PIPE, check=True, timeout=CHILD_TIMEOUT_S)
    return msgspec.json.decode(done.stdout, type=answer)
