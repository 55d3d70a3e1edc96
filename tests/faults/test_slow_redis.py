"""Valkey is slow just when a job fails, near its time limit. Stock Dramatiq then loses the job and the thread."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.faults.changed_actors import changed_actors
from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.report import Report
from tests.faults.seen import series_of
from tests.faults.waiting import wait_for
from tests.standin_control import Fault

pytestmark = [pytest.mark.timeout(300), pytest.mark.fault]

AT_ONCE = 5
FAILS_AFTER_S = 4
SLOW_FOR_S = 20.0
OWN_LIMIT_S = 70
NEAR_LIMIT_S = 6
"""The failure comes before it; what follows, with a Valkey that is slow, does not."""


@pytest.mark.parametrize(
    ("limit_s", "delay_s"),
    [
        pytest.param(OWN_LIMIT_S, 1.0, id="slow"),
        pytest.param(OWN_LIMIT_S, 4.0, id="slower than any client waits"),
        pytest.param(NEAR_LIMIT_S, 1.0, id="slow, near the time limit"),
        pytest.param(NEAR_LIMIT_S, 4.0, id="slower than any client waits, near the time limit"),
    ],
)
async def test_job_when_it_fails_while_valkey_is_slow_then_it_is_tried_again_and_no_thread_is_lost(
    bare_desk: FaultDesk, report: Report, tmp_path: Path, limit_s: int, delay_s: float
) -> None:
    desk = bare_desk
    report.expect(
        19,
        f"5 jobs fail after {FAILS_AFTER_S} s of {limit_s} while each packet to and from Valkey takes {delay_s:.0f} s",
        "tried again; 5 threads live and work",
    )
    shorter = f"for actor in broker.actors.values(): actor.options['time_limit'] = {limit_s * 1000}"
    _, worker = await asyncio.gather(desk.start_api(), desk.start_worker(*changed_actors(tmp_path, shorter)))
    working_pid = worker.working_pid
    desk.stand_in.script(Fault("server_error", times=AT_ONCE))
    desk.stand_in.think(FAILS_AFTER_S)
    mails = await desk.send(AT_ONCE)
    await desk.until_asked(AT_ONCE)

    desk.worker_ways.valkey.slow_down(delay_s)
    await desk.until(mails, queued=AT_ONCE)
    desk.stand_in.think(0)
    await asyncio.sleep(SLOW_FOR_S)
    desk.worker_ways.pass_on()
    recovery_s = await settle(desk, within_s=150)
    desk.stand_in.think(3)
    more = await desk.send(AT_ONCE)
    await desk.until(more, drafting=AT_ONCE)
    await wait_for(lambda: has_all_threads(desk), "5 threads")
    await settle(desk)

    assert worker.working_pid == working_pid
    assert await check(desk, calls_of={mail.word: 2 for mail in mails}) == {"ready": 2 * AT_ONCE}
    assert [row["attempt"] for row in await desk.suggestions(mails)] == [2] * AT_ONCE
    report.saw("10 ready, 15 calls; 5 threads of 5, all at work at once", recovery_s=recovery_s)


async def has_all_threads(desk: FaultDesk) -> bool:
    """Whether the worker says that all its threads live."""
    series = await series_of(desk.workers[0], desk.http)
    return (series.get("draftdesk_worker_threads"), series.get("draftdesk_worker_threads_expected")) == (AT_ONCE, AT_ONCE)
