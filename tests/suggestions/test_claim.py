"""Of any number of workers exactly one drafts, and a dead one's work is free again."""

from __future__ import annotations

import asyncio

import pytest

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.suggestions import repository
from service.suggestions.leases import Leases
from tests.factories import ShopAtWork
from tests.storing import let_lease_lapse, put_status, store_suggestion, suggestion_row
from tests.waiting import until


async def test_claim_when_fifty_ask_at_once_then_one_gets_it(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)

    claims = await asyncio.gather(*(repository.claim(suggestion_id) for _ in range(50)))

    won = [held for held in claims if held is not None]
    assert len(won) == 1
    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["attempt"], row["lease_token"]) == ("drafting", 1, won[0].lease_token)
    assert row["lease_until"] > row["started_at"]


@pytest.mark.parametrize("status", ["pending", "queued"])
async def test_claim_when_it_waits_then_it_is_held(shop: ShopAtWork, status: str) -> None:
    suggestion_id = await store_suggestion(shop)
    await put_status(suggestion_id, status)

    held = await repository.claim(suggestion_id)

    assert held is not None
    row = await suggestion_row(suggestion_id)
    assert (held.shop_id, held.message_id, held.thread_id, held.attempt) == (shop.id, row["message"], row["thread"], 1)


@pytest.mark.parametrize("status", ["ready", "failed", "skipped", "superseded"])
async def test_claim_when_it_is_final_then_there_is_no_work(shop: ShopAtWork, status: str) -> None:
    suggestion_id = await store_suggestion(shop)
    await put_status(suggestion_id, status)

    assert await repository.claim(suggestion_id) is None
    assert (await suggestion_row(suggestion_id))["status"] == status


async def test_claim_when_it_does_not_exist_then_there_is_no_work(shop: ShopAtWork) -> None:
    assert shop.id
    assert await repository.claim(uuid7()) is None


async def test_claim_when_the_lease_has_lapsed_then_another_worker_gets_it(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    first = await repository.claim(suggestion_id)
    while_held = await repository.claim(suggestion_id)
    await let_lease_lapse(suggestion_id)

    second = await repository.claim(suggestion_id)

    assert first is not None
    assert while_held is None
    assert second is not None
    assert second.attempt == 2
    assert second.lease_token != first.lease_token


async def test_claim_when_four_workers_have_died_then_a_fifth_is_refused(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    attempts = []
    for _ in range(4):
        held = await repository.claim(suggestion_id)
        assert held is not None
        attempts.append(held.attempt)
        await let_lease_lapse(suggestion_id)

    assert await repository.claim(suggestion_id) is None
    assert attempts == [1, 2, 3, 4]


async def test_renew_when_a_lease_is_held_then_only_that_one_is_extended(shop: ShopAtWork) -> None:
    kept, other = await store_suggestion(shop), await store_suggestion(shop)
    held = await repository.claim(kept)
    await repository.claim(other)
    await fetch("UPDATE suggestion SET lease_until = now() + interval '1 s' WHERE shop = $1", shop.id)
    assert held is not None

    await repository.renew([held.lease_token])

    row = await fetch_row(
        """SELECT a.lease_until > b.lease_until + interval '10 s' AS is_later
           FROM suggestion a, suggestion b WHERE a.id = $1 AND b.id = $2""",
        kept,
        other,
    )
    assert row["is_later"]


async def test_renew_when_the_draft_is_saved_then_nothing_comes_back(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    held = await repository.claim(suggestion_id)
    assert held is not None
    await put_status(suggestion_id, "superseded")
    await fetch("UPDATE suggestion SET lease_until = NULL WHERE id = $1", suggestion_id)

    await repository.renew([held.lease_token])

    assert (await suggestion_row(suggestion_id))["lease_until"] is None


async def test_leases_while_a_block_runs_renew_it_and_afterwards_no_more(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    held = await repository.claim(suggestion_id)
    assert held is not None
    leases = Leases(repository.renew)
    renewed: asyncio.Queue[int] = asyncio.Queue()
    counting = Leases(lambda tokens: _told(renewed, len(tokens)))
    tasks = [asyncio.create_task(leases.renew_forever()), asyncio.create_task(counting.renew_forever())]
    with leases.held(held.lease_token), counting.held(held.lease_token), counting.held(uuid7()):
        await fetch("UPDATE suggestion SET lease_until = now() WHERE id = $1", suggestion_id)
        told = await renewed.get()
        await until(lambda: _is_extended(suggestion_id))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert told == 2
    assert renewed.empty()


async def _told(renewed: asyncio.Queue[int], count: int) -> None:
    renewed.put_nowait(count)


async def _is_extended(suggestion_id: object) -> bool:
    row = await fetch_row("SELECT lease_until > now() + interval '5 s' AS yes FROM suggestion WHERE id = $1", suggestion_id)
    return bool(row["yes"])
