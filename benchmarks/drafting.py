"""Our own time around a model call, and the memory of a worker whose calls are all open."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.desk import JobTimes, time_jobs
from benchmarks.measures import percentile_ms
from benchmarks.memory import resident_mb
from benchmarks.open_calls import OPEN_CALLS, open_calls
from benchmarks.servers import running_servers

JOBS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; milliseconds a job."""

    what: str
    p50_ms: float
    p99_ms: float
    cpu_ms: float


def main() -> None:
    """Measure and print."""
    with running_servers() as bench:
        print(f"Drafting: {JOBS} jobs one after the other, five orders, four earlier mails and ten articles each", flush=True)
        print_rows(rows_of(time_jobs(JOBS, bench.settings)))
        print(flush=True)
        print(f"Memory: one worker process with `-t {OPEN_CALLS}`, all its model calls open", flush=True)
        with open_calls(bench) as worker:
            print(f"{'idle, resident MB':<44}{worker.idle_mb:>9.1f}")
            print(f"{f'{worker.count} calls open, resident MB':<44}{resident_mb(worker.pid):>9.1f}")


def rows_of(found: JobTimes) -> list[Row]:
    """Return the whole, the model's part, which is the floor, and what is ours."""
    own_ns = [whole - model for whole, model in zip(found.job_ns, found.model_ns, strict=True)]
    jobs = len(found.job_ns)
    whole_cpu_ms, model_cpu_ms = found.job_cpu_ns / jobs / 1e6, found.model_cpu_ns / jobs / 1e6
    return [
        _row("model call alone: SDK and HTTP (floor)", found.model_ns, model_cpu_ms),
        _row("job: claim, read, ask, check, save", found.job_ns, whole_cpu_ms),
        _row("our own part of it", own_ns, whole_cpu_ms - model_cpu_ms),
    ]


def print_rows(rows: list[Row]) -> None:
    """Print the rows."""
    print(f"{'':<44}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
    for row in rows:
        print(f"{row.what:<44}{row.p50_ms:>9.2f}{row.p99_ms:>9.2f}{row.cpu_ms:>9.2f}")


def _row(what: str, durations_ns: list[int], cpu_ms: float) -> Row:
    return Row(what, percentile_ms(durations_ns, 0.50), percentile_ms(durations_ns, 0.99), cpu_ms)


if __name__ == "__main__":
    main()
