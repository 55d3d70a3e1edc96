"""What we read of Shopify's webhook bodies (REST Admin API, 2023-04 to 2025-10), and the bodies' decoders.

Shopify sends null for whatever it does not know and adds fields at will: all but what makes the thing itself may be missing or
null. Money is a string in most places and a number in some; both become a Decimal, never a float.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from service.providers.records import Quantity

Identifier = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] | Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Money(msgspec.Struct, frozen=True):
    """An amount in one currency."""

    amount: Decimal | None = None
    currency_code: str | None = None


class MoneyBag(msgspec.Struct, frozen=True):
    """The same amount in the shop's currency and in the one that the customer saw and paid."""

    shop_money: Money | None = None
    presentment_money: Money | None = None


class Address(msgspec.Struct, frozen=True):
    """Of a postal address only the name."""

    name: str | None = None


class Buyer(msgspec.Struct, frozen=True):
    """The customer as they stand inside an order."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class LineItem(msgspec.Struct, frozen=True):
    """One line of an order; `name` has the variant, `title` has not."""

    name: str | None = None
    title: str | None = None
    quantity: Quantity | None = None
    sku: str | None = None


class Parcel(msgspec.Struct, frozen=True):
    """A fulfilment. `status` is Shopify's view of it, `shipment_status` the carrier's."""

    created_at: datetime | None = None
    status: str | None = None
    shipment_status: str | None = None
    tracking_company: str | None = None
    tracking_number: str | None = None
    tracking_numbers: list[str | None] | None = None
    tracking_url: str | None = None
    tracking_urls: list[str | None] | None = None

    def numbers(self) -> Sequence[str]:
        """Return the tracking numbers, the first one first."""
        return [each for each in (self.tracking_number, *(self.tracking_numbers or ())) if each]

    def links(self) -> Sequence[str]:
        """Return the carrier's pages, the first one first."""
        return [each for each in (self.tracking_url, *(self.tracking_urls or ())) if each]


class Transaction(msgspec.Struct, frozen=True):
    """Money that moved, or was meant to."""

    kind: str | None = None
    status: str | None = None
    amount: Decimal | None = None
    currency: str | None = None


class RefundedLine(msgspec.Struct, frozen=True):
    """One line of a refund. `subtotal` is without tax and shipping."""

    subtotal: Decimal | None = None
    subtotal_set: MoneyBag | None = None


class Refund(msgspec.Struct, frozen=True):
    """A refund, alone or inside its order. An edit that takes a line off an order is one too, without any transaction."""

    id: Identifier
    order_id: Identifier | None = None
    created_at: datetime | None = None
    processed_at: datetime | None = None
    transactions: list[Transaction] | None = None
    refund_line_items: list[RefundedLine] | None = None


class Order(msgspec.Struct, frozen=True):
    """An order. `name` is its number as the merchant shows it, `#1001`; `total_price` is in the shop's currency."""

    id: Identifier
    updated_at: datetime
    created_at: datetime | None = None
    processed_at: datetime | None = None
    cancelled_at: datetime | None = None
    name: str | None = None
    order_number: Identifier | None = None
    email: str | None = None
    contact_email: str | None = None
    customer: Buyer | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    currency: str | None = None
    total_price: Decimal | None = None
    total_price_set: MoneyBag | None = None
    line_items: list[LineItem] | None = None
    fulfillments: list[Parcel] | None = None
    refunds: list[Refund] | None = None


class Customer(msgspec.Struct, frozen=True):
    """A customer. Since 2025-01 without `tags`: they come by topics of their own, which name no address."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    tags: str | list[str] | None = None
    updated_at: datetime | None = None


ORDER = msgspec.json.Decoder(Order)
REFUND = msgspec.json.Decoder(Refund)
CUSTOMER = msgspec.json.Decoder(Customer)
