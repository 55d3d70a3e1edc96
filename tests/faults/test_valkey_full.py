"""Valkey has no memory left and evicts nothing: it refuses to take, and also to let go."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, drained, settle
from tests.faults.report import Report

pytestmark = pytest.mark.timeout(300)

OUTAGE_S = 7.0


@pytest.mark.fault
async def test_valkey_when_it_is_full_then_mail_is_taken_and_all_drains_when_there_is_room(desk: FaultDesk, report: Report) -> None:
    report.expect(
        7,
        "Valkey out of memory; 10 jobs in it, 20 mails come",
        "200 and visible; then all drains, nothing stays fetched",
        target_s=15,
    )
    desk.stand_in.think(2)
    earlier = await desk.send(10)
    await desk.until_asked(5)
    working_pid = desk.workers[0].working_pid

    desk.servers.client.config_set("maxmemory", "1mb")
    mails = await desk.send(20)
    await asyncio.sleep(OUTAGE_S)
    await desk.until(mails, pending=20)
    desk.stand_in.think(0)
    desk.servers.client.config_set("maxmemory", 0)
    recovery_s = await settle(desk)
    await drained(desk)

    assert desk.workers[0].working_pid == working_pid
    assert await check(desk) == {"ready": len(earlier) + len(mails)}
    report.saw("20 times 200, 20 pending; 30 ready, none fetched", recovery_s=recovery_s)
