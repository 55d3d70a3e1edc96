"""Shopify's webhooks as it sends them: realistic bodies, signed by its own scheme."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Any, Literal

import msgspec

from service.commands.mail_file import SignedCall
from service.providers.records import CustomerChange, OrderChange, RefundChange
from service.providers.shopify import read
from service.providers.types import Payload
from tests.providers.calls import webhook

SECRET = "shpss_for-tests-only-0123456789abcdef"

BODIES = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent / "shopify").glob("*.json"))}

Body = Literal["order", "refund", "customer"]


def shopify_fields(name: Body, /, **fields: Any) -> dict[str, Any]:
    """Return a whole body of Shopify's with some fields replaced; `...` leaves one away."""
    whole: dict[str, Any] = {**msgspec.json.decode(BODIES[name]), **fields}
    return {key: value for key, value in whole.items() if value is not ...}


def signed_shopify(topic: str, body: bytes | dict[str, Any], *, secret: str = SECRET, **headers: str | None) -> SignedCall:
    """Return a call signed with a secret; headers by their last words, such as webhook_id, None leaves one away."""
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    found = {
        "topic": topic,
        "hmac_sha256": base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode(),
        "webhook_id": secrets.token_hex(16),
        "event_id": secrets.token_hex(16),
        "shop_domain": "mugs.myshopify.com",
        "api_version": "2025-10",
        "triggered_at": "2026-11-20T12:00:01.123456789Z",
        **headers,
    }
    named = {f"x-shopify-{name.replace('_', '-')}": value for name, value in found.items() if value is not None}
    return SignedCall({"content-type": "application/json", **named}, raw)


def read_as(topic: str, body: bytes | dict[str, Any]) -> Payload:
    """Read a body under a topic."""
    return read(webhook(signed_shopify(topic, body)))


def order(**fields: Any) -> OrderChange:
    """Read an order with some fields replaced."""
    found = read_as("orders/updated", shopify_fields("order", **fields))
    assert isinstance(found, OrderChange)
    return found


def refund(**fields: Any) -> RefundChange:
    """Read a refund with some fields replaced."""
    found = read_as("refunds/create", shopify_fields("refund", **fields))
    assert isinstance(found, RefundChange)
    return found


def customer(**fields: Any) -> CustomerChange:
    """Read a customer with some fields replaced."""
    found = read_as("customers/update", shopify_fields("customer", **fields))
    assert isinstance(found, CustomerChange)
    return found


def transaction(**fields: Any) -> dict[str, Any]:
    """Return a transaction that paid 5.00 EUR back, with some fields replaced."""
    return {"kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR", **fields}


def parcel(**fields: Any) -> dict[str, Any]:
    """Return a fulfilment that is on its way, with some fields replaced."""
    return {"status": "success", "created_at": "2026-11-20T09:00:00Z", **fields}
