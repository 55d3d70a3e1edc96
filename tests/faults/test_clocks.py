"""Clocks that are wrong by ten minutes, and a worker that stands still for longer than its leases and then goes on."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.factories import mailgun_fields, urlencoded
from tests.faults.desk import FaultDesk, Mail
from tests.faults.invariant import check, settle
from tests.faults.report import Report
from tests.faults.waiting import wait_for
from tests.programs import draftdesk
from tests.standin_control import Fault

pytestmark = [pytest.mark.timeout(300), pytest.mark.fault]

AT_ONCE = 5
SKEWS = pytest.mark.parametrize("skew_s", [600, -600], ids=["ahead", "behind"])


@pytest.fixture(scope="module")
def skewed_clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that gives the program which preloads it a wrong wall clock."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    library = tmp_path_factory.mktemp("clock") / "skewed_clock.so"
    source = Path(__file__).with_name("skewed_clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def skewed(library: Path, skew_s: int) -> dict[str, str]:
    """Return the environment of a program whose clock is off by so much."""
    return {"LD_PRELOAD": str(library), "SKEW_S": str(skew_s)}


class MailgunSource(NamedTuple):
    """Where Mailgun's calls go, and the key that signs them."""

    path: str
    key: str


def make_mailgun_source(desk: FaultDesk) -> MailgunSource:
    """Make a source of the desk's shop."""
    settings = desk.servers.settings
    key = secrets.token_hex(16)
    made = draftdesk(
        *("source", "create", "--shop", "desk", "--provider", "mailgun", "--secret", key),
        DATABASE_URL=settings.database_url,
        REDIS_URL=settings.redis_url,
    )
    assert made.returncode == 0, made.stderr
    return MailgunSource(made.stdout.splitlines()[0].removeprefix("path: "), key)


@SKEWS
async def test_api_when_its_clock_is_wrong_then_mail_is_taken_and_leases_are_right(
    bare_desk: FaultDesk, report: Report, skewed_clock: Path, skew_s: int
) -> None:
    desk = bare_desk
    report.expect(
        16,
        f"an API process whose clock is {skew_s / 60:+.0f} min off (preloaded library), beside one that is right; calls of 15 s",
        "Mailgun 200; the standard format 401 and nothing kept; a lease of 12 s is not freed early",
    )
    wrong, right, _ = await asyncio.gather(desk.start_api(env=skewed(skewed_clock, skew_s)), desk.start_api(), desk.start_worker())
    source = make_mailgun_source(desk)
    desk.stand_in.think(15)
    words = [secrets.token_hex(8) for _ in range(AT_ONCE)]
    calls = [urlencoded(mailgun_fields(key=source.key) | {"body-plain": f"Where is it? My code is {word}."}) for word in words]

    taken = [await desk.http.post(wrong.url + source.path, content=call.body, headers=call.headers) for call in calls]
    desk.accepted.update(words)
    mails = [Mail(word, call) for word, call in zip(words, calls, strict=True)]
    await desk.until(mails, drafting=AT_ONCE)
    standard = desk.write()
    refused = await desk.post(standard, api=wrong)
    kept = await desk.suggestions([standard])
    recovery_s = await settle(desk)
    repeated = await desk.post(standard, api=right)
    desk.stand_in.think(0)
    await settle(desk)

    assert [answer.status_code for answer in taken] == [200] * AT_ONCE
    assert (refused.status, kept, repeated.status) == (401, [], 200)
    assert await check(desk) == {"ready": AT_ONCE + 1}
    assert [row["attempt"] for row in await desk.suggestions(mails)] == [1] * AT_ONCE
    report.saw(
        "Mailgun 200, standard 401 there and 200 at the other API; 6 ready with one call and one attempt each",
        recovery_s=recovery_s,
    )


@SKEWS
async def test_worker_when_its_clock_is_wrong_then_each_draft_is_made_once(
    bare_desk: FaultDesk, report: Report, skewed_clock: Path, skew_s: int
) -> None:
    desk = bare_desk
    report.expect(
        16,
        f"one of two workers whose clock is {skew_s / 60:+.0f} min off (preloaded library); 30 jobs, 5 fail once",
        "they may take each other for dead; each draft is made once all the same",
    )
    await asyncio.gather(desk.start_api(), desk.start_worker(env=skewed(skewed_clock, skew_s)), desk.start_worker())
    desk.stand_in.script(Fault("server_error", times=AT_ONCE))
    desk.stand_in.think(3)

    await desk.send(30)
    recovery_s = await settle(desk, within_s=150)

    calls = await desk.calls()
    assert calls.total() == 30 + AT_ONCE
    assert await check(desk, calls_at_most=2) == {"ready": 30}
    report.saw(f"30 ready, {calls.total()} calls", recovery_s=recovery_s)


async def test_worker_when_it_stands_still_for_longer_than_its_leases_then_its_late_drafts_are_refused(
    bare_desk: FaultDesk, report: Report
) -> None:
    desk = bare_desk
    report.expect(
        17,
        "SIGSTOP of a worker with 5 in a call until another has drafted them, then SIGCONT",
        "late drafts refused, paid calls recorded",
    )
    _, still = await asyncio.gather(desk.start_api(), desk.start_worker())
    desk.stand_in.think(2)
    mails = await desk.send(AT_ONCE)
    await desk.until_asked(AT_ONCE)

    still.pause()
    await desk.start_worker()
    desk.stand_in.think(0)
    recovery_s = await desk.until(mails, ready=AT_ONCE)
    rows = await desk.suggestions(mails)
    still.go_on()
    ids = [row["id"] for row in rows]

    async def are_recorded() -> bool:
        (found,) = await desk.rows("SELECT count(*) FROM model_call WHERE suggestion = ANY($1)", ids)
        return bool(found["count"] == 2 * AT_ONCE)

    await wait_for(are_recorded, "the late calls are recorded")
    afterwards = await desk.suggestions(mails)
    desk.stand_in.think(2)
    more = await desk.send(2 * AT_ONCE)
    await desk.until(more, drafting=2 * AT_ONCE)
    await settle(desk)

    assert [row["attempt"] for row in rows] == [2] * AT_ONCE
    assert [(row["version"], row["finished_at"]) for row in afterwards] == [(row["version"], row["finished_at"]) for row in rows]
    assert await check(desk, calls_of={mail.word: 2 for mail in mails}) == {"ready": 3 * AT_ONCE}
    report.saw(
        "5 ready by the other worker, unchanged by the late ones; 10 calls recorded; both work on, 10 at once",
        recovery_s=recovery_s,
    )
