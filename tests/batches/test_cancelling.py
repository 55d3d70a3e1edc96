"""A batch that is cancelled leaves no thread worse off; nor does one whose drafts fail."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from service.batches.rules import MAX_LIVE
from service.batches.service import cancel
from service.db.engine import fetch
from service.db.ids import uuid7
from service.errors import Conflict, NotFound
from service.inbox.outbound import store_reply
from service.suggestions.rechecks import recheck
from service.suggestions.service import Desk, draft
from tests.api.agents import DRAFT, failed, make_ready, ready
from tests.batches.asking import ask, mail, many_mails, message_of, of_batch, of_message, step, told
from tests.factories import ShopAtWork, make_shop
from tests.storing import put_status, store_mail, suggestion_row


async def expanded(shop: ShopAtWork, desk: Desk, *suggestion_ids: UUID) -> UUID:
    """Return a batch that has made its suggestions in the place of these."""
    batch_id = await ask(shop, [await message_of(each) for each in suggestion_ids])
    await step(batch_id, desk)
    return batch_id


async def let_fail(batch_id: UUID) -> None:
    """Do as if the checks had stopped all of a batch's drafts."""
    await fetch(
        """UPDATE suggestion SET status = 'failed', kind = 'fallback', reason_code = 'failed_check', next_send_at = NULL
           WHERE batch = $1""",
        batch_id,
    )


async def statuses(*suggestion_ids: UUID) -> list[tuple[str, str | None]]:
    rows = [await suggestion_row(each) for each in suggestion_ids]
    return [(row["status"], row["reason_code"]) for row in rows]


async def test_cancel_when_suggestions_wait_then_they_end_and_what_they_superseded_comes_back(shop: ShopAtWork, desk: Desk) -> None:
    good, bad = await ready(shop), await failed(shop)
    batch_id = await expanded(shop, desk, good, bad)

    await cancel(shop.id, batch_id)

    assert await statuses(good, bad) == [("ready", None), ("failed", "provider_down")]
    assert [(row["status"], row["reason_code"], row["next_send_at"]) for row in await of_batch(batch_id)] == [
        ("superseded", "superseded", None)
    ] * 2
    found = await told(shop, batch_id)
    assert (found.state, found.waiting, found.superseded) == ("cancelled", 0, 2)
    assert found.finished_at is not None


async def test_cancel_when_a_draft_comes_back_then_it_is_as_it_was_and_compared_with_todays_orders(
    shop: ShopAtWork, desk: Desk
) -> None:
    good = await ready(shop)
    before = await suggestion_row(good)
    batch_id = await expanded(shop, desk, good)

    await cancel(shop.id, batch_id)

    row = await suggestion_row(good)
    assert (row["body"], row["kind"], row["claimed_by"], row["outcome"]) == (DRAFT, "ai", None, None)
    assert row["version"] > before["version"]
    # The draft's order_hash is of no order: it no longer holds, and is drafted anew in front of all batches.
    await fetch("UPDATE suggestion SET recheck_at = NULL WHERE shop <> $1", shop.id)
    assert (await recheck(10)).overtaken == 1
    assert [row["priority"] for row in await of_message(before["message"]) if row["status"] == "pending"] == [10]


async def test_cancel_when_some_are_drafted_or_in_work_then_they_stay(shop: ShopAtWork, desk: Desk) -> None:
    olds = [await ready(shop) for _ in range(3)]
    batch_id = await expanded(shop, desk, *olds)
    done, working, _ = [row["id"] for row in await of_batch(batch_id)]
    await make_ready(done)
    await put_status(working, "drafting")

    await cancel(shop.id, batch_id)

    assert [row["status"] for row in await of_batch(batch_id)] == ["ready", "drafting", "superseded"]
    assert [status for status, _ in await statuses(*olds)] == ["superseded", "superseded", "ready"]


async def test_cancel_when_what_was_in_work_has_to_wait_again_then_a_later_step_ends_it(shop: ShopAtWork, desk: Desk) -> None:
    old = await ready(shop)
    batch_id = await expanded(shop, desk, old)
    [working] = [row["id"] for row in await of_batch(batch_id)]
    await put_status(working, "drafting")
    await cancel(shop.id, batch_id)

    assert await step(batch_id, desk) == "moved_on"
    await put_status(working, "queued")
    assert await step(batch_id, desk) == "ended"

    assert await statuses(old, working) == [("ready", None), ("superseded", "superseded")]


async def test_cancel_when_not_all_was_expanded_then_nothing_more_is(shop: ShopAtWork, desk: Desk) -> None:
    message_ids = await many_mails(shop, MAX_LIVE + 30)
    batch_id = await ask(shop, message_ids)
    await step(batch_id, desk)

    await cancel(shop.id, batch_id)

    assert await step(batch_id, desk) == "ended"
    found = await told(shop, batch_id)
    assert (found.state, found.expanded, found.waiting, found.superseded) == ("cancelled", MAX_LIVE, 0, MAX_LIVE)
    rows = await fetch("SELECT status, count(*) FROM suggestion WHERE shop = $1 AND batch IS NULL GROUP BY status", shop.id)
    assert {row["status"]: row["count"] for row in rows} == {"ready": len(message_ids), "superseded": 1}


async def newer_mail(shop: ShopAtWork, suggestion_id: UUID) -> None:
    row = await suggestion_row(suggestion_id)
    await fetch("UPDATE message SET rfc_message_id = $2 WHERE id = $1", row["message"], f"root-{row['message']}@x")
    receipt = await store_mail(shop, in_reply_to=f"<root-{row['message']}@x>")
    # Not even where the newer one's own suggestion is gone again.
    assert receipt.suggestion_id is not None
    await put_status(receipt.suggestion_id, "failed")


async def answer(shop: ShopAtWork, suggestion_id: UUID) -> None:
    reply_id = uuid7()
    await store_reply(shop.id, await message_of(suggestion_id), outbound_id=reply_id, reply_id=reply_id, text="Soon.")


async def claim_of_another(shop: ShopAtWork, suggestion_id: UUID) -> None:
    row = await suggestion_row(suggestion_id)
    await fetch(
        """INSERT INTO suggestion (id, shop, thread, message, status, kind, claimed_by, claimed_until)
           VALUES ($1, $2, $3, $4, 'failed', 'fallback', 'bob', now() + interval '1 h')""",
        uuid7(),
        shop.id,
        row["thread"],
        row["message"],
    )


@pytest.mark.parametrize("meanwhile", [newer_mail, answer, claim_of_another])
async def test_cancel_when_the_thread_has_moved_on_then_the_old_draft_stays_where_it_is(
    shop: ShopAtWork, desk: Desk, meanwhile: Any
) -> None:
    old = await ready(shop)
    batch_id = await expanded(shop, desk, old)
    await meanwhile(shop, old)

    await cancel(shop.id, batch_id)

    assert await statuses(old) == [("superseded", "superseded")]


async def test_cancel_when_the_old_one_was_superseded_for_another_reason_then_it_stays(shop: ShopAtWork, desk: Desk) -> None:
    message_id = await mail(shop)
    batch_id = await ask(shop, [message_id])
    await step(batch_id, desk)

    await cancel(shop.id, batch_id)

    assert [row["status"] for row in await of_message(message_id)] == ["superseded", "superseded"]


async def test_cancel_when_it_is_done_twice_then_the_second_changes_nothing(shop: ShopAtWork, desk: Desk) -> None:
    old = await ready(shop)
    batch_id = await expanded(shop, desk, old)
    await cancel(shop.id, batch_id)
    before = await suggestion_row(old), await told(shop, batch_id)

    await cancel(shop.id, batch_id)

    assert (await suggestion_row(old), await told(shop, batch_id)) == before


async def test_cancel_when_a_worker_begins_at_once_then_one_of_the_two_drafts_is_left(shop: ShopAtWork, desk: Desk) -> None:
    olds = [await ready(shop) for _ in range(20)]
    batch_id = await expanded(shop, desk, *olds)
    news = [row["id"] for row in await of_batch(batch_id)]

    await asyncio.gather(*(draft(each, desk) for each in news[:10]), cancel(shop.id, batch_id))

    rows = await fetch("SELECT count(*) FROM suggestion WHERE shop = $1 AND status = 'ready' GROUP BY thread", shop.id)
    assert [row["count"] for row in rows] == [1] * 20
    assert (await told(shop, batch_id)).waiting == 0


async def test_cancel_when_a_step_is_at_work_then_nothing_is_left_waiting(shop: ShopAtWork, desk: Desk) -> None:
    message_ids = await many_mails(shop, 150)
    batch_id = await ask(shop, message_ids)

    await asyncio.gather(step(batch_id, desk), cancel(shop.id, batch_id))
    await step(batch_id, desk)

    found = await told(shop, batch_id)
    assert (found.state, found.waiting) == ("cancelled", 0)
    rows = await fetch("SELECT count(*) FROM suggestion WHERE shop = $1 AND status = 'ready'", shop.id)
    assert rows[0]["count"] == 150


async def test_cancel_when_it_is_finished_then_a_conflict(shop: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(shop, [uuid7()])
    assert await step(batch_id, desk) == "ended"

    with pytest.raises(Conflict, match="finished"):
        await cancel(shop.id, batch_id)


async def test_cancel_when_it_is_another_shops_then_it_is_not_found(shop: ShopAtWork) -> None:
    batch_id = await ask(shop, [uuid7()])

    with pytest.raises(NotFound):
        await cancel((await make_shop()).id, batch_id)
    assert (await told(shop, batch_id)).state == "running"


async def test_batch_when_its_draft_fails_then_the_old_draft_comes_back_beside_the_dead_letter(
    shop: ShopAtWork, desk: Desk
) -> None:
    good, bad = await ready(shop), await failed(shop)
    batch_id = await expanded(shop, desk, good, bad)
    await let_fail(batch_id)

    assert await step(batch_id, desk) == "ended"

    # Of two failures the newer one tells more.
    assert await statuses(good, bad) == [("ready", None), ("superseded", "provider_down")]
    assert [row["status"] for row in await of_batch(batch_id)] == ["failed", "failed"]
    assert (await told(shop, batch_id)).failed == 2


async def test_batch_when_a_draft_fails_before_all_are_expanded_then_the_old_one_is_back_already(
    shop: ShopAtWork, desk: Desk
) -> None:
    batch_id = await ask(shop, await many_mails(shop, 2 * MAX_LIVE + 10))
    await step(batch_id, desk)
    await let_fail(batch_id)

    await step(batch_id, desk)

    found = await told(shop, batch_id)
    assert (found.state, found.failed, found.waiting) == ("running", MAX_LIVE, MAX_LIVE)
    rows = await fetch("SELECT count(*) FROM suggestion WHERE shop = $1 AND status = 'ready'", shop.id)
    assert rows[0]["count"] == MAX_LIVE + 10


async def test_batch_when_its_draft_fails_a_second_time_then_the_draft_alone_comes_back(shop: ShopAtWork, desk: Desk) -> None:
    good = await ready(shop)
    first = await expanded(shop, desk, good)
    await let_fail(first)
    await step(first, desk)
    [failure] = [row["id"] for row in await of_batch(first)]
    second = await expanded(shop, desk, good)
    await let_fail(second)

    await step(second, desk)

    assert await statuses(good, failure) == [("ready", None), ("superseded", "failed_check")]


async def test_batch_when_its_draft_failed_and_the_customer_wrote_again_then_the_old_draft_stays_where_it_is(
    shop: ShopAtWork, desk: Desk
) -> None:
    good = await ready(shop)
    batch_id = await expanded(shop, desk, good)
    await let_fail(batch_id)
    await newer_mail(shop, good)

    await step(batch_id, desk)

    assert await statuses(good) == [("superseded", "superseded")]


async def test_batch_when_an_agent_rejected_its_failure_then_the_old_draft_does_not_come_back(shop: ShopAtWork, desk: Desk) -> None:
    good = await ready(shop)
    batch_id = await expanded(shop, desk, good)
    await fetch("UPDATE suggestion SET status = 'failed', kind = 'fallback', outcome = 'rejected' WHERE batch = $1", batch_id)

    await step(batch_id, desk)

    assert await statuses(good) == [("superseded", "superseded")]


async def test_batch_when_a_second_one_is_cancelled_then_the_firsts_draft_comes_back(shop: ShopAtWork, desk: Desk) -> None:
    oldest = await ready(shop)
    first = await expanded(shop, desk, oldest)
    [middle] = [row["id"] for row in await of_batch(first)]
    await make_ready(middle)
    second = await expanded(shop, desk, middle)

    await cancel(shop.id, second)

    assert await statuses(oldest, middle) == [("superseded", "superseded"), ("ready", None)]
