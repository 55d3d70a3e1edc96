"""Orders as a shop tells them, in whatever order it tells them."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from service.db.unit_of_work import unit_of_work
from service.errors import Unreadable
from service.orders.service import apply
from service.providers.records import OrderChange
from tests.factories import ShopAtWork
from tests.orders.changes import MINUTE, NOON, customer_change, customers, order_change, orders


async def test_order_when_it_is_new_then_it_and_its_customer_are_made(shop: ShopAtWork) -> None:
    assert await apply(shop.id, order_change(customer_email="ADA@customer.example", tracking_number="0034"))

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
    await apply(shop.id, order_change(fulfilment="shipped"))

    taken = await apply(
        shop.id, order_change(fulfilment="shipped" if minutes == 0 else "delivered", updated_at=NOON + minutes * MINUTE)
    )

    [row] = await orders(shop)
    assert (taken, row["fulfilment"]) == (is_taken, "delivered" if is_taken else "shipped")


@pytest.mark.parametrize("order_of_calls", list(itertools.permutations(range(3))))
async def test_order_when_states_of_one_second_come_in_any_order_then_the_furthest_stays(
    shop: ShopAtWork, order_of_calls: tuple[int, ...]
) -> None:
    states = [
        order_change(status="pending"),
        order_change(status="paid"),
        order_change(status="paid", fulfilment="shipped"),
    ]

    for each in order_of_calls:
        await apply(shop.id, states[each])

    assert [(row["status"], row["fulfilment"]) for row in await orders(shop)] == [("paid", "shipped")]


async def test_order_when_a_newer_state_goes_back_then_it_counts(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change(fulfilment="shipped"))
    await apply(shop.id, order_change(fulfilment="unfulfilled", updated_at=NOON + MINUTE))

    assert [row["fulfilment"] for row in await orders(shop)] == ["unfulfilled"]


async def test_order_when_changes_come_all_at_once_then_the_newest_stays(shop: ShopAtWork) -> None:
    changes = [order_change(number=f"#{minute}", updated_at=NOON + minute * MINUTE) for minute in range(20)]

    await asyncio.gather(*(apply(shop.id, each) for each in changes[::-1]))

    [row] = await orders(shop)
    assert (row["number"], row["source_updated_at"]) == ("#19", NOON + 19 * MINUTE)
    assert len(await customers(shop)) == 1


async def test_order_when_its_customer_changes_then_it_moves(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change())
    await apply(shop.id, order_change(customer_email="bob@customer.example", updated_at=NOON + MINUTE))

    assert [row["email"] for row in await orders(shop)] == ["bob@customer.example"]


async def test_order_when_it_is_older_then_its_former_customer_is_not_made(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change())
    await apply(shop.id, order_change(customer_email="typo@customer.example", updated_at=NOON - MINUTE))

    assert [row["email"] for row in await customers(shop)] == ["ada@customer.example"]


async def test_order_when_its_customer_is_known_then_their_name_and_rank_stay(shop: ShopAtWork) -> None:
    await apply(shop.id, customer_change(vip=True))
    await apply(shop.id, order_change(customer_name="Somebody Else"))

    [row] = await customers(shop)
    assert (row["name"], row["vip"]) == ("Ada", True)


async def test_order_when_its_customer_has_no_name_then_it_gives_one(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change())
    await apply(shop.id, order_change(external_id="2", customer_name="Ada L."))

    assert [row["name"] for row in await customers(shop)] == ["Ada L."]


async def test_order_when_two_shops_have_the_same_id_then_each_has_its_own(shop: ShopAtWork, other_shop: ShopAtWork) -> None:
    await apply(shop.id, order_change(number="#1"))
    await apply(other_shop.id, order_change(number="#2", updated_at=NOON + MINUTE))

    assert [row["number"] for row in await orders(shop)] == ["#1"]
    assert [row["number"] for row in await orders(other_shop)] == ["#2"]


async def test_order_when_the_unit_of_work_fails_then_nothing_of_it_stays(shop: ShopAtWork) -> None:
    async def fail() -> None:
        async with unit_of_work():
            await apply(shop.id, order_change())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert (await orders(shop), await customers(shop)) == ([], [])


@pytest.mark.parametrize(
    "fields",
    [
        {"customer_email": "nobody"},
        {"customer_email": "a" * 600 + "@b.example"},
        {"external_id": " \x00 "},
        {"number": ""},
        {"total": Decimal("10000000000")},
        {"total": Decimal("1E+999999")},
        {"total": Decimal("NaN")},
        {"updated_at": datetime.fromisoformat("9999-12-31T23:59:59-14:00")},
        {"placed_at": datetime.fromisoformat("0001-01-01T00:00:00+14:00")},
    ],
)
async def test_order_when_the_database_could_not_hold_it_then_unreadable(shop: ShopAtWork, fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as raised:
        await apply(shop.id, order_change(**fields))

    assert raised.value.reason == "bad_schema"


async def test_order_when_everything_is_at_its_bound_then_it_is_stored(shop: ShopAtWork) -> None:
    long = "\U0001f600" * 500
    change = order_change(
        external_id=long,
        number=long,
        customer_email="a" * 300 + "@customer.example",
        customer_name="x" * 5_000,
        total=Decimal("-9999999999.99"),
        placed_at=datetime.min.replace(tzinfo=UTC),
        updated_at=datetime.max.replace(tzinfo=UTC),
        items=order_change().items * 1_000,
        tracking_url="https://" + "x" * 5_000,
    )

    assert await apply(shop.id, change)

    [row] = await orders(shop)
    assert (row["total"], len(msgspec.json.decode(row["items"])), row["tracking_url"]) == (Decimal("-9999999999.99"), 500, None)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://dhl.example/?n=1&x=%20", "https://dhl.example/?n=1&x=%20"),
        ("HTTP://dhl.example/1", "HTTP://dhl.example/1"),
        (" https://dhl.example/1\n", "https://dhl.example/1"),
        ("javascript:alert(1)", None),
        ("ftp://dhl.example/1", None),
        ("//dhl.example/1", None),
        ("https://dhl.example/1 <script>", None),
        ("", None),
    ],
)
async def test_order_when_its_link_is_none_of_the_web_then_it_is_left_away(shop: ShopAtWork, told: str, kept: str | None) -> None:
    await apply(shop.id, order_change(tracking_url=told))

    assert [row["tracking_url"] for row in await orders(shop)] == [kept]


async def test_order_when_its_text_holds_what_postgres_refuses_then_the_rest_is_kept(shop: ShopAtWork) -> None:
    odd = "a\x00b\ud83d"
    await apply(shop.id, order_change(number=odd, customer_name=odd, carrier=odd, items=(order_change().items[0], _named(odd))))

    [row] = await orders(shop)
    assert (row["number"], row["carrier"]) == ("ab?", "ab?")
    assert msgspec.json.decode(row["items"])[1]["name"] == "ab?"


def _named(name: str) -> Any:
    return msgspec.structs.replace(order_change().items[0], name=name)


async def test_order_when_its_times_are_naive_then_they_are_utc(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change(updated_at=NOON.replace(tzinfo=None), placed_at=NOON.replace(tzinfo=None) - timedelta(1)))

    [row] = await orders(shop)
    assert (row["source_updated_at"], row["placed_at"]) == (NOON, NOON - timedelta(1))


def test_order_change_when_little_is_told_then_it_is_one_all_the_same() -> None:
    body = (
        b'{"external_id": "1", "number": "1", "customer_email": "a@b.example", "status": "paid", "fulfilment": "shipped",'
        b' "placed_at": "2026-11-20T12:00:00Z", "updated_at": "2026-11-20T12:00:00Z"}'
    )

    assert msgspec.json.decode(body, type=OrderChange).total is None
