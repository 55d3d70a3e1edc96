"""Valkey is away: when mail comes, and exactly when a job fails."""

from __future__ import annotations

import asyncio
import statistics
from typing import Literal

import pytest

from tests.faults.desk import Answer, FaultDesk
from tests.faults.invariant import check, drained, settle
from tests.faults.report import Report
from tests.standin_control import Fault

pytestmark = [pytest.mark.timeout(300), pytest.mark.fault]

Trouble = Literal["refuse", "hang", "cut"]
PER_SECOND = 25
OUTAGE_S = 7.0
"""Longer than the relay's head start: it has tried, and failed too."""


def trouble_all(desk: FaultDesk, trouble: Trouble) -> None:
    """Let Valkey be in trouble for APIs and workers."""
    for ways in (desk.api_ways, desk.worker_ways):
        getattr(ways.valkey, trouble)()


def cure_all(desk: FaultDesk) -> None:
    """Let everybody reach Valkey again."""
    desk.api_ways.pass_on()
    desk.worker_ways.pass_on()


async def steady(desk: FaultDesk, count: int) -> list[Answer]:
    """Post mails, so many a second, whether or not the earlier ones have been answered."""
    posts = []
    for _ in range(count):
        posts.append(asyncio.create_task(desk.post(desk.write())))
        await asyncio.sleep(1 / PER_SECOND)
    return await asyncio.gather(*posts)


@pytest.mark.parametrize(
    ("trouble", "count"),
    [
        pytest.param("refuse", 200, id="refuse"),
        pytest.param("hang", 200, id="hang"),
        pytest.param("cut", 200, id="cut"),
    ],
)
async def test_webhook_when_valkey_is_away_then_the_mail_is_taken_and_drafted_when_it_is_back(
    desk: FaultDesk, report: Report, trouble: Trouble, count: int
) -> None:
    report.expect(
        5, f"Valkey away ({trouble}) while {count} mails come", "each answered 200 and visible, then drafted", target_s=15
    )
    await desk.send(5)
    await settle(desk)
    trouble_all(desk, trouble)

    answers = await steady(desk, count)
    mails = [answer.mail for answer in answers]
    await asyncio.sleep(max(OUTAGE_S - count / PER_SECOND, 0))
    await desk.until(mails, pending=count)
    (first, *_) = await desk.suggestions(mails)
    visible = await desk.http.get(f"{desk.apis[0].url}/v1/suggestions/{first['id']}")
    cure_all(desk)
    recovery_s = await settle(desk)
    await drained(desk)

    assert {answer.status for answer in answers} == {200}
    assert visible.json()["suggestion"]["status"] == "pending"
    assert await check(desk) == {"ready": count + 5}
    p99_ms = statistics.quantiles((answer.duration_s * 1000 for answer in answers), n=100)[98]
    report.saw(f"{count} times 200, {count} pending, then ready", recovery_s=recovery_s)
    report.measured("webhook p99", p99_ms, target_ms=300)


@pytest.mark.parametrize(
    ("trouble", "failures"),
    [
        pytest.param("refuse", 1, id="refuse, fails once"),
        pytest.param("hang", 1, id="hang, fails once"),
        pytest.param("refuse", 4, id="refuse, fails always"),
    ],
)
async def test_job_when_it_fails_while_valkey_is_away_then_it_is_tried_again_at_most_four_times(
    desk: FaultDesk, report: Report, trouble: Trouble, failures: int
) -> None:
    ending = "ready" if failures < 4 else "failed"
    report.expect(6, f"Valkey away ({trouble}) just when 5 jobs fail, {failures} times", f"tried again, {ending}; 4 calls at most")
    desk.stand_in.script(Fault("server_error", times=5 * failures))
    desk.stand_in.think(2)
    mails = await desk.send(5)
    await desk.until_asked(5)

    trouble_all(desk, trouble)
    await desk.until(mails, queued=5)
    assert [row["attempt"] for row in await desk.suggestions(mails)] == [1] * 5
    desk.stand_in.think(0)
    await asyncio.sleep(5)
    cure_all(desk)
    recovery_s = await settle(desk, within_s=150)
    await drained(desk)

    assert await check(desk, calls_at_most=min(failures + 1, 4)) == {ending: 5}
    report.saw(f"5 {ending}; {(await desk.calls()).total()} calls", recovery_s=recovery_s)
