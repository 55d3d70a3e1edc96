"""Customers as a shop tells them: the later words count, whichever come first."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import pytest

from service.errors import Unreadable
from service.orders.service import apply
from tests.factories import ShopAtWork
from tests.orders.changes import MINUTE, NOON, customer_change, customers, order_change


async def test_customer_when_told_without_a_time_then_the_later_words_count(shop: ShopAtWork) -> None:
    await apply(shop.id, customer_change(email="Ada@Customer.Example", name="Ada"))
    await apply(shop.id, customer_change(name="Ada L.", vip=True))

    [row] = await customers(shop)
    assert (row["email"], row["name"], row["vip"]) == ("ada@customer.example", "Ada L.", True)


@pytest.mark.parametrize(
    ("known_at", "told_at", "is_taken"),
    [
        (NOON, NOON + MINUTE, True),
        (NOON, NOON - MINUTE, False),
        (NOON, NOON, False),
        (None, NOON, True),
        (NOON, None, True),
        (None, None, True),
    ],
)
async def test_customer_when_known_then_only_a_state_that_is_not_older_changes_it(
    shop: ShopAtWork, known_at: datetime | None, told_at: datetime | None, is_taken: bool
) -> None:
    await apply(shop.id, customer_change(name="Known", updated_at=known_at))

    taken = await apply(shop.id, customer_change(name="Told", updated_at=told_at))

    assert (taken, [row["name"] for row in await customers(shop)]) == (is_taken, ["Told" if is_taken else "Known"])


@pytest.mark.parametrize("ranks", list(itertools.permutations([False, True])))
async def test_customer_when_created_and_made_a_vip_in_one_second_then_a_vip(shop: ShopAtWork, ranks: tuple[bool, ...]) -> None:
    for vip in ranks:
        await apply(shop.id, customer_change(vip=vip, updated_at=NOON))

    assert [row["vip"] for row in await customers(shop)] == [True]


async def test_customer_when_name_and_rank_are_not_told_then_they_stay(shop: ShopAtWork) -> None:
    await apply(shop.id, customer_change(vip=True, updated_at=NOON))
    await apply(shop.id, customer_change(name="", vip=None, updated_at=NOON + MINUTE))

    [row] = await customers(shop)
    assert (row["name"], row["vip"], row["source_updated_at"]) == ("Ada", True, NOON + MINUTE)


async def test_customer_when_known_from_an_order_then_the_shops_words_overwrite_it(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change(customer_name="From The Order"))
    await apply(shop.id, customer_change(vip=True, updated_at=NOON))

    [row] = await customers(shop)
    assert (row["name"], row["vip"]) == ("Ada", True)


@pytest.mark.parametrize(
    "fields", [{"email": ""}, {"email": "nobody"}, {"updated_at": datetime.fromisoformat("9999-12-31T23:00-14")}]
)
async def test_customer_when_the_database_could_not_hold_it_then_unreadable(shop: ShopAtWork, fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        await apply(shop.id, customer_change(**fields))
