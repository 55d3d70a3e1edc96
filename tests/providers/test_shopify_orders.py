"""What an order of Shopify's becomes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from service.providers.records import OrderChange, OrderItem
from service.providers.types import Ignored
from tests.providers.shopify_calls import BODIES, order, parcel, read_as, shopify_fields, transaction

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("topic", [f"orders/{each}" for each in ("create", "updated", "fulfilled", "cancelled", "paid")])
def test_read_when_an_order_then_the_whole_of_it(topic: str) -> None:
    assert read_as(topic, BODIES["order"]) == OrderChange(
        external_id="5862938411223",
        number="#1042",
        customer_email="ada@customer.example",
        customer_name="Ada Lovelace",
        status="paid",
        fulfilment="shipped",
        placed_at=datetime(2026, 11, 19, 20, 4, 9, tzinfo=UTC),
        updated_at=NOON,
        currency="EUR",
        total=Decimal("59.90"),
        items=(OrderItem(name="Mug - blue", quantity=2, sku="MUG-BLUE"), OrderItem(name="Tea, 100 g")),
        carrier="DHL",
        tracking_number="00340434161094021501",
        tracking_url="https://www.dhl.example/track?piececode=00340434161094021501",
    )


def test_read_when_an_order_says_hardly_anything_then_it_is_one_all_the_same() -> None:
    little = {"id": 7, "updated_at": "2026-11-20T12:00:00Z", "email": "a@b.example"}
    nulls = {name: None for name in shopify_fields("order") if name not in little}

    for body in (little, {**nulls, **little}):
        assert read_as("orders/create", body) == OrderChange(
            external_id="7",
            number="7",
            customer_email="a@b.example",
            status="pending",
            fulfilment="unfulfilled",
            placed_at=NOON,
            updated_at=NOON,
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"email": None, "contact_email": None, "customer": None},
        {"email": "", "contact_email": "", "customer": {"email": ""}},
        {"email": "none", "contact_email": ..., "customer": {"email": None}},
    ],
)
def test_read_when_an_order_has_no_address_then_ignored(fields: dict[str, Any]) -> None:
    assert read_as("orders/create", shopify_fields("order", **fields)) == Ignored("no_email")


@pytest.mark.parametrize(
    "fields",
    [{"email": None}, {"email": None, "contact_email": None}, {"email": "not one", "contact_email": "ADA@customer.example"}],
)
def test_read_when_the_address_stands_elsewhere_then_it_is_found(fields: dict[str, Any]) -> None:
    assert order(**fields).customer_email == "ada@customer.example"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"customer": {"first_name": "Ada", "last_name": None}}, "Ada"),
        ({"customer": {"first_name": " ", "last_name": " Lovelace "}}, "Lovelace"),
        ({"customer": None}, "Ada Lovelace"),
        ({"customer": None, "billing_address": None, "shipping_address": {"name": "A. L."}}, "A. L."),
        ({"customer": None, "billing_address": {"name": None}}, ""),
    ],
)
def test_read_when_an_order_names_its_customer_then_the_first_name_found(fields: dict[str, Any], name: str) -> None:
    assert order(**fields).customer_name == name


@pytest.mark.parametrize(
    ("fields", "number"),
    [({"name": "MUG-7-DE"}, "MUG-7-DE"), ({"name": None}, "#1042"), ({"name": " ", "order_number": None}, "5862938411223")],
)
def test_read_when_an_order_has_a_number_then_it_is_as_the_merchant_shows_it(fields: dict[str, Any], number: str) -> None:
    assert order(**fields).number == number


@pytest.mark.parametrize(
    ("financial_status", "status"),
    [
        ("pending", "pending"),
        ("authorized", "authorized"),
        ("partially_paid", "partially_paid"),
        ("paid", "paid"),
        ("partially_refunded", "partially_refunded"),
        ("refunded", "refunded"),
        ("voided", "cancelled"),
        ("expired", "pending"),
        ("something new", "pending"),
        (None, "pending"),
    ],
)
def test_read_when_an_order_is_paid_for_or_not_then_its_status_says_so(financial_status: str | None, status: str) -> None:
    assert order(financial_status=financial_status).status == status


CANCELLED = {"cancelled_at": "2026-11-20T12:00:00Z"}


@pytest.mark.parametrize(
    ("fields", "fulfilment"),
    [
        ({"fulfillment_status": None}, "unfulfilled"),
        ({"fulfillment_status": "not_eligible"}, "unfulfilled"),
        ({"fulfillment_status": "partial"}, "partially_shipped"),
        ({"fulfillment_status": "restocked"}, "returned"),
        ({"fulfillments": [parcel(shipment_status="delivered")]}, "delivered"),
        ({"fulfillments": [parcel(shipment_status="delivered"), parcel(shipment_status="in_transit")]}, "shipped"),
        ({"fulfillments": [parcel(shipment_status="delivered"), parcel(status="cancelled")]}, "delivered"),
        ({"fulfillments": []}, "shipped"),
        ({"fulfillment_status": "partial", "fulfillments": [parcel(shipment_status="delivered")]}, "partially_shipped"),
        ({**CANCELLED, "fulfillment_status": None}, "cancelled"),
        ({**CANCELLED, "fulfillment_status": "restocked"}, "cancelled"),
        ({**CANCELLED, "fulfillment_status": "partial"}, "partially_shipped"),
    ],
)
def test_read_when_an_order_is_on_its_way_or_not_then_its_fulfilment_says_so(fields: dict[str, Any], fulfilment: str) -> None:
    assert order(**fields).fulfilment == fulfilment


def test_read_when_an_order_is_cancelled_then_that_is_its_status() -> None:
    assert order(**CANCELLED, financial_status="refunded").status == "cancelled"


@pytest.mark.parametrize(
    ("parcels", "number"),
    [
        ([parcel(tracking_number="A"), parcel(tracking_number="B", created_at="2026-11-20T09:30:00+01:00")], "A"),
        ([parcel(tracking_number="A"), parcel(tracking_number="B")], "B"),
        ([parcel(tracking_number="A", created_at=None), parcel(tracking_number="B", created_at="2026-11-20T09:00:00")], "B"),
        ([parcel(tracking_number="A"), parcel(tracking_number="B", status="cancelled")], "A"),
        ([parcel(tracking_number="A"), parcel()], "A"),
        ([parcel(tracking_number=None, tracking_numbers=[None, "C", "D"])], "C"),
        ([parcel(tracking_number="", tracking_numbers=None)], None),
        (None, None),
    ],
)
def test_read_when_parcels_are_tracked_then_the_newest_of_them(parcels: list[dict[str, Any]] | None, number: str | None) -> None:
    assert order(fulfillments=parcels).tracking_number == number


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a.example/ b", "x" * 3_000, ""])
def test_read_when_a_parcels_link_is_none_of_the_web_then_only_its_number_is_kept(url: str) -> None:
    found = order(fulfillments=[parcel(tracking_number="A", tracking_url=url)])

    assert (found.tracking_number, found.tracking_url) == ("A", None)


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        ({"total_price_set": None, "total_price": "0.1"}, Decimal("0.10")),
        ({"total_price_set": None, "total_price": 0.1}, Decimal("0.10")),
        ({"total_price_set": None, "total_price": 1200}, Decimal(1200)),
        ({"total_price_set": None, "total_price": "12.345"}, Decimal("12.35")),
        ({"total_price_set": None, "total_price": None}, None),
        ({"total_price_set": {"presentment_money": None}}, Decimal("59.90")),
    ],
)
def test_read_when_money_is_a_string_or_a_number_then_the_same_decimal(fields: dict[str, Any], total: Decimal | None) -> None:
    assert order(**fields).total == total


def test_read_when_the_customer_paid_in_another_currency_then_the_total_is_what_they_saw() -> None:
    bag = {
        "shop_money": {"amount": "59.90", "currency_code": "EUR"},
        "presentment_money": {"amount": "65.20", "currency_code": "usd"},
    }

    found = order(total_price_set=bag)
    assert (found.total, found.currency) == (Decimal("65.20"), "USD")


def test_read_when_an_order_has_refunds_then_those_that_paid_something_back() -> None:
    told = [
        shopify_fields("refund"),
        {"id": 2, "processed_at": None, "transactions": [transaction(currency=None)]},
        {"id": 3, "transactions": [transaction(status="pending")], "refund_line_items": [{"subtotal": 9}]},
        {"id": 4, "transactions": [], "refund_line_items": [{"subtotal": "9.00"}]},
        {"id": 5, "transactions": None, "refund_line_items": [{"subtotal": "9.00"}]},
    ]

    assert [(each.external_id, each.order_external_id, each.amount, each.currency) for each in order(refunds=told).refunds] == [
        ("929361464023", "5862938411223", Decimal("17.00"), "EUR"),
        ("2", "5862938411223", Decimal("5.00"), "EUR"),
    ]
