"""A newer mail and what agents hold: never written over, but told by its version."""

from __future__ import annotations

from typing import Any

import pytest

from service.db.engine import fetch
from tests.api.agents import DRAFT, failed, of_thread, ready
from tests.factories import ShopAtWork
from tests.storing import put_status, store_mail, store_suggestion, suggestion_row

ROOT = "<root@x>"


async def hold(suggestion_id: Any, *, seconds: int = 300) -> None:
    await fetch(
        "UPDATE suggestion SET claimed_by = 'anna', claimed_until = now() + make_interval(secs => $2) WHERE id = $1",
        suggestion_id,
        float(seconds),
    )


async def test_mail_when_an_agent_holds_the_draft_then_only_its_version_and_reason_tell(shop: ShopAtWork) -> None:
    held = await ready(shop, message_id=ROOT)
    await hold(held)
    before = dict(await suggestion_row(held))

    newer = await store_mail(shop, in_reply_to=ROOT)

    after = dict(await suggestion_row(held))
    assert after == {**before, "version": before["version"] + 1, "reason_code": "superseded"}
    assert after["body"] == DRAFT
    assert (await suggestion_row(newer.suggestion_id))["status"] == "pending"  # type: ignore[arg-type]


async def test_mails_when_several_come_under_a_claim_then_one_of_theirs_lives_beside_it(shop: ShopAtWork) -> None:
    held = await ready(shop, message_id=ROOT)
    await hold(held)

    for _ in range(3):
        newest = await store_mail(shop, in_reply_to=ROOT)

    rows = await of_thread(held)
    assert [row["status"] for row in rows] == ["ready", "superseded", "superseded", "pending"]
    assert rows[-1]["id"] == newest.suggestion_id


async def test_mail_when_the_claim_has_lapsed_then_the_draft_is_superseded(shop: ShopAtWork) -> None:
    lapsed = await ready(shop, message_id=ROOT)
    await hold(lapsed, seconds=-1)

    await store_mail(shop, in_reply_to=ROOT)

    row = await suggestion_row(lapsed)
    assert (row["status"], row["reason_code"], row["claimed_by"], row["claimed_until"]) == ("superseded", "superseded", None, None)


async def test_mail_when_the_draft_is_free_then_it_is_superseded(shop: ShopAtWork) -> None:
    free = await ready(shop, message_id=ROOT)
    before = await suggestion_row(free)

    await store_mail(shop, in_reply_to=ROOT)

    row = await suggestion_row(free)
    assert (row["status"], row["reason_code"], row["version"]) == ("superseded", "superseded", before["version"] + 1)
    assert row["finished_at"] > before["finished_at"]


@pytest.mark.parametrize("status", ["ready", "failed", "superseded"])
async def test_mail_when_an_agent_has_decided_then_nothing_of_it_changes(shop: ShopAtWork, status: str) -> None:
    done = await ready(shop, message_id=ROOT)
    await fetch("UPDATE suggestion SET outcome = 'edited', status = $2 WHERE id = $1", done, status)
    before = await suggestion_row(done)

    await store_mail(shop, in_reply_to=ROOT)

    assert await suggestion_row(done) == before


async def test_mail_when_an_agent_answers_a_failed_one_by_hand_then_its_version_tells_him(shop: ShopAtWork) -> None:
    held, free = await failed(shop, message_id=ROOT), await failed(shop, message_id="<2@x>")
    await hold(held)
    before, untouched = dict(await suggestion_row(held)), await suggestion_row(free)

    await store_mail(shop, in_reply_to=ROOT)
    await store_mail(shop, in_reply_to="<2@x>")

    assert dict(await suggestion_row(held)) == {**before, "version": before["version"] + 1}
    assert await suggestion_row(free) == untouched


@pytest.mark.parametrize("status", ["pending", "queued", "drafting"])
async def test_machine_mail_when_it_comes_then_nothing_is_overtaken(shop: ShopAtWork, status: str) -> None:
    live = await store_suggestion(shop, message_id=ROOT)
    await put_status(live, status)

    await store_mail(shop, in_reply_to=ROOT, headers=[["Auto-Submitted", "auto-replied"]])

    assert (await suggestion_row(live))["status"] == status
