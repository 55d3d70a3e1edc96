"""Events of a shop in our own format: what each type becomes, and what stays a mail."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from service.errors import Unreadable
from service.providers.records import CustomerChange, OrderChange, OrderItem, RefundChange
from service.providers.standard import authenticate, read
from service.providers.types import Ignored, InboundMail, Payload
from tests.factories import mail_fields
from tests.providers.calls import new_secret, signed_standard, webhook

SECRET = new_secret()
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

ORDER = {
    "external_id": "1",
    "number": "#1",
    "customer_email": "Ada@customer.example",
    "status": "paid",
    "fulfilment": "shipped",
    "placed_at": "2026-11-19T12:00:00Z",
    "updated_at": "2026-11-20T13:00:00+01:00",
}
REFUND = {
    "external_id": "r1",
    "order_external_id": "1",
    "amount": "12.00",
    "currency": "EUR",
    "refunded_at": "2026-11-20T12:00:00Z",
}


def read_event(kind: str, data: Any) -> Payload:
    return read_body(msgspec.json.encode({"type": kind, "timestamp": "2026-11-20T12:00:00Z", "data": data}))


def read_body(body: bytes) -> Payload:
    return read(webhook(signed_standard(body, SECRET)))


@pytest.mark.parametrize("kind", [f"order.{each}" for each in ("created", "updated", "fulfilled", "cancelled", "paid")])
def test_read_when_an_orders_event_then_the_order(kind: str) -> None:
    more = {"total": 59.9, "currency": "eur", "items": [{"name": "Mug", "quantity": 2}], "tracking_url": "javascript:alert(1)"}

    assert read_event(kind, {**ORDER, **more}) == OrderChange(
        external_id="1",
        number="#1",
        customer_email="ada@customer.example",
        status="paid",
        fulfilment="shipped",
        placed_at=datetime(2026, 11, 19, 12, tzinfo=UTC),
        updated_at=NOON,
        currency="EUR",
        total=Decimal("59.90"),
        items=(OrderItem(name="Mug", quantity=2),),
    )


def test_read_when_an_order_has_refunds_then_they_come_with_it() -> None:
    found = read_event("order.updated", {**ORDER, "refunds": [REFUND]})

    assert isinstance(found, OrderChange)
    assert [each.amount for each in found.refunds] == [Decimal("12.00")]


def test_read_when_a_refunds_event_then_the_refund() -> None:
    assert read_event("refund.created", REFUND) == RefundChange(
        external_id="r1", order_external_id="1", amount=Decimal("12.00"), currency="EUR", refunded_at=NOON
    )


@pytest.mark.parametrize("kind", ["customer.created", "customer.updated"])
def test_read_when_a_customers_event_then_the_customer(kind: str) -> None:
    data = {"email": "Ada@customer.example", "name": "Ada", "vip": True, "updated_at": "2026-11-20T12:00:00Z"}

    assert read_event(kind, data) == CustomerChange(email="ada@customer.example", name="Ada", vip=True, updated_at=NOON)


@pytest.mark.parametrize("kind", ["order.deleted", "", "Order.Updated", "\ud83d"])
def test_read_when_the_type_is_unknown_then_ignored(kind: str) -> None:
    assert read_body(b'{"type": "%b", "data": 7}' % kind.encode("ascii", "backslashreplace")) == Ignored("type")


@pytest.mark.parametrize("more", [{}, {"type": None}, {"type": "mail.received"}])
def test_read_when_it_is_a_mail_then_a_mail_as_ever(more: dict[str, Any]) -> None:
    found = read_body(msgspec.json.encode({**more, **mail_fields(message_id="<m1@customer.example>")}))

    assert isinstance(found, InboundMail)
    assert found.rfc_message_id == "m1@customer.example"


def test_authenticate_when_an_event_is_signed_then_its_payload_is_the_record() -> None:
    call = webhook(signed_standard(msgspec.json.encode({"type": "refund.created", "data": REFUND}), SECRET, call_id="msg_1"))

    authentic = authenticate(call, (SECRET,))
    assert (authentic.dedupe_key, authentic.event_key) == ("msg_1", None)
    assert isinstance(authentic.payload(), RefundChange)


def test_read_when_half_an_emoji_is_in_an_event_then_the_rest_is_kept() -> None:
    body = msgspec.json.encode({"type": "order.updated", "data": {**ORDER, "carrier": "HERE"}}).replace(b"HERE", b"DHL \\ud83d")

    found = read_body(body)
    assert isinstance(found, OrderChange)
    assert found.carrier == "DHL ?"


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {**ORDER, "status": "lost"},
        {**ORDER, "customer_email": "nobody"},
        {**ORDER, "external_id": ""},
        {**ORDER, "external_id": "x" * 501},
        {**ORDER, "updated_at": "2026-11-20"},
        {**ORDER, "total": "1e12"},
        {**ORDER, "items": [{"name": "Mug", "quantity": -1}]},
        {**ORDER, "refunds": [{**REFUND, "amount": "-1"}]},
    ],
)
def test_read_when_an_event_holds_no_order_then_unreadable(data: Any) -> None:
    with pytest.raises(Unreadable) as raised:
        read_event("order.updated", data)

    assert raised.value.reason == "bad_schema"


def test_read_when_an_event_cannot_be_read_then_the_sentence_holds_none_of_its_content() -> None:
    with pytest.raises(Unreadable) as raised:
        read_event("order.updated", {**ORDER, "status": "lost` - at `$.x`"})

    assert str(raised.value) == "The body is not an order's event: Invalid value - at `$.data.status`"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"type": "order.updated"', "bad_json"),
        (b'{"type": "order.updated", "data": {"number": "\xff"}}', "bad_charset"),
        (b'{"type": "order.updated"}', "bad_schema"),
        (b'{"type": "order.updated", "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_json"),
        (b'{"type": 7}', "bad_schema"),
    ],
)
def test_read_when_the_body_is_broken_then_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_body(body)

    assert raised.value.reason == reason
