"""Whatever the bytes: out of Shopify's and the standard format's bodies comes what PostgreSQL takes, or Unreadable."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import AuthenticationFailed, Unreadable
from service.providers import shopify, standard
from service.providers.records import CustomerChange, OrderChange, RefundChange
from service.providers.types import Payload, WebhookCall
from service.providers.wire.storable import MAX_MONEY, storable_customer, storable_order, storable_refund
from tests.providers.calls import webhook
from tests.providers.shopify_calls import BODIES, SECRET, signed_shopify

BOUNDED = settings(max_examples=300, deadline=None)

TOPICS = {"order": "orders/updated", "refund": "refunds/create", "customer": "customers/update"}
EVENTS = {
    "order.updated": {
        "external_id": "1",
        "number": "#1",
        "customer_email": "ada@customer.example",
        "status": "paid",
        "fulfilment": "shipped",
        "placed_at": "2026-11-19T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
        "items": [{"name": "Mug", "quantity": 2}],
        "total": "1.00",
        "refunds": [
            {"external_id": "1", "order_external_id": "1", "amount": "1", "currency": "EUR", "refunded_at": "2026-11-20T12:00:00Z"}
        ],
    },
    "refund.created": {"external_id": "1", "order_external_id": "1", "amount": 1, "refunded_at": "2026-11-20T12:00:00Z"},
    "customer.updated": {"email": "ada@customer.example", "name": "Ada", "vip": True, "updated_at": "2026-11-20T12:00:00Z"},
}

storable_text = st.text(max_size=50)
odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals().map(str),
    st.datetimes().map(datetime.isoformat),
    st.sampled_from(["9E+999999", "sNaN", "-0", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\x00", "\x00a@b.c"]),
    st.sampled_from(["fulfilled", "partial", "restocked", "paid", "refund", "success", "vip", "a@b.example", "HALF"]),
    storable_text,
)
json_values = st.recursive(
    odd_values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "amount", "name", "quantity", "presentment_money", "external_id"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) in a JSON value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *places(value[key])]]


@st.composite
def mutated(draw: st.DrawFn, whole: Any) -> bytes:
    """Draw a realistic body with up to three values replaced by something odd."""
    body = msgspec.json.decode(msgspec.json.encode(whole))
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(places(body)))
        container[key] = draw(json_values)
    # Half a surrogate pair, as JavaScript leaves one behind.
    return msgspec.json.encode(body).replace(b"HALF", b"\\ud83d")


def assert_storable(payload: Payload) -> None:
    """Fail when PostgreSQL would refuse the record; making it storable again must change nothing."""
    if isinstance(payload, OrderChange):
        assert storable_order(payload) == payload
        check_order(payload)
    elif isinstance(payload, RefundChange):
        assert storable_refund(payload) == payload
        check_refund(payload)
    elif isinstance(payload, CustomerChange):
        assert storable_customer(payload) == payload
        check_texts(payload.email, payload.name)


def check_order(order: OrderChange) -> None:
    check_texts(order.external_id, order.number, order.customer_email, order.customer_name, order.currency)
    check_texts(order.carrier or "", order.tracking_number or "", order.tracking_url or "", *(item.name for item in order.items))
    check_time(order.placed_at)
    check_time(order.updated_at)
    assert order.total is None or abs(order.total) <= MAX_MONEY
    msgspec.json.encode(order.items)
    for refund in order.refunds:
        check_refund(refund)


def check_refund(refund: RefundChange) -> None:
    check_texts(refund.external_id, refund.order_external_id, refund.currency)
    check_time(refund.refunded_at)
    assert Decimal(0) <= refund.amount <= MAX_MONEY


def check_texts(*texts: str) -> None:
    for text in texts:
        assert "\x00" not in text
        text.encode()


def check_time(time: datetime) -> None:
    assert time.tzinfo is UTC


def read_shopify(topic: str, body: bytes) -> Payload:
    return shopify.read(webhook(signed_shopify(topic, body)))


def read_standard(body: bytes) -> Payload:
    return standard.read(WebhookCall(headers={}, body=body, received_at=datetime.now(UTC)))


any_body = st.one_of(st.binary(max_size=300), json_values.map(msgspec.json.encode))


@pytest.mark.parametrize("topic", [*TOPICS.values(), "another/topic"])
@given(body=any_body)
@BOUNDED
def test_shopify_when_a_body_is_any_then_a_storable_record_or_unreadable(topic: str, body: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert_storable(read_shopify(topic, body))


@pytest.mark.parametrize("name", list(TOPICS))
@given(drawn=st.data())
@BOUNDED
def test_shopify_when_a_body_is_odd_in_places_then_a_storable_record_or_unreadable(name: str, drawn: st.DataObject) -> None:
    body = drawn.draw(mutated(msgspec.json.decode(BODIES[name])))

    with contextlib.suppress(Unreadable):
        assert_storable(read_shopify(TOPICS[name], body))


@given(body=any_body, kind=st.one_of(st.sampled_from([*EVENTS, "mail.received"]), storable_text))
@BOUNDED
def test_standard_when_a_body_is_any_then_a_storable_record_or_unreadable(body: bytes, kind: str) -> None:
    for each in (body, msgspec.json.encode({"type": kind, "data": msgspec.Raw(body)})):
        with contextlib.suppress(Unreadable):
            assert_storable(read_standard(each))


@pytest.mark.parametrize("kind", list(EVENTS))
@given(drawn=st.data())
@BOUNDED
def test_standard_when_an_event_is_odd_in_places_then_a_storable_record_or_unreadable(kind: str, drawn: st.DataObject) -> None:
    body = drawn.draw(mutated({"type": kind, "data": EVENTS[kind]}))

    with contextlib.suppress(Unreadable):
        assert_storable(read_standard(body))


@given(
    headers=st.dictionaries(
        st.sampled_from(["hmac_sha256", "topic", "webhook_id", "event_id"]), st.text(st.characters(max_codepoint=255), max_size=300)
    ),
    body=st.binary(max_size=100),
)
@BOUNDED
def test_shopify_when_headers_are_any_text_then_storable_keys_or_authentication_failed(
    headers: dict[str, str], body: bytes
) -> None:
    topic = headers.pop("topic", "orders/paid")
    with contextlib.suppress(AuthenticationFailed):
        authentic = shopify.authenticate(webhook(signed_shopify(topic, body, **headers)), (SECRET,))
        check_texts(authentic.dedupe_key, authentic.event_key or "")
        assert 0 < len(authentic.dedupe_key) <= 200
