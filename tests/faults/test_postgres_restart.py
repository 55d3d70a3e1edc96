"""Postgres restarts while mail comes: what was not stored is refused, so that the provider sends it again."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

import pytest

from tests.faults.desk import Answer, FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.report import Report

pytestmark = [pytest.mark.timeout(300), pytest.mark.fault]

PER_SECOND = 20
OUTAGE_S = 2.0


async def load(desk: FaultDesk, answers: list[tuple[float, Answer]], stop: asyncio.Event) -> None:
    """Post mails at a steady rate until told to stop; note when each was answered."""

    async def post() -> None:
        answer = await desk.post(desk.write())
        answers.append((time.monotonic(), answer))

    async with asyncio.TaskGroup() as posts:
        while not stop.is_set():
            posts.create_task(post())
            await asyncio.sleep(1 / PER_SECOND)


@pytest.mark.parametrize(
    ("how", "after_s"), [pytest.param("restarted", 4.0, id="restarted"), pytest.param("killed", 8.0, id="killed")]
)
async def test_webhook_when_postgres_restarts_then_it_answers_503_and_a_replay_is_stored_once(
    desk: FaultDesk, report: Report, how: Literal["restarted", "killed"], after_s: float
) -> None:
    report.expect(
        8,
        f"Postgres {how} under {PER_SECOND} mails/s, 2 s away",
        "503 with Retry-After; replays stored once; relay alive",
        target_s=5,
    )
    servers = desk.servers
    answers: list[tuple[float, Answer]] = []
    stop = asyncio.Event()
    posting = asyncio.create_task(load(desk, answers, stop))
    await asyncio.sleep(2)

    if how == "restarted":
        servers.stop(servers.postgres)
    else:
        servers.kill(servers.postgres)
    await asyncio.sleep(OUTAGE_S)
    await servers.start(servers.postgres)
    back_at = time.monotonic()
    await asyncio.sleep(after_s)
    stop.set()
    await posting

    refused = [answer for _, answer in answers if answer.status != 200]
    assert {answer.status for answer in refused} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    replays = await asyncio.gather(*(desk.post(answer.mail) for answer in refused))
    assert {answer.status for answer in replays} == {200}
    # The relay alone sends what comes while the broker is away for the API.
    desk.api_ways.valkey.refuse()
    await desk.send(5)
    desk.api_ways.valkey.pass_on()
    await settle(desk)

    # What was at work when Postgres went could not be saved, and is paid for once more.
    statuses = await check(desk, calls_at_most=2)
    assert statuses == {"ready": len(answers) + 5}
    recovery_s = next(at for at, answer in sorted(answers, key=lambda each: each[0]) if answer.status == 200 and at > back_at)
    report.saw(
        f"{len(answers)} mails, {len(refused)} refused with 503 and stored once by replay; {len(answers) + 5} ready",
        recovery_s=recovery_s - back_at,
    )
