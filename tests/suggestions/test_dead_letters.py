"""Dead letters: who waits, for what reason, and what a retry would cost."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from service.db.engine import fetch
from service.suggestions.dead_letters.queries import list_dead_letters
from service.suggestions.dead_letters.types import Cause, CauseGroup, Position
from tests.factories import ShopAtWork, make_shop
from tests.storing import store_mail, store_suggestion, suggestion_row
from tests.suggestions.letters import dead_letter
from tests.suggestions.spending import add_call, add_suggestion


async def causes(shop: ShopAtWork) -> list[CauseGroup]:
    return await list_dead_letters(shop.id, limit=10)


async def put(suggestion_id: UUID, change: str) -> None:
    await fetch(f"UPDATE suggestion SET {change} WHERE id = $1", suggestion_id)


async def test_list_when_there_are_several_causes_then_the_longest_wait_comes_first(shop: ShopAtWork) -> None:
    young = await dead_letter(shop, reason="poison", error="worker_died", waited_s=10)
    old = await dead_letter(shop, waited_s=300)
    vip = await dead_letter(shop, waited_s=200, vip=True)
    other_error = await dead_letter(shop, error="http_500", waited_s=250)

    groups = await causes(shop)

    assert [(group.reason_code, group.error, group.count, group.vip_count) for group in groups] == [
        ("provider_down", "timeout", 2, 1),
        ("provider_down", "http_500", 1, 0),
        ("poison", "worker_died", 1, 0),
    ]
    assert [[letter.id for letter in group.letters] for group in groups] == [[old, vip], [other_error], [young]]
    assert [letter.is_vip for letter in groups[0].letters] == [False, True]
    assert groups[0].oldest_wait_since == (await suggestion_row(old))["waiting_since"]


async def test_list_when_a_reason_has_several_errors_then_each_shows_its_own_first_letters(shop: ShopAtWork) -> None:
    for error in ("timeout", "http_500"):
        for _ in range(2):
            await dead_letter(shop, error=error)

    groups = await list_dead_letters(shop.id, limit=1)

    assert [(group.count, len(group.letters), group.has_more) for group in groups] == [(2, 1, True), (2, 1, True)]


async def test_list_when_an_agent_has_dealt_with_it_or_it_is_no_failure_then_it_is_not_there(shop: ShopAtWork) -> None:
    for outcome in ("edited", "rejected"):
        await put(await dead_letter(shop), f"outcome = '{outcome}'")
    await store_suggestion(shop)

    assert await causes(shop) == []


async def test_list_when_it_is_another_shops_then_it_is_not_there(shop: ShopAtWork) -> None:
    await dead_letter(await make_shop())

    assert await causes(shop) == []


async def test_list_when_the_customer_has_written_again_then_it_is_counted_apart(shop: ShopAtWork) -> None:
    await dead_letter(shop, from_="ada@x.example", message_id="<root@x>", waited_s=900)
    await store_mail(shop, from_="ada@x.example", in_reply_to="<root@x>")

    [group] = await causes(shop)

    assert (group.count, group.overtaken_count, group.letters) == (0, 1, ())
    assert group.oldest_wait_since is None


async def test_list_when_there_are_pages_then_each_letter_is_on_one(shop: ShopAtWork) -> None:
    ids = [await dead_letter(shop, waited_s=100 - number // 3) for number in range(6)]
    await dead_letter(shop, error="http_500", waited_s=500)
    cause, after, seen = Cause("provider_down", "timeout"), None, []

    for _ in range(3):
        [group] = await list_dead_letters(shop.id, cause=cause, after=after, limit=2)
        assert group.count == 6
        seen.append([letter.id for letter in group.letters])
        after = Position(group.letters[-1].waiting_since, group.letters[-1].id)

    assert [each for page in seen for each in page] == ids
    assert [len(page) for page in seen] == [2, 2, 2]
    assert not group.has_more


async def test_cost_when_drafts_have_a_price_then_a_retry_costs_as_many_times_their_mean(shop: ShopAtWork) -> None:
    cheap, dear, unpriced = [await add_suggestion(shop) for _ in range(3)]
    await add_call(shop, cheap, cost_usd="0.0100000")
    for cost_usd in ("0.0200000", "0.0150000"):
        await add_call(shop, dear, cost_usd=cost_usd)
    await add_call(shop, unpriced, cost_usd=None)
    for _ in range(3):
        await dead_letter(shop)

    [group] = await causes(shop)

    assert group.estimated_cost_usd == Decimal("0.067500")


@pytest.mark.parametrize("cost_usd", [None, "0.0100000"])
async def test_cost_when_no_draft_has_a_price_then_it_is_unknown(shop: ShopAtWork, cost_usd: str | None) -> None:
    await dead_letter(shop)
    await add_call(shop, await add_suggestion(shop, status="ready" if cost_usd is None else "superseded"), cost_usd=cost_usd)

    [group] = await causes(shop)

    assert group.estimated_cost_usd is None
