"""Refunds, alone and inside an order: each counts once, whichever comes first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.errors import Unreadable
from service.orders.service import apply
from service.suggestions import repository as suggestions
from service.suggestions.context import read_context
from tests.factories import PROVEN, ShopAtWork
from tests.orders.changes import MINUTE, NOON, order_change, orders, refund_change, refunds
from tests.storing import store_suggestion


async def refunded(shop: ShopAtWork) -> list[str | None]:
    """Return what a draft for Ada, who is proven, is told of her orders' refunds."""
    held = await suggestions.claim(await store_suggestion(shop, headers=PROVEN))
    assert held is not None
    return [order.refunded for order in (await read_context(held, today=NOON.date())).snapshot.orders]


async def test_refund_when_its_order_has_not_come_then_it_is_there_when_the_order_does(shop: ShopAtWork) -> None:
    assert await apply(shop.id, refund_change())
    assert await apply(shop.id, order_change())

    assert await refunded(shop) == ["12.00"]


async def test_refund_when_told_again_then_it_counts_once(shop: ShopAtWork) -> None:
    taken = [await apply(shop.id, refund_change(amount=Decimal(amount))) for amount in (12, 13)]

    assert (taken, [row["amount"] for row in await refunds(shop)]) == ([True, False], [Decimal("12.00")])


async def test_refunds_when_an_order_brings_some_then_those_and_others_are_summed(shop: ShopAtWork) -> None:
    await apply(shop.id, refund_change())
    await apply(shop.id, order_change(refunds=(refund_change(), refund_change(external_id="2", amount=Decimal("3.5")))))

    assert await refunded(shop) == ["15.50"]


async def test_refunds_when_an_older_order_brings_them_then_they_are_stored_and_the_order_stays(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change(status="partially_refunded"))

    taken = await apply(shop.id, order_change(status="paid", updated_at=NOON - MINUTE, refunds=(refund_change(),)))

    assert (taken, [row["status"] for row in await orders(shop)]) == (True, ["partially_refunded"])
    assert len(await refunds(shop)) == 1


async def test_refund_when_inside_an_order_then_it_is_that_orders(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change(refunds=(refund_change(order_external_id="another"),)))

    assert [row["order_external_id"] for row in await refunds(shop)] == ["gid://order/1"]


async def test_refund_when_it_is_another_orders_or_currencys_then_the_sum_is_without_it(
    shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    await apply(shop.id, order_change())
    await apply(shop.id, refund_change(external_id="2", order_external_id="gid://order/2"))
    await apply(shop.id, refund_change(external_id="3", currency="USD"))
    await apply(other_shop.id, refund_change())

    assert await refunded(shop) == [None]


async def test_refund_when_it_names_no_currency_then_it_is_the_orders(shop: ShopAtWork) -> None:
    await apply(shop.id, order_change())
    await apply(shop.id, refund_change(currency=""))

    assert await refunded(shop) == ["12.00"]


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("1E+11"), Decimal("Infinity")])
async def test_refund_when_its_amount_cannot_be_then_unreadable(shop: ShopAtWork, amount: Decimal) -> None:
    with pytest.raises(Unreadable):
        await apply(shop.id, refund_change(amount=amount))
