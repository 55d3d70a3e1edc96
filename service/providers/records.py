"""A shop's records as it tells them: orders, refunds and customers. Provider-neutral, knows no database."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

MAX_ITEMS = 500
"""Lines of an order, and refunds of one; more are left away."""

MAX_CURRENCY_LENGTH = 10
"""Characters; an ISO 4217 code has three."""

OrderStatus = Literal["pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "cancelled"]
Fulfilment = Literal["unfulfilled", "partially_shipped", "shipped", "delivered", "returned", "cancelled"]
"""Both in the order in which an order goes through them: of two states of one second the later word counts."""

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Currency = Annotated[str, msgspec.Meta(max_length=MAX_CURRENCY_LENGTH)]
Quantity = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class OrderItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an order."""

    name: str
    quantity: Quantity = 1
    sku: str | None = None


class RefundChange(msgspec.Struct, frozen=True, kw_only=True):
    """Money that went back for an order, which may not have come yet. `currency` is ISO 4217, or "" where it is not told."""

    external_id: Word
    order_external_id: Word
    amount: Decimal
    currency: Currency = ""
    refunded_at: datetime


class OrderChange(msgspec.Struct, frozen=True, kw_only=True):
    """The whole state of one order at one moment. `updated_at` is the shop's clock: an older change never overwrites a newer."""

    external_id: Word
    number: Word
    customer_email: Word
    status: OrderStatus
    fulfilment: Fulfilment
    placed_at: datetime
    updated_at: datetime
    currency: Currency = ""
    total: Decimal | None = None
    items: tuple[OrderItem, ...] = ()
    customer_name: str = ""
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    refunds: tuple[RefundChange, ...] = ()


class CustomerChange(msgspec.Struct, frozen=True, kw_only=True):
    """A customer at one moment. Without `updated_at` it overwrites what is known, and what comes later overwrites it.

    An empty name, and `vip` when it is None, are not told: what is known stays.
    """

    email: Word
    name: str = ""
    vip: bool | None = None
    updated_at: datetime | None = None


Record = OrderChange | RefundChange | CustomerChange
"""What a shop tells of itself."""
