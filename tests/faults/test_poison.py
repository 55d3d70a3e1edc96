"""What lies in the queue and must not: bytes that are no message, a job that ends its worker, a message that nobody knows."""

from __future__ import annotations

import json
import secrets
from uuid import uuid4

import pytest

from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.queued import change_messages, dead_count, push, push_job
from tests.faults.report import Report
from tests.faults.waiting import wait_for
from tests.standin_control import Fault

pytestmark = pytest.mark.timeout(300)

NO_MESSAGES = (
    b"\xff\xfe\x00 no text",
    b"no JSON",
    b"",
    b"[1, 2]",
    b'{"queue_name": "suggestions"}',
    json.dumps(
        {
            "queue_name": "suggestions",
            "actor_name": "draft_suggestion",
            "args": [],
            "kwargs": {},
            "options": {},
            "message_id": "1",
            "message_timestamp": 1,
        }
    ).encode(),
)
"""The last one is a message, but not one that was enqueued: it does not say under which id it lies."""

BURIED_AFTER = 4
full = pytest.mark.fault


async def test_queue_when_bytes_lie_in_it_that_are_no_message_then_they_are_buried_and_their_neighbours_drafted(
    desk: FaultDesk, report: Report
) -> None:
    queues = ("suggestions", "suggestions.DQ", "suggestions_vip")
    count = len(NO_MESSAGES) * len(queues)
    report.expect(
        14,
        f"{count} times bytes that are no message, in 3 queues, among 20 jobs",
        "they end as dead letters; the neighbours are drafted",
    )
    working_pid = desk.workers[0].working_pid
    desk.stand_in.think(0.5)
    await desk.send(10)

    for raw in NO_MESSAGES:
        for queue in queues:
            push(desk, queue, raw)
    await desk.send(10)
    desk.stand_in.think(0)
    recovery_s = await settle(desk)

    async def are_buried() -> bool:
        return dead_count(desk) == count

    await wait_for(are_buried, f"{count} dead letters in Valkey")
    assert desk.workers[0].working_pid == working_pid
    assert await check(desk) == {"ready": 20}
    report.saw(f"{count} in Dramatiq's dead letters, 20 ready with 20 calls, the worker goes on", recovery_s=recovery_s)


@full
async def test_queue_when_a_job_has_the_wrong_arguments_then_it_is_buried_and_the_others_are_drafted(
    desk: FaultDesk, report: Report
) -> None:
    report.expect(
        14,
        "jobs without arguments, for no suggestion, for what is no id, among 10 others",
        "none stops a worker; the others are drafted",
    )
    working_pid = desk.workers[0].working_pid
    for kwargs in ({}, {"suggestion_id": "no id"}, {"suggestion_id": None}, {"suggestion_id": str(uuid4())}):
        push_job(desk, kwargs)
    await desk.send(10)
    recovery_s = await settle(desk)

    async def are_buried() -> bool:
        # The one for a suggestion that there is none of has nothing to do, and ends well.
        return dead_count(desk) == 3

    await wait_for(are_buried, "3 dead letters in Valkey")
    assert desk.workers[0].working_pid == working_pid
    assert await check(desk) == {"ready": 10}
    report.saw("3 in Dramatiq's dead letters after their retries, 1 done; 10 ready", recovery_s=recovery_s)


@full
async def test_job_when_it_ends_its_worker_each_time_then_it_is_buried_and_the_others_are_drafted(
    desk: FaultDesk, report: Report
) -> None:
    report.expect(
        14, f"a job whose worker is killed -9 each time it is tried, {BURIED_AFTER} times", "buried as poison; all others drafted"
    )
    poison = desk.write()
    desk.stand_in.script(Fault("hang", match=poison.word, times=100))
    await desk.post(poison)
    others = []
    for attempt in range(1, BURIED_AFTER + 1):
        others += await desk.send(3)
        await desk.until(others, ready=len(others))

        async def is_tried(times: int = attempt) -> bool:
            return (await desk.calls())[poison.word] == times

        await wait_for(is_tried, f"attempt {attempt}")
        desk.workers[-1].kill_working()
        assert await desk.workers[-1].ended() != 0
        await desk.start_worker()
    buried_s = await desk.until([poison], failed=1)
    others += await desk.send(3)
    await settle(desk)

    (row,) = await desk.suggestions([poison])
    assert (row["reason_code"], row["error"], row["attempt"], row["kind"]) == ("poison", "worker_died", BURIED_AFTER, "fallback")
    assert await check(desk, calls_of={poison.word: BURIED_AFTER}) == {"ready": len(others), "failed": 1}
    report.saw(f"failed as poison after {BURIED_AFTER} calls, with fallback; {len(others)} others ready", recovery_s=buried_s)


@full
async def test_queue_when_nobody_knows_a_messages_actor_then_its_row_is_sent_again(bare_desk: FaultDesk, report: Report) -> None:
    desk = bare_desk
    report.expect(
        14, "3 of 8 messages name an actor that no worker has", "a dead letter in Redis; the row waits, is sent again and drafted"
    )
    await desk.start_api()
    unknown = await desk.send(3)
    await desk.until(unknown, queued=3)
    change_messages(desk, "suggestions", actor_name=f"draft_{secrets.token_hex(4)}")
    known = await desk.send(5)

    await desk.start_worker()
    await desk.until(known, ready=5)
    waiting = await desk.statuses(unknown)
    recovery_s = await settle(desk, within_s=150)

    assert waiting == {"queued": 3}
    assert dead_count(desk) == 3
    assert await check(desk) == {"ready": 8}
    report.saw("3 in Dramatiq's dead letters, their rows queued; 8 ready, 8 calls", recovery_s=recovery_s)
