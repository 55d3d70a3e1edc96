"""A worker is killed: in the middle of its calls, or when a draft is saved and Redis does not know it yet."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Literal

import pytest

from tests.embedded.running import is_running
from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, drained, settle
from tests.faults.report import Report
from tests.faults.waiting import wait_for
from tests.queues import QueueReader

pytestmark = pytest.mark.timeout(300)

AT_ONCE = 5
full = pytest.mark.fault


@pytest.mark.parametrize(
    ("count", "what"),
    [
        pytest.param(5, "all of it", id="all of it"),
        pytest.param(12, "all of it", id="all of it, with jobs fetched ahead", marks=full),
        pytest.param(12, "its working process", id="its working process", marks=full),
    ],
)
async def test_worker_when_it_is_killed_in_the_middle_of_calls_then_each_is_made_once_more(
    desk: FaultDesk, report: Report, count: int, what: Literal["all of it", "its working process"]
) -> None:
    report.expect(1, f"kill -9 of a worker ({what}), {count} jobs, 5 in a call", "each tried once more, one draft", target_s=15)
    desk.stand_in.think(2)
    mails = await desk.send(count)
    await desk.until_asked(AT_ONCE)
    begun = set(await desk.calls())

    worker = desk.workers[0]
    if what == "all of it":
        worker.kill()
    else:
        worker.kill_working()
        # Dramatiq's master ends with it, so that whoever supervises it starts it again.
        assert await worker.ended() != 0
    killed = asyncio.get_running_loop().time()
    await desk.start_worker()

    async def are_asked_again() -> bool:
        calls = await desk.calls()
        return all(calls[word] == 2 for word in begun)

    await wait_for(are_asked_again, f"{AT_ONCE} calls anew")
    recovery_s = asyncio.get_running_loop().time() - killed
    await settle(desk)

    assert await check(desk, calls_of=dict.fromkeys(begun, 2)) == {"ready": count}
    assert {row["word"]: row["attempt"] for row in await desk.suggestions(mails)} == {
        mail.word: 2 if mail.word in begun else 1 for mail in mails
    }
    report.saw(f"{count} ready; {(await desk.calls()).total()} calls for {count}", recovery_s=recovery_s)


@full
async def test_worker_when_it_is_killed_and_another_is_there_then_that_one_takes_over(desk: FaultDesk, report: Report) -> None:
    report.expect(1, "kill -9 of one of two workers, 10 jobs", "the other takes over; one draft each", target_s=15)
    await desk.start_worker()
    desk.stand_in.think(3)
    await desk.send(10)
    await desk.until_asked(10)

    desk.workers[0].kill()
    recovery_s = await desk.until_asked(15)
    await settle(desk)

    assert await check(desk, calls_at_most=2) == {"ready": 10}
    report.saw(f"10 ready; {(await desk.calls()).total()} calls", recovery_s=recovery_s)


@full
async def test_worker_when_its_master_is_killed_then_it_finishes_its_calls_and_ends(desk: FaultDesk, report: Report) -> None:
    report.expect(1, "kill -9 of Dramatiq's master alone, 12 jobs, 5 in a call", "no orphan; those 5 are finished", target_s=15)
    desk.stand_in.think(2)
    mails = await desk.send(12)
    await desk.until_asked(AT_ONCE)
    begun = set(await desk.calls())
    orphan = desk.workers[0].working_pid

    desk.workers[0].kill_master()

    async def has_ended() -> bool:
        return not is_running(orphan)

    ended_s = await wait_for(has_ended, "the worker process ends")
    assert {row["word"] for row in await desk.suggestions(mails) if row["status"] == "ready"} >= begun
    await desk.start_worker()
    waited_s = await desk.until_asked(12)
    await settle(desk)

    assert await check(desk) == {"ready": 12}
    report.saw("12 ready; 12 calls; the process ended by itself", recovery_s=ended_s + waited_s)


@full
async def test_worker_when_its_process_is_told_twice_to_end_then_it_ends_and_its_calls_are_made_once_more(
    desk: FaultDesk, report: Report
) -> None:
    # The kernel tells a dead master's child once for each of the master's threads, so that this comes of a kill -9 too.
    report.expect(1, "SIGTERM twice to a worker's process, 10 jobs, 5 in a call", "it ends and takes nothing more", target_s=15)
    desk.stand_in.think(2)
    await desk.send(10)
    await desk.until_asked(AT_ONCE)
    working = desk.workers[0].working_pid

    os.kill(working, signal.SIGTERM)
    await asyncio.sleep(1)
    os.kill(working, signal.SIGTERM)

    async def has_ended() -> bool:
        return not is_running(working)

    ended_s = await wait_for(has_ended, "the worker process ends")
    await desk.start_worker()
    waited_s = await desk.until_asked(10)
    await settle(desk)

    statuses = await check(desk, calls_at_most=2)
    assert statuses == {"ready": 10}
    report.saw(f"10 ready; {(await desk.calls()).total()} calls", recovery_s=ended_s + waited_s)


@full
async def test_worker_when_it_is_killed_between_draft_and_acknowledgement_then_nobody_is_asked_again(
    desk: FaultDesk, report: Report
) -> None:
    report.expect(2, "kill -9 after the draft is saved, before Redis knows", "delivered again, found done, no further call")
    desk.stand_in.think(1)
    mails = await desk.send(3)
    await desk.until_asked(3)
    # What the worker says to Redis from now on is not heard: it can save, and not acknowledge.
    desk.worker_ways.valkey.hang()
    await desk.until(mails, ready=3)

    desk.workers[0].kill()
    # The proxy has kept what was said meanwhile: with its connections that is gone too.
    desk.worker_ways.valkey.refuse()
    assert desk.servers.client.hlen("dramatiq:suggestions.msgs") == 3
    desk.worker_ways.valkey.pass_on()
    await desk.start_worker()
    recovery_s = await drained(desk)

    with QueueReader(desk.servers.settings.redis_url) as queues:
        outcomes = [result for result, _ in queues.results().values()]
    assert outcomes == [{"outcome": "not_claimed"}] * 3
    assert await check(desk, calls_at_most=1) == {"ready": 3}
    assert [row["attempt"] for row in await desk.suggestions(mails)] == [1, 1, 1]
    report.saw("3 ready; 3 calls; no message left in Redis", recovery_s=recovery_s)
