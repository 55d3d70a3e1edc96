"""The same webhook again and again, over several API processes at once."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.report import Report

pytestmark = pytest.mark.timeout(300)

APIS = 4
COPIES = 100


async def test_webhook_when_it_comes_a_hundred_times_at_once_over_four_apis_then_one_message_one_suggestion_one_call(
    desk: FaultDesk, report: Report
) -> None:
    report.expect(12, "the same webhook 100 times at once over 4 APIs", "100 times 200; one message, suggestion and call")
    await asyncio.gather(*(desk.start_api() for _ in range(APIS - 1)))
    mail = desk.write()

    answers = await asyncio.gather(*(desk.post(mail, api=desk.apis[number % APIS]) for number in range(COPIES)))
    await settle(desk)

    assert {answer.status for answer in answers} == {200}
    assert sorted(answer.outcome for answer in answers) == ["duplicate"] * (COPIES - 1) + ["stored"]
    assert await check(desk, calls_at_most=1) == {"ready": 1}
    assert (await desk.calls()).total() == 1
    (calls,) = await desk.rows("SELECT count(*) FROM model_call WHERE suggestion = $1", (await desk.suggestions([mail]))[0]["id"])
    assert calls["count"] == 1
    report.saw("100 times 200; 1 message, 1 suggestion, 1 call")
