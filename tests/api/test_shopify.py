"""Shopify's webhooks through HTTP: each event once, in any order, and an older state never over a newer."""

from __future__ import annotations

import asyncio
import itertools
from decimal import Decimal
from typing import Any

import httpx2
import msgspec
import pytest

from service.commands.mail_file import SignedCall
from service.shops.sources import create_source, end_rotation, rotate_secret
from service.shops.types import Source
from tests.api.receiving import assert_problem, deliver, deliveries, stored_count
from tests.factories import ShopAtWork
from tests.orders.changes import customers, orders, refunds
from tests.providers.shopify_calls import SECRET, shopify_fields, signed_shopify

CREATED = shopify_fields("order", fulfillment_status=None, fulfillments=[], updated_at="2026-11-20T12:00:00Z")
SHIPPED = shopify_fields("order", updated_at="2026-11-20T13:00:00Z")
REFUND = shopify_fields("refund")
CUSTOMER = shopify_fields("customer")


async def shopify_source(shop: ShopAtWork) -> Source:
    return await create_source(shop.id, provider="shopify", name="orders", secret=SECRET)


def path(source: Source) -> str:
    return f"/webhooks/shopify/{source.id}"


async def send(client: httpx2.AsyncClient, source: Source, topic: str, body: dict[str, Any], **headers: str | None) -> Any:
    """Post a signed call; return the receipt of a 200."""
    response = await deliver(client, path(source), signed_shopify(topic, body, secret=SECRET, **headers))
    assert response.status_code == 200, response.text
    return response.json()


async def test_shopify_when_an_order_is_created_then_it_and_its_customer_are_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    source = await shopify_source(shop)

    assert await send(client, source, "orders/create", SHIPPED) == {"outcome": "stored"}

    [row] = await orders(shop)
    assert (row["number"], row["email"], row["status"], row["fulfilment"]) == ("#1042", "ada@customer.example", "paid", "shipped")
    assert (row["total"], row["currency"], row["carrier"]) == (Decimal("59.90"), "EUR", "DHL")
    assert [row["name"] for row in await customers(shop)] == ["Ada Lovelace"]


@pytest.mark.parametrize("signature", [None, "", "d3Jvbmc="])
async def test_shopify_when_the_signature_is_wrong_then_401_and_nothing_is_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, signature: str | None
) -> None:
    source = await shopify_source(shop)

    call = signed_shopify("orders/create", CREATED, hmac_sha256=signature)

    assert_problem(await deliver(client, path(source), call), 401)
    assert await stored_count(shop) == 0


async def test_shopify_when_the_body_was_changed_then_401(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    source = await shopify_source(shop)
    call = signed_shopify("orders/create", CREATED)

    assert_problem(await deliver(client, path(source), SignedCall(call.headers, call.body + b" ")), 401)


async def test_shopify_when_the_webhook_id_comes_again_then_duplicate(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    source = await shopify_source(shop)

    outcomes = [(await send(client, source, "orders/create", CREATED, webhook_id="w1"))["outcome"] for _ in range(2)]

    assert (outcomes, len(await deliveries(shop))) == (["stored", "duplicate"], 1)


async def test_shopify_when_another_subscription_tells_the_same_event_then_duplicate(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    first, second = await shopify_source(shop), await shopify_source(shop)

    outcomes = [
        (await send(client, source, topic, CREATED, event_id="e1"))["outcome"]
        for source, topic in ((first, "orders/create"), (second, "orders/create"), (first, "orders/updated"))
    ]

    assert outcomes == ["stored", "duplicate", "ignored"]


async def test_shopify_when_two_shops_hear_of_one_event_then_each_stores_it(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    for each in (shop, other_shop):
        receipt = await send(client, await shopify_source(each), "orders/create", CREATED, webhook_id="w1", event_id="e1")
        assert receipt == {"outcome": "stored"}

    assert (len(await orders(shop)), len(await orders(other_shop))) == (1, 1)


async def test_shopify_when_create_comes_after_update_then_the_update_stays(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    source = await shopify_source(shop)
    await send(client, source, "orders/updated", SHIPPED)

    receipt = await send(client, source, "orders/create", CREATED)

    assert receipt == {"outcome": "ignored", "reason": "older_state"}
    assert [row["fulfilment"] for row in await orders(shop)] == ["shipped"]


async def test_shopify_when_update_comes_after_create_then_it_counts(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    source = await shopify_source(shop)
    await send(client, source, "orders/create", CREATED)

    assert await send(client, source, "orders/fulfilled", SHIPPED) == {"outcome": "stored"}

    assert [row["fulfilment"] for row in await orders(shop)] == ["shipped"]


@pytest.mark.parametrize("order_of_calls", list(itertools.permutations(range(4))))
async def test_shopify_when_events_come_in_any_order_then_the_end_is_the_same(
    client: httpx2.AsyncClient, shop: ShopAtWork, order_of_calls: tuple[int, ...]
) -> None:
    source = await shopify_source(shop)
    calls = [
        ("orders/create", CREATED),
        ("orders/fulfilled", SHIPPED),
        ("refunds/create", REFUND),
        ("customers/update", CUSTOMER),
    ]

    for each in order_of_calls:
        await send(client, source, *calls[each])

    assert [(row["fulfilment"], row["email"]) for row in await orders(shop)] == [("shipped", "ada@customer.example")]
    assert [(row["amount"], row["order_external_id"]) for row in await refunds(shop)] == [(Decimal("17.00"), "5862938411223")]
    assert [(row["name"], row["vip"]) for row in await customers(shop)] == [("Ada Lovelace", True)]


async def test_shopify_when_many_states_come_at_once_then_the_newest_stays(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    source = await shopify_source(shop)
    states = [shopify_fields("order", name=f"#{minute}", updated_at=f"2026-11-20T12:{minute:02}:00Z") for minute in range(12)]

    receipts = await asyncio.gather(*(send(client, source, "orders/updated", each) for each in reversed(states)))

    assert {each["outcome"] for each in receipts} <= {"stored", "ignored"}
    assert [row["number"] for row in await orders(shop)] == ["#11"]


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("products/update", {"id": 1}, "topic"),
        ("orders/create", shopify_fields("order", email=None, contact_email=None, customer=None), "no_email"),
        ("customers/update", shopify_fields("customer", email=None), "no_email"),
        ("refunds/create", shopify_fields("refund", transactions=[]), "no_money"),
    ],
)
async def test_shopify_when_it_brings_nothing_we_keep_then_ignored(
    client: httpx2.AsyncClient, shop: ShopAtWork, topic: str, body: dict[str, Any], reason: str
) -> None:
    source = await shopify_source(shop)

    assert await send(client, source, topic, body) == {"outcome": "ignored", "reason": reason}

    assert [(row["outcome"], row["reason"]) for row in await deliveries(shop)] == [("ignored", reason)]
    assert (await orders(shop), await customers(shop)) == ([], [])


async def test_shopify_when_the_body_cannot_be_read_then_it_is_kept_and_says_why(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    source = await shopify_source(shop)

    receipt = await send(client, source, "orders/create", {"id": 1})

    assert receipt == {"outcome": "failed", "reason": "bad_schema"}
    assert [row["body"] for row in await deliveries(shop)] == [b'{"id":1}']


async def test_shopify_when_the_secret_is_rotated_then_both_verify_until_the_end(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    source = await shopify_source(shop)
    await rotate_secret(source.id, "shpss_the-new-secret")

    old, new = (signed_shopify("orders/updated", SHIPPED, secret=secret) for secret in (SECRET, "shpss_the-new-secret"))

    assert [(await deliver(client, path(source), call)).status_code for call in (old, new)] == [200, 200]


async def test_shopify_when_the_rotation_has_ended_then_the_old_secret_is_refused(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    source = await shopify_source(shop)
    await rotate_secret(source.id, "shpss_the-new-secret")
    await end_rotation(source.id)

    assert_problem(await deliver(client, path(source), signed_shopify("orders/updated", SHIPPED)), 401)


async def test_standard_when_it_tells_of_an_order_then_it_is_stored_as_shopifys_is(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    data = {
        "external_id": "1",
        "number": "#7",
        "customer_email": "ada@customer.example",
        "status": "paid",
        "fulfilment": "shipped",
        "placed_at": "2026-11-19T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
    }
    older = {**data, "number": "#6", "updated_at": "2026-11-20T11:00:00Z"}

    receipts = [
        (await deliver(client, shop.standard_path, shop.signed_bytes(msgspec.json.encode({"type": kind, "data": each})))).json()
        for kind, each in (("order.updated", data), ("order.created", older), ("order.archived", data))
    ]

    assert receipts == [
        {"outcome": "stored"},
        {"outcome": "ignored", "reason": "older_state"},
        {"outcome": "ignored", "reason": "type"},
    ]
    assert [row["number"] for row in await orders(shop)] == ["#7"]
