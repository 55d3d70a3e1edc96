"""Orders read again: once they can be, once only, and never over a newer state."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from service.db.engine import fetch
from service.deliveries.service import replay
from service.deliveries.types import Receipt
from service.errors import Conflict, NotFound
from service.inbox.types import Schedule
from service.shops.sources import create_source
from tests.api.receiving import deliver, deliveries
from tests.factories import ShopAtWork
from tests.orders.changes import orders
from tests.providers.shopify_calls import SECRET, shopify_fields, signed_shopify

NOW = Schedule(head_start_s=3600)
OLD = shopify_fields("order", updated_at="2026-11-20T12:00:00Z")
NEW = shopify_fields("order", updated_at="2026-11-20T13:00:00Z", name="#new")


async def send(client: httpx2.AsyncClient, shop: ShopAtWork, topic: str, fields: dict[str, object]) -> None:
    """Post a signed call of a source of its own."""
    source = await create_source(shop.id, provider="shopify", name="orders", secret=SECRET)
    response = await deliver(client, f"/webhooks/shopify/{source.id}", signed_shopify(topic, fields, secret=SECRET))
    assert response.status_code == 200


async def failed_order(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    """Leave a delivery that failed and can be read now, as with a new version of the program."""
    await send(client, shop, "orders/updated", {"id": "no number"})
    await fetch("UPDATE delivery SET body = $2 WHERE shop = $1", shop.id, signed_shopify("orders/updated", OLD).body)


async def test_replay_when_the_order_can_be_read_now_then_it_is_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await failed_order(client, shop)
    [row] = await deliveries(shop)

    receipt = await replay(shop.id, row["id"], schedule=NOW)

    [kept] = await deliveries(shop)
    assert (receipt, row["outcome"], kept["outcome"], kept["reason"]) == (Receipt("stored"), "failed", "stored", None)
    assert len(await orders(shop)) == 1


async def test_replay_when_asked_ten_times_at_once_then_one_is_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await failed_order(client, shop)
    [row] = await deliveries(shop)

    answers = await asyncio.gather(*(replay(shop.id, row["id"], schedule=NOW) for _ in range(10)), return_exceptions=True)

    stored = [each for each in answers if each == Receipt("stored")]
    others = [each for each in answers if each == Receipt("duplicate", reason="delivery_seen") or isinstance(each, Conflict)]
    assert (len(stored), len(others)) == (1, 9)


async def test_replay_when_a_newer_state_came_meanwhile_then_that_stays(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await failed_order(client, shop)
    [row] = await deliveries(shop)
    await send(client, shop, "orders/updated", NEW)

    receipt = await replay(shop.id, row["id"], schedule=NOW)

    assert receipt == Receipt("ignored", reason="older_state")
    assert [each["number"] for each in await orders(shop)] == ["#new"]


async def test_replay_when_the_topic_is_still_unknown_then_it_stays_ignored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await send(client, shop, "products/update", {"id": 1})
    [row] = await deliveries(shop)

    assert await replay(shop.id, row["id"], schedule=NOW) == Receipt("ignored", reason="topic")
    assert [(each["outcome"], each["reason"]) for each in await deliveries(shop)] == [("ignored", "topic")]


async def test_replay_when_the_order_is_stored_then_conflict(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await send(client, shop, "orders/updated", OLD)
    [row] = await deliveries(shop)

    with pytest.raises(Conflict):
        await replay(shop.id, row["id"], schedule=NOW)


async def test_replay_when_it_is_another_shops_then_not_found(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    await failed_order(client, shop)
    [row] = await deliveries(shop)

    with pytest.raises(NotFound):
        await replay(other_shop.id, row["id"], schedule=NOW)
