"""A file of orders, line by line: batches, states that are known, bad lines, and lines of any length."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from service.orders.importing import BATCH_ORDERS, MAX_LINE_BYTES, MAX_NAMED, Tally, import_orders
from service.orders.repository import put_orders
from service.orders.service import apply
from service.providers.records import OrderChange
from tests.factories import ShopAtWork
from tests.orders.changes import MINUTE, NOON, customer_change, customers, order_change, orders, refund_change, refunds


def line(**fields: Any) -> bytes:
    return msgspec.json.encode(order_change(**fields))


def lines(count: int, **fields: Any) -> list[bytes]:
    return [line(external_id=str(number), customer_email=f"c{number % 7}@customer.example", **fields) for number in range(count)]


async def load(shop: ShopAtWork, *content: bytes, on_read: Any = len) -> Tally:
    return await import_orders(shop.id, io.BytesIO(b"\n".join(content)), on_read=lambda size: on_read(bytes(size)))


def counts(tally: Tally) -> tuple[int, int, int]:
    return tally.imported, tally.unchanged, tally.bad


@pytest.mark.parametrize("count", [0, 1, BATCH_ORDERS, BATCH_ORDERS + 1])
async def test_import_when_the_file_has_any_length_then_every_order_is_there(shop: ShopAtWork, count: int) -> None:
    tally = await load(shop, *lines(count, refunds=()))

    assert counts(tally) == (count, 0, 0)
    assert len(await orders(shop)) == count
    assert len(await customers(shop)) == min(count, 7)


async def test_import_when_done_twice_then_nothing_changes(shop: ShopAtWork) -> None:
    content = lines(20, refunds=(refund_change(),), customer_name="Ada")
    await load(shop, *content)
    before = (await orders(shop), await customers(shop), await refunds(shop))

    tally = await load(shop, *content)

    assert counts(tally) == (0, 20, 0)
    assert (await orders(shop), await customers(shop), await refunds(shop)) == before


async def test_import_when_an_order_is_in_the_file_often_then_its_newest_state_counts(shop: ShopAtWork) -> None:
    states = [line(number=f"#{minute}", updated_at=NOON + minute * MINUTE) for minute in (2, 0, 4, 1, 3)]

    tally = await load(shop, *states)

    assert (counts(tally), [row["number"] for row in await orders(shop)]) == ((1, 4, 0), ["#4"])


async def test_import_when_a_newer_state_is_known_then_it_stays(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change(number="known", updated_at=NOON + MINUTE))

    tally = await load(shop, line(number="old"), line(external_id="2", number="new"))

    assert (counts(tally), [row["number"] for row in await orders(shop)]) == ((1, 1, 0), ["new", "known"])


async def test_import_when_customers_are_known_then_their_names_and_ranks_stay(shop: ShopAtWork) -> None:
    await apply(shop.id, customer_change(email="c0@customer.example", vip=True))

    await load(shop, *lines(8, customer_name="From The Order"))

    assert [(row["name"], row["vip"]) for row in await customers(shop)] == [("Ada", True), *[("From The Order", False)] * 6]


async def test_import_when_orders_bring_refunds_then_each_is_stored_once(shop: ShopAtWork) -> None:
    await load(shop, line(refunds=(refund_change(), refund_change(external_id="2"))), line(refunds=(refund_change(),)))

    assert [row["external_id"] for row in await refunds(shop)] == ["2", "gid://refund/1"]


BAD = [
    (b"{", "The line is not JSON"),
    (b'{"number": "\xff"}', "The line is not UTF-8"),
    (b"7", "Expected `object`, got `int`"),
    (b"{}", "missing required field `external_id`"),
    (line(customer_email="nobody"), "customer_email is no address"),
    (line(status="lost"), "Invalid value - at `$.status`"),
    (line(customer_name="x" * MAX_LINE_BYTES), "The line is over 1,000,000 bytes"),
    (b"[" * 100_000, "The line is not"),
]


@pytest.mark.parametrize(("bad", "problem"), BAD)
async def test_import_when_a_line_is_bad_then_it_is_named_and_the_others_are_stored(
    shop: ShopAtWork, bad: bytes, problem: str
) -> None:
    tally = await load(shop, line(external_id="1"), bad, line(external_id="2"))

    assert counts(tally) == (2, 0, 1)
    [named] = tally.first_bad
    assert named.number == 2
    assert problem in named.problem


async def test_import_when_many_lines_are_bad_then_only_the_first_are_named(shop: ShopAtWork) -> None:
    tally = await load(shop, *[b"secret"] * 50)

    assert counts(tally) == (0, 0, 50)
    assert [each.number for each in tally.first_bad] == list(range(1, MAX_NAMED + 1))
    assert not any("secret" in each.problem for each in tally.first_bad)


async def test_import_when_lines_are_as_programs_write_them_then_they_are_read(shop: ShopAtWork) -> None:
    first, second, third = lines(3)

    tally = await load(shop, b"\xef\xbb\xbf" + first + b"\r", b"", b"  \t", b" " + second + b" ", third)

    assert counts(tally) == (3, 0, 0)


async def test_import_when_a_line_is_just_short_enough_then_it_is_read(shop: ShopAtWork) -> None:
    short = line(customer_name="")
    longest = line(customer_name="x" * (MAX_LINE_BYTES - len(short)))

    tally = await load(shop, longest, longest.replace(b"xx", b"xxx", 1), longest)

    assert (len(longest), counts(tally)) == (MAX_LINE_BYTES, (1, 1, 1))


async def test_import_when_read_then_every_byte_is_told(shop: ShopAtWork) -> None:
    content = [line(), b"", b"x" * (3 * MAX_LINE_BYTES), b"{"]
    told: list[int] = []

    await load(shop, *content, on_read=lambda piece: told.append(len(piece)))

    assert (len(told), sum(told)) == (4, len(b"\n".join(content)))


async def test_put_orders_when_batches_overlap_at_once_then_none_waits_for_ever(shop: ShopAtWork) -> None:
    def batch(minute: int, order: Sequence[int]) -> list[OrderChange]:
        return [
            order_change(
                external_id=str(number),
                customer_email=f"c{number}@customer.example",
                customer_name=f"{minute}",
                updated_at=NOON + minute * MINUTE,
                refunds=(refund_change(external_id=str(number)),),
            )
            for number in order
        ]

    batches = [batch(minute, sorted(range(60), key=lambda number: (number + 1) * (minute + 1) % 61)) for minute in range(8)]

    await asyncio.gather(*(put_orders(shop.id, each) for each in batches))

    assert {row["source_updated_at"] for row in await orders(shop)} == {NOON + 7 * MINUTE}
    assert (len(await orders(shop)), len(await customers(shop)), len(await refunds(shop))) == (60, 60, 60)
