"""Customers and orders as a shop tells them, in whatever order it tells them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from service.db.engine import fetch
from service.orders.service import put_customer, put_order
from service.orders.types import CustomerRecord, OrderChange
from tests.factories import ShopAtWork

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def change(**fields: Any) -> OrderChange:
    """Return the state of an order at noon, with some fields replaced."""
    whole: dict[str, Any] = {
        "external_id": "gid://order/1",
        "number": "#1042",
        "customer_email": "ada@customer.example",
        "status": "paid",
        "fulfilment": "unfulfilled",
        "placed_at": NOON - timedelta(days=1),
        "updated_at": NOON,
        "currency": "EUR",
        "total": Decimal("59.90"),
        "items": [{"name": "Mug", "quantity": 2}],
    }
    return OrderChange(**{**whole, **fields})


async def orders(shop: ShopAtWork) -> list[Any]:
    return list(
        await fetch(
            "SELECT orders.*, customer.email FROM orders JOIN customer ON customer.id = orders.customer"
            " WHERE orders.shop = $1 ORDER BY orders.external_id",
            shop.id,
        )
    )


async def customers(shop: ShopAtWork) -> list[Any]:
    return list(await fetch("SELECT * FROM customer WHERE shop = $1 ORDER BY id", shop.id))


async def test_customer_when_told_twice_then_the_later_words_count(shop: ShopAtWork) -> None:
    first = await put_customer(shop.id, CustomerRecord(email="Ada@Customer.Example", name="Ada"))
    second = await put_customer(shop.id, CustomerRecord(email="ada@customer.example", name="Ada L.", vip=True))

    [row] = await customers(shop)
    assert first == second == row["id"]
    assert (row["email"], row["name"], row["vip"]) == ("ada@customer.example", "Ada L.", True)


async def test_order_when_it_is_new_then_it_and_its_customer_are_made(shop: ShopAtWork) -> None:
    assert await put_order(shop.id, change(customer_email="ADA@customer.example", tracking_number="0034"))

    [row] = await orders(shop)
    assert (row["number"], row["email"], row["total"], row["currency"]) == (
        "#1042",
        "ada@customer.example",
        Decimal("59.90"),
        "EUR",
    )
    assert (row["tracking_number"], row["carrier"], row["source_updated_at"]) == ("0034", None, NOON)
    assert msgspec.json.decode(row["items"]) == [{"name": "Mug", "quantity": 2}]


@pytest.mark.parametrize(("minutes", "is_taken"), [(1, True), (0, False), (-1, False)], ids=["newer", "the same again", "older"])
async def test_order_when_it_is_known_then_only_a_newer_state_changes_it(shop: ShopAtWork, minutes: int, is_taken: bool) -> None:
    await put_order(shop.id, change())

    taken = await put_order(shop.id, change(fulfilment="shipped", updated_at=NOON + timedelta(minutes=minutes)))

    [row] = await orders(shop)
    assert (taken, row["fulfilment"]) == (is_taken, "shipped" if is_taken else "unfulfilled")


async def test_order_when_changes_come_all_at_once_then_the_newest_stays(shop: ShopAtWork) -> None:
    changes = [change(number=f"#{minute}", updated_at=NOON + timedelta(minutes=minute)) for minute in range(20)]

    await asyncio.gather(*(put_order(shop.id, each) for each in changes[::-1]))

    [row] = await orders(shop)
    assert (row["number"], row["source_updated_at"]) == ("#19", NOON + timedelta(minutes=19))
    assert len(await customers(shop)) == 1


async def test_order_when_its_customer_changes_then_it_moves(shop: ShopAtWork) -> None:
    await put_order(shop.id, change())
    await put_order(shop.id, change(customer_email="bob@customer.example", updated_at=NOON + timedelta(minutes=1)))

    assert [row["email"] for row in await orders(shop)] == ["bob@customer.example"]


async def test_order_when_its_customer_is_known_then_their_name_and_rank_stay(shop: ShopAtWork) -> None:
    await put_customer(shop.id, CustomerRecord(email="ada@customer.example", name="Ada", vip=True))
    await put_order(shop.id, change())

    [row] = await customers(shop)
    assert (row["name"], row["vip"]) == ("Ada", True)


async def test_order_when_two_shops_have_the_same_id_then_each_has_its_own(shop: ShopAtWork, other_shop: ShopAtWork) -> None:
    await put_order(shop.id, change(number="#1"))
    await put_order(other_shop.id, change(number="#2", updated_at=NOON + timedelta(minutes=1)))

    assert [row["number"] for row in await orders(shop)] == ["#1"]
    assert [row["number"] for row in await orders(other_shop)] == ["#2"]
