"""The model's provider is in trouble: it asks for patience, is out of credit, fails for minutes, hangs or trickles."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Literal

import pytest

from service.drafting import fallback_text
from tests.faults.desk import FaultDesk, Mail
from tests.faults.invariant import check, settle
from tests.faults.report import Report
from tests.faults.seen import asked_at, series_of
from tests.faults.waiting import wait_for
from tests.programs import draftdesk
from tests.standin_control import Fault

pytestmark = [pytest.mark.timeout(400), pytest.mark.fault]

Patience = Literal["7", "120", "a date"]
AT_ONCE = 5
BACK_OFFS_S = (2, 4, 8)


def asked_for(wait: Patience) -> tuple[str, datetime]:
    """Return the Retry-After header for `7`, `120` or `a date`, and the moment before which nobody may ask again."""
    now = datetime.now(UTC)
    if wait == "a date":
        # A date has whole seconds.
        until = (now + timedelta(seconds=20)).replace(microsecond=0)
        return format_datetime(until, usegmt=True), until
    return wait, now + timedelta(seconds=int(wait))


@pytest.mark.parametrize("wait", ["7", "120", "a date"])
async def test_model_when_it_asks_for_patience_then_nobody_asks_earlier_and_no_slot_is_held(
    desk: FaultDesk, report: Report, wait: Patience
) -> None:
    report.expect(
        9, f"429 with Retry-After: {wait}; 5 more mails meanwhile", "no call before that time; no slot held; then all ready"
    )
    first = desk.write()
    header, not_before = asked_for(wait)
    desk.stand_in.script(Fault("rate_limit", retry_after=header))
    await desk.post(first)
    await desk.until([first], queued=1)
    (refused_at,) = (await asked_at(desk))[first.word]
    if wait != "a date":
        not_before = refused_at + timedelta(seconds=int(wait))

    others = await desk.send(AT_ONCE)
    await wait_for(lambda: are_held_back(desk, others), "the others are held back")
    series = await series_of(desk.workers[0], desk.http)
    await settle(desk, within_s=240)

    assert series["draftdesk_jobs_in_progress"] == 0
    moments = await asked_at(desk)
    later = [*moments[first.word][1:], *(at for mail in others for at in moments[mail.word])]
    assert len(later) == 1 + AT_ONCE
    assert min(later) >= not_before
    assert await check(desk, calls_of={first.word: 2}) == {"ready": 1 + AT_ONCE}
    assert [row["attempt"] for row in await desk.suggestions([first, *others])] == [2] + [1] * AT_ONCE
    asked_s = (not_before - refused_at).total_seconds()
    report.saw(
        f"asked for {asked_s:.1f} s, next call after {(min(later) - refused_at).total_seconds():.1f} s; 0 slots held; 6 ready"
    )


async def are_held_back(desk: FaultDesk, mails: Sequence[Mail]) -> bool:
    """Whether each of these has been taken up, and put back without a call."""
    rows = await desk.suggestions(mails)
    return [(row["status"], row["error"], row["attempt"]) for row in rows] == [("queued", "held_back", 0)] * len(mails)


async def test_model_when_the_account_is_empty_then_one_call_is_made_and_all_wait_visibly(desk: FaultDesk, report: Report) -> None:
    report.expect(
        9, "429 insufficient_quota, then 10 more mails", "1 call, the breaker opens, all wait visibly; ready once it is paid"
    )
    desk.stand_in.script(Fault("quota"))
    (first,) = await desk.send(1)

    async def is_open() -> bool:
        return (await series_of(desk.workers[0], desk.http)).get('draftdesk_breaker_open{name="model"}') == 1

    await wait_for(is_open, "the breaker is open")
    others = await desk.send(10)
    await wait_for(lambda: are_held_back(desk, others), "the others are held back")
    calls_while_open = (await desk.calls()).total()
    (row,) = await desk.suggestions([first])
    shown = await desk.http.get(f"{desk.apis[0].url}/v1/suggestions/{row['id']}")
    recovery_s = await settle(desk, within_s=120)

    assert calls_while_open == 1
    assert (row["status"], row["error"], row["attempt"]) == ("queued", "insufficient_quota", 0)
    assert shown.json()["suggestion"]["status"] == "queued"
    assert await check(desk, calls_of={first.word: 2}) == {"ready": 11}
    report.saw(f"1 call, 11 waiting; then 11 ready with {(await desk.calls()).total() - 1} more calls", recovery_s=recovery_s)


async def test_model_when_it_fails_until_all_is_dead_then_a_retry_of_all_drafts_them(desk: FaultDesk, report: Report) -> None:
    count = 20
    report.expect(
        10,
        f"the model answers 500 to everything, {count} mails",
        "4 calls each, 2, 4, 8 s apart or more; dead letters; a retry of all",
    )
    desk.stand_in.script(Fault("server_error", times=100_000))
    mails = await desk.send(count)
    storm_s = await desk.until(mails, failed=count, within_s=180)
    gaps_s = gaps_of(await asked_at(desk))
    dead = await desk.suggestions(mails)
    dead_calls = await desk.calls()

    desk.stand_in.reset()
    api = desk.apis[0].url
    listed = (await desk.http.get(f"{api}/v1/dead-letters")).json()["causes"]
    retried = await desk.http.post(
        f"{api}/v1/dead-letters/retry",
        json={"reason_code": "provider_down"},
        headers={"authorization": f"Bearer {writer_key(desk)}"},
    )
    recovery_s = await settle(desk)

    assert dead_calls == dict.fromkeys((mail.word for mail in mails), 4)
    assert all(gap >= back_off for gaps in gaps_s.values() for gap, back_off in zip(gaps, BACK_OFFS_S, strict=True))
    assert {(row["kind"], row["reason_code"], row["body"], row["attempt"]) for row in dead} == {
        ("fallback", "provider_down", fallback_text("en", "The desk")[1], 4)
    }
    assert sum(cause["count"] for cause in listed if cause["reason_code"] == "provider_down") >= count
    assert retried.status_code == 200, retried.text
    assert {str(row["id"]) for row in dead} <= set(retried.json()["put_back"])
    assert await check(desk) == {"ready": count}
    assert {row["attempt"] for row in await desk.suggestions(mails)} == {1}
    shortest = [min(gaps[place] for gaps in gaps_s.values()) for place in range(3)]
    report.saw(
        f"{dead_calls.total()} calls, at least {', '.join(f'{math.floor(gap * 10) / 10:.1f}' for gap in shortest)} s apart; "
        f"{count} dead after {storm_s:.0f} s, with fallback; all ready by one retry",
        recovery_s=recovery_s,
    )


def gaps_of(moments: Mapping[str, Sequence[datetime]]) -> dict[str, list[float]]:
    """Return the seconds between the calls of each mail."""
    return {word: [(later - earlier).total_seconds() for earlier, later in pairwise(asked)] for word, asked in moments.items()}


def writer_key(desk: FaultDesk) -> str:
    """Make a key that may put dead letters back."""
    settings = desk.servers.settings
    made = draftdesk(
        *("key", "create", "--shop", "desk", "--name", "faults", "--scope", "read", "--scope", "write"),
        DATABASE_URL=settings.database_url,
        REDIS_URL=settings.redis_url,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


async def test_model_when_it_hangs_or_trickles_then_the_wall_clock_ends_the_call_and_no_other_job_waits(
    desk: FaultDesk, report: Report
) -> None:
    report.expect(
        11,
        "one call hangs, one trickles a byte each 0.5 s; 12 more mails",
        "both ended by our clock and tried again; the others are ready meanwhile",
    )
    hung, trickled = desk.write(), desk.write()
    desk.stand_in.script(Fault("hang", match=hung.word), Fault("trickle", match=trickled.word))
    await asyncio.gather(desk.post(hung), desk.post(trickled))
    await desk.until_asked(2)

    others = await desk.send(12)
    others_s = await desk.until(others, ready=12)
    meanwhile = await desk.statuses([hung, trickled])
    recovery_s = await settle(desk, within_s=150)

    assert meanwhile == {"drafting": 2}
    assert await check(desk, calls_of={hung.word: 2, trickled.word: 2}) == {"ready": 14}
    rows = await desk.suggestions([hung, trickled])
    ended = await desk.rows(
        "SELECT error_type, duration_s FROM model_call WHERE suggestion = ANY($1) AND attempt = 1 ORDER BY suggestion",
        [row["id"] for row in rows],
    )
    assert [row["error_type"] for row in ended] == ["timeout", "timeout"]
    assert [row["attempt"] for row in rows] == [2, 2]
    durations = " and ".join(f"{row['duration_s']:.1f}" for row in ended)
    report.saw(f"calls ended after {durations} s; 12 others ready within {others_s:.1f} s; then 14 ready", recovery_s=recovery_s)
