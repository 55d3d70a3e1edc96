"""Shopify's webhooks: orders, refunds and customers.

The signature is the base64 HMAC-SHA256 of the raw body under the app's client secret; for up to an hour after a rotation the old
one still signs. It does NOT cover the headers, so nothing but the body is believed beyond what kind of thing it is. Shopify takes
any 2xx within 5 s and tries 8 times within 4 hours, with the first attempt's body; create and update come in any order, up to a
day late. Source: shopify.dev, "Verify webhook deliveries", "Ignore duplicates" and the REST Admin API's resources.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from service.errors import AuthenticationFailed, Unreadable
from service.mime.charsets import clean
from service.providers.records import CustomerChange, Fulfilment, OrderChange, OrderItem, OrderStatus, RefundChange
from service.providers.shopify_payloads import (
    CUSTOMER,
    ORDER,
    REFUND,
    Buyer,
    Customer,
    LineItem,
    MoneyBag,
    Order,
    Parcel,
    Refund,
    RefundedLine,
)
from service.providers.types import AuthenticCall, Ignored, Payload, WebhookCall
from service.providers.wire.fields import address
from service.providers.wire.json_bodies import read_json
from service.providers.wire.storable import storable_customer, storable_money, storable_order, storable_refund

MAX_ID_LENGTH = 200
"""Shopify's ids are UUIDs; what is longer is none of them."""

VIP_TAG = "vip"

_STATUS: dict[str, OrderStatus] = {
    "authorized": "authorized",
    "partially_paid": "partially_paid",
    "paid": "paid",
    "partially_refunded": "partially_refunded",
    "refunded": "refunded",
    "voided": "cancelled",
}
_FULFILMENT: dict[str, Fulfilment] = {"fulfilled": "shipped", "partial": "partially_shipped", "restocked": "returned"}
_DEAD_PARCEL = frozenset({"cancelled", "error", "failure"})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def authenticate(call: WebhookCall, secrets: tuple[str, ...]) -> AuthenticCall:
    """Verify the raw body against each client secret.

    Raises:
        AuthenticationFailed: the header is missing, or no secret makes this signature.
    """
    given = call.headers.get("x-shopify-hmac-sha256", "").encode("utf-8", "replace")
    expected = [base64.b64encode(hmac.new(secret.encode(), call.body, hashlib.sha256).digest()) for secret in secrets]
    if not any(hmac.compare_digest(each, given) for each in expected):
        raise AuthenticationFailed("The webhook's signature does not match the source's client secret")
    topic, webhook_id, event_id = _topic(call), _id(call, "x-shopify-webhook-id"), _id(call, "x-shopify-event-id")
    return AuthenticCall(
        dedupe_key=webhook_id or hashlib.sha256(f"{topic}\n".encode() + call.body).hexdigest(),
        payload=lambda: read(call),
        event_key=f"shopify {topic} {event_id}" if topic and event_id else None,
    )


def read(call: WebhookCall) -> Payload:
    """Map a call that is authentic. Ignored: `topic`, `no_email`, and `no_money`, a refund that has paid nothing back (yet).

    Raises:
        Unreadable: `bad_charset`, `bad_json` or `bad_schema`.
    """
    reader = _READERS.get(_topic(call))
    return reader(call.body) if reader else Ignored("topic")


def _topic(call: WebhookCall) -> str:
    return _id(call, "x-shopify-topic").lower()


def _id(call: WebhookCall, header: str) -> str:
    value = clean(call.headers.get(header, "")).strip()
    return value if len(value) <= MAX_ID_LENGTH else ""


def _read_order(body: bytes) -> Payload:
    order = read_json(body, ORDER, what="an order of Shopify's")
    buyer = order.customer or Buyer()
    email = _email(order.email, order.contact_email, buyer.email)
    if not email:
        return Ignored("no_email")
    number = _first(order.name, f"#{order.order_number}" if order.order_number else None, str(order.id))
    postal_names = (each.name for each in (order.billing_address, order.shipping_address) if each)
    total, currency = _total(order)
    parcel = _newest_tracked(_live(order.fulfillments))
    return storable_order(
        OrderChange(
            external_id=str(order.id),
            number=number,
            customer_email=email,
            customer_name=_first(_full_name(buyer), *postal_names),
            status=_status(order),
            fulfilment=_fulfilment(order),
            placed_at=order.processed_at or order.created_at or order.updated_at,
            updated_at=order.updated_at,
            currency=currency,
            total=total,
            items=tuple(_item(each) for each in order.line_items or ()),
            carrier=parcel.tracking_company if parcel else None,
            tracking_number=next(iter(parcel.numbers()), None) if parcel else None,
            tracking_url=next(iter(parcel.links()), None) if parcel else None,
            refunds=tuple(_refunds_of(order, currency)),
        )
    )


def _read_refund(body: bytes) -> Payload:
    refund = read_json(body, REFUND, what="a refund of Shopify's")
    if refund.order_id is None:
        raise Unreadable("bad_schema", "The refund names no order")
    paid = _paid_back(refund) or _reckoned(refund)
    if paid is None:
        return Ignored("no_money")
    refunded_at = refund.processed_at or refund.created_at
    if refunded_at is None:
        raise Unreadable("bad_schema", "The refund has no time")
    return storable_refund(_refund_change(refund, str(refund.order_id), paid, refunded_at))


def _read_customer(body: bytes) -> Payload:
    customer = read_json(body, CUSTOMER, what="a customer of Shopify's")
    email = _email(customer.email)
    if not email:
        return Ignored("no_email")
    return storable_customer(
        CustomerChange(email=email, name=_full_name(customer), vip=_is_vip(customer), updated_at=customer.updated_at)
    )


_READERS: dict[str, Callable[[bytes], Payload]] = {
    **dict.fromkeys((f"orders/{each}" for each in ("create", "updated", "partially_fulfilled")), _read_order),
    **dict.fromkeys((f"orders/{each}" for each in ("fulfilled", "cancelled", "paid")), _read_order),
    "refunds/create": _read_refund,
    "customers/create": _read_customer,
    "customers/update": _read_customer,
}
"""The topics whose body is the whole thing; others, such as orders/edited and orders/delete, send something else."""


def _email(*candidates: str | None) -> str:
    return next((found for each in candidates if each and (found := address(clean(each))[1])), "")


def _first(*candidates: str | None) -> str:
    return next((each for each in candidates if each and clean(each).strip()), "")


def _full_name(person: Buyer | Customer) -> str:
    return " ".join(each.strip() for each in (person.first_name, person.last_name) if each and each.strip())


def _is_vip(customer: Customer) -> bool | None:
    """Whether one of the tags says so; None where the tags are not told."""
    if customer.tags is None:
        return None
    tags = customer.tags.split(",") if isinstance(customer.tags, str) else customer.tags
    return any(each.strip().casefold() == VIP_TAG for each in tags)


def _status(order: Order) -> OrderStatus:
    return "cancelled" if order.cancelled_at else _STATUS.get(order.financial_status or "", "pending")


def _fulfilment(order: Order) -> Fulfilment:
    found = _FULFILMENT.get(order.fulfillment_status or "", "unfulfilled")
    # What was shipped before an order was cancelled is on its way all the same; Shopify then leaves the status as it was.
    if order.cancelled_at and found in ("unfulfilled", "returned"):
        return "cancelled"
    parcels = _live(order.fulfillments)
    is_delivered = found == "shipped" and parcels and all(each.shipment_status == "delivered" for each in parcels)
    return "delivered" if is_delivered else found


def _live(parcels: Sequence[Parcel] | None) -> list[Parcel]:
    return [each for each in parcels or () if each.status not in _DEAD_PARCEL]


def _newest_tracked(parcels: Sequence[Parcel]) -> Parcel | None:
    """Return the parcel to tell the customer of; of two of one moment the later in Shopify's list."""
    tracked = [each for each in parcels if each.numbers() or each.links()]
    return max(enumerate(tracked), key=lambda each: (_moment(each[1]), each[0]))[1] if tracked else None


def _moment(parcel: Parcel) -> datetime:
    created_at = parcel.created_at or _LONG_AGO
    return created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC)


def _item(line: LineItem) -> OrderItem:
    return OrderItem(name=_first(line.name, line.title), quantity=1 if line.quantity is None else line.quantity, sku=line.sku)


def _total(order: Order) -> tuple[Decimal | None, str]:
    """Return the total as the customer saw it: refunds are told in that currency too."""
    seen = order.total_price_set.presentment_money if order.total_price_set else None
    if seen and seen.amount is not None and seen.currency_code:
        return seen.amount, seen.currency_code
    return order.total_price, order.currency or ""


def _refunds_of(order: Order, currency: str) -> Iterator[RefundChange]:
    """Return those that say what was paid; of the others a call of their own tells more, and a refund is taken only once."""
    for refund in order.refunds or ():
        paid = _paid_back(refund)
        if paid:
            refunded_at = refund.processed_at or refund.created_at or order.updated_at
            yield _refund_change(refund, str(order.id), (paid[0], paid[1] or currency), refunded_at)


def _refund_change(refund: Refund, order_id: str, paid: tuple[Decimal, str], refunded_at: datetime) -> RefundChange:
    return RefundChange(
        external_id=str(refund.id), order_external_id=order_id, amount=paid[0], currency=paid[1], refunded_at=refunded_at
    )


def _paid_back(refund: Refund) -> tuple[Decimal, str] | None:
    """Return the sum of the transactions that went through; None when none did."""
    done = [each for each in refund.transactions or () if each.kind == "refund" and each.status == "success" and each.amount]
    return _sum([(each.amount, each.currency) for each in done])


def _reckoned(refund: Refund) -> tuple[Decimal, str] | None:
    """Return the lines' sum where the transactions are not told at all; where there are none, no money went back."""
    if refund.transactions is not None:
        return None
    return _sum([_subtotal(each) for each in refund.refund_line_items or ()])


def _subtotal(line: RefundedLine) -> tuple[Decimal | None, str | None]:
    bag = line.subtotal_set or MoneyBag()
    seen = bag.presentment_money
    return (seen.amount, seen.currency_code) if seen and seen.amount is not None else (line.subtotal, None)


def _sum(amounts: Sequence[tuple[Decimal | None, str | None]]) -> tuple[Decimal, str] | None:
    told = [(amount, currency or "") for amount, currency in amounts if amount is not None]
    total = sum((storable_money(amount, "amount") for amount, _ in told), Decimal())
    return (total, told[0][1]) if total else None
