"""Messages turned into a batch's suggestions: which, how, and how many at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from service.batches.advancing import advance
from service.batches.rules import CHUNK, MAX_LIVE
from service.db.engine import fetch
from service.db.ids import uuid7
from service.inbox.outbound import store_reply
from service.suggestions.service import Desk
from tests.api.agents import failed, ready
from tests.batches.asking import ask, mail, make_due, many_mails, message_of, no_provider, of_batch, of_message, step, told
from tests.factories import ShopAtWork, make_shop
from tests.storing import put_status, store_mail, store_suggestion, suggestion_row


async def test_step_when_a_draft_is_ready_then_it_makes_room_for_a_new_one(shop: ShopAtWork, desk: Desk) -> None:
    old_id = await ready(shop)
    await fetch("UPDATE suggestion SET waiting_since = now() - interval '2 h' WHERE id = $1", old_id)
    batch_id = await ask(shop, [await message_of(old_id)], instruction="Be brief")

    await step(batch_id, desk)

    old = await suggestion_row(old_id)
    (new,) = await of_batch(batch_id)
    assert (old["status"], old["reason_code"], old["outcome"]) == ("superseded", "superseded", None)
    assert (new["message"], new["thread"], new["status"], new["priority"]) == (old["message"], old["thread"], "pending", 20)
    assert (new["instruction"], new["waiting_since"], new["attempt"]) == ("Be brief", old["waiting_since"], 0)


async def test_step_when_one_has_failed_then_it_ends_with_its_reason(shop: ShopAtWork, desk: Desk) -> None:
    old_id = await failed(shop)
    batch_id = await ask(shop, [await message_of(old_id)])

    await step(batch_id, desk)

    old = await suggestion_row(old_id)
    (new,) = await of_batch(batch_id)
    assert (old["status"], old["reason_code"]) == ("superseded", "provider_down")
    assert (new["status"], new["instruction"]) == ("pending", None)


async def test_step_when_the_customer_is_a_vip_then_the_batchs_place_is_the_batchs(shop: ShopAtWork, desk: Desk) -> None:
    message_id = await mail(shop)
    await fetch("UPDATE customer SET vip = true WHERE shop = $1", shop.id)
    batch_id = await ask(shop, [message_id])

    await step(batch_id, desk)

    assert [row["priority"] for row in await of_batch(batch_id)] == [20]


async def test_step_when_no_suggestion_told_how_long_the_customer_waits_then_the_message_does(shop: ShopAtWork, desk: Desk) -> None:
    message_id = await mail(shop)
    await fetch("DELETE FROM suggestion WHERE message = $1", message_id)
    batch_id = await ask(shop, [message_id])

    await step(batch_id, desk)

    (row,) = await fetch(
        "SELECT waiting_since - received_at AS apart FROM suggestion JOIN message ON message.id = message WHERE batch = $1",
        batch_id,
    )
    assert row["apart"] == timedelta(0)


async def unknown(_: ShopAtWork) -> UUID:
    return uuid7()


async def another_shops(_: ShopAtWork) -> UUID:
    return await mail(await make_shop())


async def outbound(shop: ShopAtWork) -> UUID:
    reply_id = uuid7()
    await store_reply(shop.id, await mail(shop), outbound_id=reply_id, reply_id=reply_id, text="Soon.")
    return reply_id


async def machine(shop: ShopAtWork) -> UUID:
    return await mail(shop, headers=[["Auto-Submitted", "auto-replied"]])


async def overtaken(shop: ShopAtWork) -> UUID:
    message_id = await mail(shop, from_="eve@customer.example", message_id="<root@eve>")
    await store_mail(shop, from_="eve@customer.example", in_reply_to="<root@eve>")
    return message_id


async def answered(shop: ShopAtWork) -> UUID:
    message_id = await mail(shop)
    reply_id = uuid7()
    await store_reply(shop.id, message_id, outbound_id=reply_id, reply_id=reply_id, text="Soon.")
    return message_id


async def rejected(shop: ShopAtWork) -> UUID:
    suggestion_id = await ready(shop)
    await fetch("UPDATE suggestion SET outcome = 'rejected' WHERE id = $1", suggestion_id)
    return await message_of(suggestion_id)


async def claimed(shop: ShopAtWork) -> UUID:
    suggestion_id = await ready(shop)
    await fetch("UPDATE suggestion SET claimed_by = 'bob', claimed_until = now() + interval '1 h' WHERE id = $1", suggestion_id)
    return await message_of(suggestion_id)


async def claimed_failure(shop: ShopAtWork) -> UUID:
    suggestion_id = await failed(shop)
    await fetch("UPDATE suggestion SET claimed_by = 'bob', claimed_until = now() + interval '1 h' WHERE id = $1", suggestion_id)
    return await message_of(suggestion_id)


async def queued(shop: ShopAtWork) -> UUID:
    suggestion_id = await store_suggestion(shop)
    await put_status(suggestion_id, "queued")
    return await message_of(suggestion_id)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (unknown, "not_found"),
        (another_shops, "not_found"),
        (outbound, "not_from_customer"),
        (machine, "not_from_customer"),
        (overtaken, "newer_message"),
        (answered, "answered"),
        (rejected, "resolved"),
        (claimed, "claimed"),
        (claimed_failure, "claimed"),
        (queued, "in_work"),
    ],
)
async def test_step_when_a_message_is_not_to_be_drafted_then_it_is_counted_and_left_alone(
    shop: ShopAtWork, desk: Desk, case: Any, reason: str
) -> None:
    message_id = await case(shop)
    before = await of_message(message_id)
    batch_id = await ask(shop, [message_id, await mail(shop)])

    await step(batch_id, desk)

    found = await told(shop, batch_id)
    assert (found.total, found.expanded, found.waiting, found.skipped) == (2, 2, 1, {reason: 1})
    assert await of_message(message_id) == before


async def test_step_when_a_claim_has_lapsed_then_the_draft_is_made_anew(shop: ShopAtWork, desk: Desk) -> None:
    message_id = await claimed(shop)
    await fetch("UPDATE suggestion SET claimed_until = now() - interval '1 s' WHERE message = $1", message_id)
    batch_id = await ask(shop, [message_id])

    await step(batch_id, desk)

    old, _ = await of_message(message_id)
    assert (old["status"], old["claimed_by"], (await told(shop, batch_id)).waiting) == ("superseded", None, 1)


async def test_step_when_a_message_is_named_twice_then_it_counts_once(shop: ShopAtWork, desk: Desk) -> None:
    message_id = await mail(shop)
    batch_id = await ask(shop, [message_id, message_id])

    await step(batch_id, desk)

    found = await told(shop, batch_id)
    assert (found.total, found.waiting, found.skipped) == (1, 1, {})


async def test_batch_when_it_is_made_then_nothing_is_expanded_yet(shop: ShopAtWork) -> None:
    batch_id = await ask(shop, [await mail(shop)])

    found = await told(shop, batch_id)
    assert (found.state, found.total, found.expanded, found.waiting) == ("running", 1, 0, 0)


async def test_batch_when_it_has_several_hundred_messages_then_few_are_live_at_a_time_and_their_order_stays(
    shop: ShopAtWork, desk: Desk
) -> None:
    message_ids = await many_mails(shop, 450)
    batch_id = await ask(shop, message_ids)

    seen, waiting = [], []
    for _ in range(3):
        await step(batch_id, desk)
        found = await told(shop, batch_id)
        seen.append(found.expanded)
        waiting.append(found.waiting)
        await fetch("UPDATE suggestion SET status = 'ready' WHERE batch = $1", batch_id)

    assert (seen, waiting) == ([200, 400, 450], [200, 200, 50])
    made = await of_batch(batch_id)
    assert [row["message"] for row in made] == message_ids
    assert all(earlier["next_send_at"] < later["next_send_at"] for earlier, later in pairwise(made))
    assert (await told(shop, batch_id)).state == "running"
    assert await step(batch_id, desk) == "ended"
    assert (await told(shop, batch_id)).state == "finished"


async def test_step_when_enough_are_live_then_it_makes_no_more(shop: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(shop, await many_mails(shop, MAX_LIVE + CHUNK))
    await step(batch_id, desk)
    await fetch("UPDATE suggestion SET status = 'ready' WHERE id IN (SELECT id FROM suggestion WHERE batch = $1 LIMIT 3)", batch_id)

    await step(batch_id, desk)

    assert (await told(shop, batch_id)).waiting == MAX_LIVE


async def test_step_when_run_twice_at_once_then_each_message_has_one_suggestion(shop: ShopAtWork, desk: Desk) -> None:
    message_ids = await many_mails(shop, 120)
    batch_id = await ask(shop, message_ids)

    outcomes = await asyncio.gather(*(advance(batch_id, desk=desk, open_provider=no_provider) for _ in range(4)))

    assert sorted(outcomes) == ["moved_on", "not_due", "not_due", "not_due"]
    assert sorted(row["message"] for row in await of_batch(batch_id)) == message_ids


async def test_steps_when_their_lease_is_lost_then_each_message_still_has_one_suggestion(shop: ShopAtWork, desk: Desk) -> None:
    message_ids = await many_mails(shop, 180)
    batch_id = await ask(shop, message_ids)

    await asyncio.gather(*(step(batch_id, desk) for _ in range(4)))

    found = await told(shop, batch_id)
    assert (found.expanded, found.waiting, found.skipped) == (180, 180, {})


async def test_step_when_it_dies_in_the_middle_then_what_it_counted_is_what_it_made(shop: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(shop, await many_mails(shop, 120))
    # The second chunk's 70th message cannot be stored; the first chunk is.
    await fetch(
        """CREATE OR REPLACE FUNCTION refuse_seventieth() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF NEW.batch IS NOT NULL AND (SELECT count(*) FROM suggestion WHERE batch = NEW.batch) >= 70 THEN
               RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full';
           END IF; RETURN NEW; END $$"""
    )
    await fetch("CREATE TRIGGER refuse BEFORE INSERT ON suggestion FOR EACH ROW EXECUTE FUNCTION refuse_seventieth()")
    try:
        with pytest.raises(Exception, match="did not answer"):
            await step(batch_id, desk)
    finally:
        await fetch("DROP TRIGGER refuse ON suggestion")

    found = await told(shop, batch_id)
    assert (found.expanded, found.waiting) == (50, 50)
    await make_due(batch_id)
    await advance(batch_id, desk=desk, open_provider=no_provider)
    assert (await told(shop, batch_id)).waiting == 120


async def test_mail_when_it_comes_for_a_batchs_thread_then_it_supersedes_the_batchs_suggestion(
    shop: ShopAtWork, desk: Desk
) -> None:
    message_id = await mail(shop, from_="eve@customer.example", message_id="<root@eve>")
    batch_id = await ask(shop, [message_id])
    await step(batch_id, desk)

    await store_mail(shop, from_="eve@customer.example", in_reply_to="<root@eve>")

    found = await told(shop, batch_id)
    assert (found.waiting, found.superseded) == (0, 1)
    assert await step(batch_id, desk) == "ended"


async def test_batch_when_a_customer_writes_while_it_expands_then_no_thread_has_two_live_ones(shop: ShopAtWork, desk: Desk) -> None:
    roots = [f"<root-{number}@eve>" for number in range(30)]
    message_ids = [await mail(shop, from_="eve@customer.example", message_id=root) for root in roots]
    batch_id = await ask(shop, message_ids)

    await asyncio.gather(
        step(batch_id, desk), *(store_mail(shop, from_="eve@customer.example", in_reply_to=root) for root in roots[::2])
    )

    live = await fetch("SELECT message FROM suggestion WHERE shop = $1 AND status = 'pending'", shop.id)
    newest = await fetch("SELECT max(id::text)::uuid AS id FROM message WHERE shop = $1 GROUP BY thread", shop.id)
    assert sorted(row["message"] for row in live) == sorted(row["id"] for row in newest)
