"""Versions side by side: the API is newer than the worker. Of two migrations at once: tests/db/test_migrations.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.changed_actors import changed_actors
from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.queued import change_messages, dead_count
from tests.faults.report import Report

pytestmark = pytest.mark.timeout(300)

full = pytest.mark.fault


async def test_worker_when_the_api_says_more_than_it_knows_then_it_drafts_all_the_same(
    bare_desk: FaultDesk, report: Report
) -> None:
    desk = bare_desk
    report.expect(
        18, "an old worker gets 5 messages of a newer API, with an unknown argument and option", "drafted at the first attempt"
    )
    await desk.start_api()
    mails = await desk.send(5)
    await desk.until(mails, queued=5)
    changed = change_messages(desk, "suggestions", more_kwargs={"tone": "warm"}, more_options={"since_version": 7})

    await desk.start_worker()
    await settle(desk)

    assert changed == 5
    assert dead_count(desk) == 0
    assert await check(desk) == {"ready": 5}
    assert {row["attempt"] for row in await desk.suggestions(mails)} == {1}
    report.saw("5 ready, 5 calls, no dead letter")


@full
async def test_worker_when_it_has_not_the_apis_actor_yet_then_the_rows_wait_until_one_has(
    bare_desk: FaultDesk, report: Report, tmp_path: Path
) -> None:
    desk = bare_desk
    report.expect(
        18,
        "an old worker without the VIPs' actor gets 3 of their jobs, 5 others; then a new worker",
        "rows wait visibly, are sent again, drafted",
    )
    await desk.start_api()
    old = await desk.start_worker(*changed_actors(tmp_path, "del broker.actors['draft_suggestion_vip']"))
    await desk.rows(
        """INSERT INTO customer (id, shop, email, name, vip, created_at)
           SELECT gen_random_uuid(), id, 'vip@customer.example', 'Vera', true, now() FROM shop WHERE slug = 'desk'
           ON CONFLICT (shop, email) DO NOTHING"""
    )
    vips = await desk.send(3, from_="Vera <vip@customer.example>")
    others = await desk.send(5)
    await desk.until(others, ready=5)
    waiting = await desk.suggestions(vips)
    dead = dead_count(desk)

    old.terminate()
    await old.ended()
    await desk.start_worker()
    recovery_s = await settle(desk, within_s=150)

    assert [(row["status"], row["priority"], row["attempt"]) for row in waiting] == [("queued", 0, 0)] * 3
    assert dead == 3
    assert await check(desk) == {"ready": 8}
    report.saw("3 in Dramatiq's dead letters, their rows queued; all 8 ready", recovery_s=recovery_s)
