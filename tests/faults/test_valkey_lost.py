"""Valkey restarts, with what it kept or with nothing. No worker is started again: each test ends with its first."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from typing import Literal

import pytest

from tests.faults.desk import FaultDesk, Mail
from tests.faults.invariant import check, drained, settle
from tests.faults.report import Report
from tests.standin_control import Fault

pytestmark = pytest.mark.timeout(300)

AT_ONCE = 5
OUTAGE_S = 2.0
full = pytest.mark.fault


async def busy(desk: FaultDesk, *, in_back_off: int, queued: int) -> tuple[Sequence[Mail], Sequence[Mail]]:
    """Let so many jobs have failed and wait for their retry, five be at work and so many be queued; return both kinds."""
    desk.stand_in.script(Fault("server_error", times=in_back_off))
    failed = await desk.send(in_back_off)
    await desk.until_asked(in_back_off)
    desk.stand_in.think(4)
    others = await desk.send(AT_ONCE + queued)
    await desk.until_asked(in_back_off + AT_ONCE)
    await desk.until(others, drafting=AT_ONCE, queued=queued)
    await desk.until(failed, queued=in_back_off)
    return failed, others


@pytest.mark.parametrize(("in_back_off", "queued"), [pytest.param(10, 20, id="10 in back-off, 5 at work, 20 queued", marks=full)])
async def test_valkey_when_it_restarts_then_all_jobs_finish_and_no_worker_is_restarted(
    desk: FaultDesk, report: Report, in_back_off: int, queued: int
) -> None:
    report.expect(
        3,
        f"kill -9 of Valkey and restart with its file; {queued} queued, 5 at work, {in_back_off} in back-off",
        "all finish, the worker goes on",
        target_s=15,
    )
    failed, others = await busy(desk, in_back_off=in_back_off, queued=queued)
    working_pid = desk.workers[0].working_pid

    desk.servers.kill(desk.servers.valkey)
    desk.stand_in.think(0)
    await asyncio.sleep(OUTAGE_S)
    await desk.servers.start(desk.servers.valkey)
    recovery_s = await settle(desk)
    await drained(desk)

    assert desk.workers[0].working_pid == working_pid
    assert await check(desk, calls_of={mail.word: 2 for mail in failed}) == {"ready": len(failed) + len(others)}
    report.saw(f"{len(failed) + len(others)} ready; {(await desk.calls()).total()} calls", recovery_s=recovery_s)


@pytest.mark.parametrize(
    ("how", "in_back_off", "queued"),
    [
        pytest.param("FLUSHALL", 5, 10, id="flushed"),
        pytest.param("restart without its file", 10, 20, id="restarted empty", marks=full),
    ],
)
async def test_valkey_when_it_has_lost_everything_then_all_jobs_are_sent_again_and_finish(
    desk: FaultDesk, report: Report, how: Literal["FLUSHALL", "restart without its file"], in_back_off: int, queued: int
) -> None:
    report.expect(
        4,
        f"Valkey loses everything ({how}); {queued} queued, 5 at work, {in_back_off} in back-off",
        "all are sent again and finish, the worker goes on",
        target_s=15,
    )
    failed, others = await busy(desk, in_back_off=in_back_off, queued=queued)
    working_pid = desk.workers[0].working_pid

    if how == "FLUSHALL":
        desk.servers.wipe()
    else:
        desk.servers.kill(desk.servers.valkey)
        shutil.rmtree(desk.servers.folder / "servers" / "valkey" / "appendonlydir")
        await desk.servers.start(desk.servers.valkey)
    desk.stand_in.think(0)
    recovery_s = await settle(desk)
    await drained(desk)

    assert desk.workers[0].working_pid == working_pid
    assert await check(desk, calls_of={mail.word: 2 for mail in failed}) == {"ready": len(failed) + len(others)}
    report.saw(f"{len(failed) + len(others)} ready; {(await desk.calls()).total()} calls", recovery_s=recovery_s)
