"""Events of a shop in our own format: `{"type": "order.updated", "data": {...}}`, the data being a record as it stands now.

Types as standardwebhooks.com recommends them. `order.fulfilled`, `.cancelled` and `.paid` say no more than `.updated` does: the
data is the whole order each time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from service.errors import Unreadable
from service.providers.records import CustomerChange, OrderChange, Record, RefundChange
from service.providers.types import Ignored
from service.providers.wire.json_bodies import read_json
from service.providers.wire.storable import storable_customer, storable_order, storable_refund

Data = TypeVar("Data")


class Event(msgspec.Struct, Generic[Data]):
    """An event with its record."""

    data: Data


class _Kind(msgspec.Struct):
    type: str | None = None


_KIND = msgspec.json.Decoder(_Kind)
_ORDER = msgspec.json.Decoder(Event[OrderChange])
_REFUND = msgspec.json.Decoder(Event[RefundChange])
_CUSTOMER = msgspec.json.Decoder(Event[CustomerChange])


def event_type(body: bytes) -> str | None:
    """Return the body's `type`; None when it has none, or is no JSON object: reading it as a mail says what is wrong."""
    try:
        return read_json(body, _KIND, what="an event").type
    except Unreadable:
        return None


def read_event(kind: str, body: bytes) -> Record | Ignored:
    """Map an event. Ignored: `type`, a kind that we do not know.

    Raises:
        Unreadable: `bad_charset`, `bad_json` or `bad_schema`.
    """
    reader = _READERS.get(kind)
    return reader(body) if reader else Ignored("type")


def _read_order(body: bytes) -> OrderChange:
    return storable_order(read_json(body, _ORDER, what="an order's event").data)


def _read_refund(body: bytes) -> RefundChange:
    return storable_refund(read_json(body, _REFUND, what="a refund's event").data)


def _read_customer(body: bytes) -> CustomerChange:
    return storable_customer(read_json(body, _CUSTOMER, what="a customer's event").data)


_READERS: dict[str, Callable[[bytes], Record]] = {
    **dict.fromkeys((f"order.{each}" for each in ("created", "updated", "fulfilled", "cancelled", "paid")), _read_order),
    "refund.created": _read_refund,
    "customer.created": _read_customer,
    "customer.updated": _read_customer,
}
