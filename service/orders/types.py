"""An order as a shop tells it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

OrderStatus = Literal["pending", "paid", "refunded", "cancelled"]
Fulfilment = Literal["unfulfilled", "shipped", "delivered", "cancelled", "returned"]


class OrderChange(msgspec.Struct, frozen=True, kw_only=True):
    """The whole state of one order at one moment. `updated_at` is the shop's clock: an older change never overwrites a newer."""

    external_id: str
    number: str
    customer_email: str
    status: OrderStatus
    fulfilment: Fulfilment
    placed_at: datetime
    updated_at: datetime
    currency: str
    total: Decimal
    items: list[dict[str, Any]]
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


class CustomerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as a shop tells it."""

    email: str
    name: str = ""
    vip: bool = False
