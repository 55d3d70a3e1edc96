"""What a shop tells, with plain defaults, and what became of it in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from service.db.engine import fetch
from service.providers.records import CustomerChange, OrderChange, OrderItem, RefundChange
from tests.factories import ShopAtWork

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def order_change(**fields: Any) -> OrderChange:
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
        "items": (OrderItem(name="Mug", quantity=2),),
    }
    return OrderChange(**{**whole, **fields})


def refund_change(**fields: Any) -> RefundChange:
    """Return a refund of 12.00 EUR for that order, with some fields replaced."""
    whole: dict[str, Any] = {
        "external_id": "gid://refund/1",
        "order_external_id": "gid://order/1",
        "amount": Decimal("12.00"),
        "currency": "EUR",
        "refunded_at": NOON,
    }
    return RefundChange(**{**whole, **fields})


def customer_change(**fields: Any) -> CustomerChange:
    """Return what a shop tells of Ada, with some fields replaced."""
    return CustomerChange(**{"email": "ada@customer.example", "name": "Ada", **fields})


async def orders(shop: ShopAtWork) -> list[Any]:
    """Return a shop's orders with their customers' addresses."""
    return list(
        await fetch(
            "SELECT orders.*, customer.email FROM orders JOIN customer ON customer.id = orders.customer"
            " WHERE orders.shop = $1 ORDER BY orders.external_id",
            shop.id,
        )
    )


async def refunds(shop: ShopAtWork) -> list[Any]:
    """Return a shop's refunds."""
    return list(await fetch("SELECT * FROM refund WHERE shop = $1 ORDER BY external_id", shop.id))


async def customers(shop: ShopAtWork) -> list[Any]:
    """Return a shop's customers."""
    return list(await fetch("SELECT * FROM customer WHERE shop = $1 ORDER BY email", shop.id))
