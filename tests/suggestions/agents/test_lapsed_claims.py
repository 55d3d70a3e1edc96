"""Claims that nobody has ended: the relay ends them by the same rule as their holder would."""

from __future__ import annotations

import asyncio
from uuid import UUID

from service.db.engine import fetch
from service.db.unit_of_work import unit_of_work
from service.suggestions.agents.claims import release_lapsed
from tests.api.agents import DRAFT, let_claim_lapse, of_thread, ready
from tests.factories import ShopAtWork
from tests.storing import store_mail, suggestion_row


async def held(shop: ShopAtWork, **fields: str) -> UUID:
    suggestion_id = await ready(shop, **fields)
    await fetch("UPDATE suggestion SET claimed_by = 'anna', claimed_until = now() + interval '5 min' WHERE id = $1", suggestion_id)
    return suggestion_id


async def test_pass_when_a_claim_has_lapsed_then_the_draft_is_free_again(shop: ShopAtWork) -> None:
    suggestion_id = await held(shop)
    await let_claim_lapse(suggestion_id)
    before = await suggestion_row(suggestion_id)

    assert await release_lapsed(200) >= 1

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["claimed_by"], row["claimed_until"], row["body"]) == ("ready", None, None, DRAFT)
    assert row["version"] == before["version"] + 1


async def test_pass_when_a_claim_lasts_then_it_is_left(shop: ShopAtWork) -> None:
    suggestion_id = await held(shop)
    before = await suggestion_row(suggestion_id)

    await release_lapsed(200)

    assert await suggestion_row(suggestion_id) == before


async def test_pass_when_a_newer_message_came_then_the_draft_is_superseded(shop: ShopAtWork) -> None:
    suggestion_id = await held(shop, message_id="<root@x>")
    await store_mail(shop, in_reply_to="<root@x>")
    await let_claim_lapse(suggestion_id)

    await release_lapsed(200)

    assert [row["status"] for row in await of_thread(suggestion_id)] == ["superseded", "pending"]


async def test_pass_when_an_order_changed_then_the_message_is_drafted_anew_and_the_relay_sends_it(shop: ShopAtWork) -> None:
    suggestion_id = await held(shop)
    await fetch("UPDATE suggestion SET reason_code = 'order_changed' WHERE id = $1", suggestion_id)
    await let_claim_lapse(suggestion_id)

    await release_lapsed(200)

    old, new = await of_thread(suggestion_id)
    assert (old["status"], new["status"], new["message"]) == ("superseded", "pending", old["message"])
    [due] = await fetch("SELECT next_send_at <= now() AS yes FROM suggestion WHERE id = $1", new["id"])
    assert due["yes"]


async def test_pass_when_two_drafts_of_a_thread_lapse_then_one_lives(shop: ShopAtWork) -> None:
    first = await held(shop, message_id="<root@x>")
    second = await held(shop, in_reply_to="<root@x>")
    await fetch("UPDATE suggestion SET reason_code = NULL WHERE id = ANY($1::uuid[])", [first, second])
    for each in (first, second):
        await let_claim_lapse(each)

    await release_lapsed(200)

    assert sorted(row["status"] for row in await of_thread(first)) == ["ready", "superseded"]


async def test_passes_when_four_run_at_once_then_each_claim_ends_once(shop: ShopAtWork) -> None:
    ids = [await held(shop) for _ in range(10)]
    for each in ids:
        await let_claim_lapse(each)
    before = [(await suggestion_row(each))["version"] for each in ids]

    await asyncio.gather(*(release_lapsed(50) for _ in range(4)))

    assert [(await suggestion_row(each))["version"] - 1 for each in ids] == before


async def test_pass_when_somebody_works_in_the_thread_then_it_is_left_for_the_next(shop: ShopAtWork) -> None:
    suggestion_id = await held(shop)
    await let_claim_lapse(suggestion_id)
    locked, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with unit_of_work():
            await fetch(
                "SELECT FROM thread WHERE id = (SELECT thread FROM suggestion WHERE id = $1) FOR NO KEY UPDATE", suggestion_id
            )
            locked.set()
            await go_on.wait()

    task = asyncio.create_task(work())
    await locked.wait()
    try:
        await release_lapsed(200)
        while_locked = await suggestion_row(suggestion_id)
    finally:
        go_on.set()
        await task
    await release_lapsed(200)

    assert while_locked["claimed_by"] == "anna"
    assert (await suggestion_row(suggestion_id))["claimed_by"] is None
