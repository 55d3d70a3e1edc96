"""What a worker counts is what it did: with the import order of the real program, and after a part of it was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.report import Report
from tests.faults.seen import series_of
from tests.faults.waiting import wait_for

pytestmark = pytest.mark.timeout(300)

READY = 'draftdesk_suggestions_total{reason="",status="ready"}'
ATTEMPTS = 'draftdesk_attempts_total{error_type="",outcome="ready"}'
AT_WORK = "draftdesk_jobs_in_progress"
THREADS = "draftdesk_worker_threads"
full = pytest.mark.fault


async def counts(desk: FaultDesk, count: int, *, at_work: int = 0) -> bool:
    """Whether the newest worker's page says so many drafts, and five threads."""
    series = await series_of(desk.workers[-1], desk.http)
    return [series.get(name) for name in (READY, ATTEMPTS, AT_WORK, THREADS)] == [count, count, at_work, 5]


@pytest.mark.parametrize(
    "where", [pytest.param("its own", id="own directory", marks=full), pytest.param("the operator's", id="given directory")]
)
async def test_metrics_when_a_worker_is_killed_then_its_counts_are_right_before_and_after(
    bare_desk: FaultDesk, report: Report, tmp_path: Path, where: str
) -> None:
    desk = bare_desk
    is_given = where == "the operator's"
    # Without a directory the worker makes one for each run, and a new run begins with nothing.
    env = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path) if is_given else ""}
    kept = 1 if is_given else 0
    report.expect(
        20, f"1 job, kill -9 of the working process in another, a new worker; metrics in {where} directory", "each counted once"
    )
    await desk.start_api()
    await desk.start_worker(env=env)
    await desk.send(1)
    await settle(desk)
    await wait_for(lambda: counts(desk, 1), "the worker counts 1")
    desk.stand_in.think(10)
    await desk.send(1)
    await wait_for(lambda: counts(desk, 1, at_work=1), "the worker counts 1, and 1 at work")

    desk.workers[-1].kill_working()
    await desk.workers[-1].ended()
    desk.stand_in.think(0)
    await desk.start_worker(env=env)
    recovery_s = await settle(desk)
    await wait_for(lambda: counts(desk, kept + 1), f"the next worker counts {kept + 1}, with nothing at work")

    assert await check(desk, calls_at_most=2) == {"ready": 2}
    report.saw(f"1 before the kill, {kept + 1} after it; 5 threads, 0 at work", recovery_s=recovery_s)
