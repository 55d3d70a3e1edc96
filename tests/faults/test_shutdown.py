"""A worker is told to end while it is busy, with Valkey there and without it."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

import pytest

from service.settings import SHUTDOWN_GRACE_S
from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.report import Report
from tests.faults.waiting import wait_for

pytestmark = pytest.mark.timeout(300)

AT_ONCE = 5
AHEAD = 10
FETCHED_AHEAD = {"dramatiq_queue_prefetch": str(AT_ONCE + AHEAD)}
QUEUE_KEY = "dramatiq:suggestions"
full = pytest.mark.fault


async def is_busy(desk: FaultDesk) -> bool:
    """Whether the worker has begun five jobs and fetched ten more."""
    return (await desk.calls()).total() == AT_ONCE and not desk.servers.client.llen(QUEUE_KEY)


async def is_given_back(desk: FaultDesk) -> bool:
    """Whether the ten are in the queue again."""
    return bool(desk.servers.client.llen(QUEUE_KEY) == AHEAD)


@full
async def test_worker_when_it_is_told_to_end_then_it_finishes_what_has_begun_and_gives_the_rest_back_at_once(
    bare_desk: FaultDesk, report: Report
) -> None:
    desk = bare_desk
    report.expect(
        13, "SIGTERM, 5 in a call and 10 fetched ahead", "the 10 go back at once, the 5 finish, exit 0; nothing is done twice"
    )
    _, worker = await asyncio.gather(desk.start_api(), desk.start_worker(env=FETCHED_AHEAD))
    desk.stand_in.think(8)
    mails = await desk.send(AT_ONCE + AHEAD)
    await wait_for(lambda: is_busy(desk), "5 jobs at work and 10 fetched")

    began_at = time.monotonic()
    worker.terminate()
    given_back_s = await wait_for(lambda: is_given_back(desk), "10 jobs are given back")
    meanwhile = await desk.statuses(mails)
    status = await worker.ended()
    ended_s = time.monotonic() - began_at
    afterwards = await desk.statuses(mails)
    calls = await desk.calls()
    desk.stand_in.think(0)
    restarted_at = time.monotonic()
    await desk.start_worker()
    await settle(desk)
    recovery_s = time.monotonic() - restarted_at

    assert meanwhile == {"drafting": AT_ONCE, "queued": AHEAD}
    assert status == 0
    assert afterwards == {"ready": AT_ONCE, "queued": AHEAD}
    assert calls.total() == AT_ONCE
    assert await check(desk) == {"ready": AT_ONCE + AHEAD}
    report.saw(
        f"10 back after {given_back_s:.1f} s, exit 0 after {ended_s:.1f} s with 5 ready; 15 ready, 15 calls", recovery_s=recovery_s
    )


@pytest.mark.parametrize("trouble", [pytest.param("refuse", marks=full), pytest.param("hang", marks=full)])
async def test_worker_when_it_is_told_to_end_without_valkey_then_it_ends_all_the_same(
    bare_desk: FaultDesk, report: Report, trouble: Literal["refuse", "hang"]
) -> None:
    desk = bare_desk
    within_s = SHUTDOWN_GRACE_S + 10
    report.expect(
        13,
        f"SIGTERM with Valkey away ({trouble}), 5 in a call and 10 fetched ahead",
        f"the 5 finish, exit 0 before {within_s:.0f} s; the 10 are sent again",
        target_s=15,
    )
    _, worker = await asyncio.gather(desk.start_api(), desk.start_worker(env=FETCHED_AHEAD))
    desk.stand_in.think(4)
    mails = await desk.send(AT_ONCE + AHEAD)
    await wait_for(lambda: is_busy(desk), "5 jobs at work and 10 fetched")

    getattr(desk.worker_ways.valkey, trouble)()
    began_at = time.monotonic()
    worker.terminate()
    status = await worker.ended(within_s)
    ended_s = time.monotonic() - began_at
    afterwards = await desk.statuses(mails)
    desk.stand_in.think(0)
    desk.worker_ways.pass_on()
    restarted_at = time.monotonic()
    await desk.start_worker()
    await settle(desk, within_s=150)
    recovery_s = time.monotonic() - restarted_at

    assert status == 0
    assert afterwards == {"ready": AT_ONCE, "queued": AHEAD}
    assert await check(desk) == {"ready": AT_ONCE + AHEAD}
    report.saw(f"exit 0 after {ended_s:.1f} s with 5 ready; 15 ready, 15 calls", recovery_s=recovery_s)
