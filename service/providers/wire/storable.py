"""From a record as somebody told it to one that PostgreSQL takes. Pure.

Text comes out without NUL and lone surrogates, addresses in lower case, times aware in UTC, money with two decimals. What would
be false when it is shortened (a tracking number, a link) is left away instead. Doing it twice changes nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from service.errors import Unreadable
from service.mime.charsets import clean
from service.providers.records import MAX_CURRENCY_LENGTH, MAX_ITEMS, CustomerChange, OrderChange, OrderItem, RefundChange
from service.providers.wire.fields import address

MAX_MONEY = Decimal("9999999999.99")
"""The columns are numeric(12,2)."""

MAX_WORD_LENGTH = 500
"""Characters of a text that is no key: an item's name, a person's, a carrier's. An identifier has the same bound."""

MAX_URL_LENGTH = 2_000

_CENT = Decimal("0.01")
_LINK = re.compile(r"https?://[^\s<>\"\\\x00-\x1f\x7f]+", re.IGNORECASE)


def storable_order(change: OrderChange) -> OrderChange:
    """Return the order as it is stored, with at most 500 items and 500 refunds, which are its own.

    Raises:
        Unreadable: `bad_schema`: no usable address, an empty identifier, or an amount or a time out of range.
    """
    external_id = _identifier(change.external_id, "external_id")
    return replace(
        change,
        external_id=external_id,
        number=_identifier(change.number, "number"),
        customer_email=_email(change.customer_email, "customer_email"),
        customer_name=_text(change.customer_name),
        placed_at=_time(change.placed_at, "placed_at"),
        updated_at=_time(change.updated_at, "updated_at"),
        currency=_currency(change.currency),
        total=None if change.total is None else storable_money(change.total, "total"),
        items=tuple(_item(each) for each in change.items[:MAX_ITEMS]),
        carrier=_text(change.carrier or "") or None,
        tracking_number=_whole(change.tracking_number, MAX_WORD_LENGTH),
        tracking_url=_link(change.tracking_url),
        refunds=tuple(storable_refund(replace(each, order_external_id=external_id)) for each in change.refunds[:MAX_ITEMS]),
    )


def storable_refund(change: RefundChange) -> RefundChange:
    """Return the refund as it is stored. Raises Unreadable: `bad_schema`, as storable_order, or a negative amount."""
    amount = storable_money(change.amount, "amount")
    if amount < 0:
        raise Unreadable("bad_schema", "amount is negative")
    return replace(
        change,
        external_id=_identifier(change.external_id, "external_id"),
        order_external_id=_identifier(change.order_external_id, "order_external_id"),
        amount=amount,
        currency=_currency(change.currency),
        refunded_at=_time(change.refunded_at, "refunded_at"),
    )


def storable_customer(change: CustomerChange) -> CustomerChange:
    """Return the customer as it is stored. Raises Unreadable: `bad_schema`, as storable_order."""
    return replace(
        change,
        email=_email(change.email, "email"),
        name=_text(change.name),
        updated_at=None if change.updated_at is None else _time(change.updated_at, "updated_at"),
    )


def storable_money(value: Decimal, name: str) -> Decimal:
    """Return the amount with two decimals. name: the field, for the error. Raises Unreadable: `bad_schema`, it is out of range."""
    # Compared before it is rounded: rounding 1E+999999 is an error of its own.
    if not value.is_finite() or abs(value) > MAX_MONEY:
        raise Unreadable("bad_schema", f"{name} is no amount within {MAX_MONEY}")
    return value.quantize(_CENT, ROUND_HALF_UP)


def _item(item: OrderItem) -> OrderItem:
    return replace(item, name=_text(item.name), sku=_whole(item.sku, MAX_WORD_LENGTH))


def _text(value: str) -> str:
    return clean(value).strip()[:MAX_WORD_LENGTH]


def _whole(value: str | None, max_length: int) -> str | None:
    text = clean(value or "").strip()
    return text if 0 < len(text) <= max_length else None


def _link(value: str | None) -> str | None:
    text = _whole(value, MAX_URL_LENGTH)
    return text if text and _LINK.fullmatch(text) else None


def _currency(value: str) -> str:
    text = clean(value).strip().upper()
    if len(text) > MAX_CURRENCY_LENGTH:
        raise Unreadable("bad_schema", f"currency is over {MAX_CURRENCY_LENGTH} characters")
    return text


def _identifier(value: str, name: str) -> str:
    text = clean(value).strip()
    if not 0 < len(text) <= MAX_WORD_LENGTH:
        raise Unreadable("bad_schema", f"{name} is empty or over {MAX_WORD_LENGTH} characters")
    return text


def _email(value: str, name: str) -> str:
    _, found = address(clean(value))
    if not found:
        raise Unreadable("bad_schema", f"{name} is no address")
    return found


def _time(value: datetime, name: str) -> datetime:
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise Unreadable("bad_schema", f"{name} is no time of the years 1 to 9999") from None
