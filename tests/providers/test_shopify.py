"""What refunds and customers of Shopify's become, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from service.errors import Unreadable
from service.providers.records import CustomerChange, OrderChange, RefundChange
from service.providers.types import Ignored
from tests.providers.shopify_calls import BODIES, customer, read_as, refund, shopify_fields, transaction

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEEP = b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "topic", ["products/update", "orders/edited", "orders/delete", "app/uninstalled", "customers/redact", "", "x" * 999]
)
def test_read_when_the_topic_is_another_then_ignored(topic: str) -> None:
    assert read_as(topic, b"whatever it is") == Ignored("topic")


def test_read_when_the_topic_is_in_capitals_then_it_is_the_same() -> None:
    assert isinstance(read_as("Orders/Create", BODIES["order"]), OrderChange)


@pytest.mark.parametrize("email", [None, "", "none", ...])
def test_read_when_a_customer_has_no_address_then_ignored(email: Any) -> None:
    assert read_as("customers/update", shopify_fields("customer", email=email)) == Ignored("no_email")


def test_read_when_a_refund_then_what_was_paid_back() -> None:
    assert read_as("refunds/create", BODIES["refund"]) == RefundChange(
        external_id="929361464023",
        order_external_id="5862938411223",
        amount=Decimal("17.00"),
        currency="EUR",
        refunded_at=datetime(2026, 11, 21, 9, 34, 55, tzinfo=UTC),
    )


@pytest.mark.parametrize("transactions", [None, ...])
def test_read_when_a_refund_tells_no_transactions_then_its_lines_are_summed(transactions: Any) -> None:
    lines = [{"subtotal": 1.1}, {"subtotal": "2.20"}, {"subtotal": None}]

    assert refund(transactions=transactions, refund_line_items=lines).amount == Decimal("3.30")


@pytest.mark.parametrize(
    "fields",
    [
        {"transactions": []},
        {"transactions": [transaction(status="pending")]},
        {"transactions": [transaction(status="failure")]},
        {"transactions": [transaction(kind="void")]},
        {"transactions": [transaction(amount="0.00")]},
        {"transactions": None, "refund_line_items": []},
        {"transactions": None, "refund_line_items": None},
    ],
)
def test_read_when_a_refund_paid_nothing_back_then_ignored(fields: dict[str, Any]) -> None:
    assert read_as("refunds/create", shopify_fields("refund", **fields)) == Ignored("no_money")


def test_read_when_a_customer_then_the_whole_of_them() -> None:
    assert read_as("customers/update", BODIES["customer"]) == CustomerChange(
        email="ada@customer.example", name="Ada Lovelace", vip=True, updated_at=NOON
    )


@pytest.mark.parametrize(
    ("tags", "vip"),
    [
        ("vip", True),
        ("a, ViP ,b", True),
        (["a", "VIP"], True),
        ("no vip, vips", False),
        ("", False),
        ([], False),
        (None, None),
        (..., None),
    ],
)
def test_read_when_a_customer_has_tags_then_one_makes_them_a_vip(tags: Any, vip: bool | None) -> None:
    assert customer(tags=tags).vip is vip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (DEEP, "bad_json"),
        (b'{"id": 1, "updated_at": "2026-11-20T12:00:00Z", "total_price": NaN, "x": "\\ud83d"}', "bad_json"),
        (b'{"id": 1, "updated_at": "2026-11-20T12:00:00Z", "email": "\xff"}', "bad_charset"),
        (b"{}", "bad_schema"),
        (b"[]", "bad_schema"),
        (b"null", "bad_schema"),
        (b'{"id": 1}', "bad_schema"),
        (b'{"id": 1, "updated_at": "yesterday"}', "bad_schema"),
        (b'{"id": {}, "updated_at": "2026-11-20T12:00:00Z"}', "bad_schema"),
        (b'{"id": ' + b"9" * 5_000 + b', "updated_at": "2026-11-20T12:00:00Z"}', "bad_schema"),
    ],
)
def test_read_when_it_is_no_order_then_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_as("orders/create", body)

    assert raised.value.reason == reason


@pytest.mark.parametrize(
    "fields",
    [
        {"total_price": "10000000000", "total_price_set": None},
        {"total_price": "1E+999999", "total_price_set": None},
        {"total_price": "NaN", "total_price_set": None},
        {"total_price": "sNaN", "total_price_set": None},
        {"total_price": "free", "total_price_set": None},
        {"updated_at": "9999-12-31T23:59:59-14:00"},
        {"processed_at": "0001-01-01T00:00:00+14:00"},
        {"line_items": [{"name": "Mug", "quantity": 2**40}]},
        {"line_items": [{"name": "Mug", "quantity": -1}]},
        {"refunds": [{"id": 1, "transactions": [transaction(amount="9E+999999"), transaction(amount="9E+999999")]}]},
        {"refunds": [{"id": 1, "transactions": [transaction(amount="Infinity")]}]},
        {"currency": "x" * 11, "total_price_set": None},
    ],
)
def test_read_when_a_value_is_out_of_range_then_unreadable(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as raised:
        read_as("orders/create", shopify_fields("order", **fields))

    assert raised.value.reason == "bad_schema"


@pytest.mark.parametrize("fields", [{"order_id": None}, {"order_id": ...}, {"processed_at": None, "created_at": None}])
def test_read_when_a_refund_lacks_its_order_or_time_then_unreadable(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_as("refunds/create", shopify_fields("refund", **fields))


def test_read_when_text_holds_what_postgres_refuses_then_the_rest_is_kept() -> None:
    body = msgspec.json.encode(shopify_fields("order", name="#1\x00")).replace(b"Mug - blue", b"Mug \\ud83d")

    found = read_as("orders/create", body)
    assert isinstance(found, OrderChange)
    assert (found.number, found.items[0].name) == ("#1", "Mug ?")
