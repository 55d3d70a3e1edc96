"""The suite's own check: whatever is lost, doubled or forgotten, it says so."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.faults.desk import FaultDesk, Mail
from tests.faults.invariant import check, settle
from tests.standin_control import Fault

pytestmark = pytest.mark.fault

LOSE = "DELETE FROM suggestion WHERE id = $1"
FORGET = "UPDATE suggestion SET status = 'drafting', lease_until = now() - interval '1 minute' WHERE id = $1"
DOUBLE = """
INSERT INTO suggestion (id, shop, thread, message, status, priority, attempt, sends, missing_information, citations, removed,
                        findings, version, created_at)
SELECT gen_random_uuid(), shop, thread, message, 'failed', priority, attempt, sends, missing_information, citations, removed,
       findings, version, created_at
FROM suggestion WHERE id = $1
"""


@pytest_asyncio.fixture
async def done(desk: FaultDesk) -> tuple[FaultDesk, Mail]:
    """A desk with one mail, which was drafted at the second attempt."""
    desk.stand_in.script(Fault("server_error"))
    (mail,) = await desk.send()
    await settle(desk)
    return desk, mail


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        pytest.param(LOSE, "have no suggestion", id="lost"),
        pytest.param(FORGET, "past their lease", id="held past its lease"),
        pytest.param(DOUBLE, "more than one suggestion", id="doubled"),
    ],
)
async def test_check_when_a_row_is_wrong_then_it_says_so(done: tuple[FaultDesk, Mail], tamper: str, told: str) -> None:
    desk, mail = done
    (row,) = await desk.suggestions([mail])
    await desk.rows(tamper, row["id"])

    with pytest.raises(AssertionError, match=told):
        await check(desk, calls_at_most=2)


async def test_check_when_the_model_was_asked_too_often_then_it_says_so(done: tuple[FaultDesk, Mail]) -> None:
    desk, mail = done

    assert await check(desk, calls_of={mail.word: 2}) == {"ready": 1}
    with pytest.raises(AssertionError, match="asked too often"):
        await check(desk)


async def test_settle_when_nobody_works_then_it_says_what_waits(bare_desk: FaultDesk) -> None:
    await bare_desk.start_api()
    await bare_desk.send()

    with pytest.raises(AssertionError, match="suggestions still wait"):
        await settle(bare_desk, within_s=1)
