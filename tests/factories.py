"""Builders with plain defaults: a test names only what it is about."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from service.commands.mail_file import SignedCall
from service.shops.service import create_key, create_shop
from service.shops.sources import create_source
from service.shops.types import Source

MAILGUN_KEY = "key-for-tests-only"

TRUSTED_HOST = "mx.shop.example"
PROVEN = [["Authentication-Results", f"{TRUSTED_HOST}; dkim=pass header.d=customer.example"]]
"""The headers of a mail whose sender at customer.example is proven; without them nobody is."""


@dataclass(frozen=True, slots=True)
class ShopAtWork:
    """A shop as a test uses it."""

    id: UUID
    slug: str
    standard: Source
    mailgun: Source
    api_key: str

    @property
    def auth(self) -> dict[str, str]:
        """The headers of an API call."""
        return {"authorization": f"Bearer {self.api_key}"}

    @property
    def standard_path(self) -> str:
        """Where the standard source takes mail."""
        return f"/webhooks/standard/{self.standard.id}"

    @property
    def mailgun_path(self) -> str:
        """Where the Mailgun source takes mail."""
        return f"/webhooks/mailgun/{self.mailgun.id}"

    def signed(self, **fields: Any) -> SignedCall:
        """A mail of the standard format, signed for this shop; None leaves a field away."""
        return self.signed_bytes(msgspec.json.encode(mail_fields(**fields)))

    def signed_bytes(self, body: bytes) -> SignedCall:
        """Any body, signed for this shop; also one that is not UTF-8."""
        call_id, sent_at = f"msg_{secrets.token_hex(8)}", str(int(time.time()))
        return SignedCall(standard_headers(body, self.standard.secrets[0], call_id=call_id, sent_at=sent_at), body)


async def make_shop(**options: str) -> ShopAtWork:
    """Make a shop with a source of each provider and a key that reads. Needs the open pool."""
    slug = f"shop-{secrets.token_hex(6)}"
    shop_id = await create_shop(slug=slug, name="Test Shop", signature="The test shop", **options)
    return ShopAtWork(
        id=shop_id,
        slug=slug,
        standard=await create_source(shop_id, provider="standard", name="support", trusted_hosts=[TRUSTED_HOST]),
        mailgun=await create_source(shop_id, provider="mailgun", name="support", secret=MAILGUN_KEY),
        api_key=await create_key(shop_id, name="tests", scopes=("read",)),
    )


def mail_fields(**fields: Any) -> dict[str, Any]:
    """The body of a standard call; give None to leave a field away."""
    mail = {
        "message_id": f"<{secrets.token_hex(8)}@customer.example>",
        "from": "Ada Customer <ada@customer.example>",
        "to": "support@shop.example",
        "subject": "Where is my parcel?",
        "text": "Hello, where is my parcel? Ada",
        **{name.rstrip("_"): value for name, value in fields.items()},
    }
    return {name: value for name, value in mail.items() if value is not None}


def standard_headers(body: bytes, secret: str, *, call_id: str, sent_at: str) -> dict[str, str]:
    """Sign bytes by the specification itself, without the library that the service verifies with."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac.new(key, f"{call_id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": call_id,
        "webhook-timestamp": sent_at,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def mailgun_fields(
    *, key: str = MAILGUN_KEY, timestamp: int | None = None, token: str | None = None, **fields: str
) -> dict[str, str]:
    """The fields of a Mailgun call, signed."""
    signed_at = str(int(time.time()) if timestamp is None else timestamp)
    token = token or secrets.token_hex(25)
    message_id = f"<{secrets.token_hex(8)}@customer.example>"
    return {
        "recipient": "support@shop.example",
        "sender": "ada@customer.example",
        "from": "Ada Customer <ada@customer.example>",
        "subject": "Where is my parcel?",
        "body-plain": "Hello, where is my parcel? Ada",
        "message-headers": msgspec.json.encode([["Message-Id", message_id], ["Date", "Mon, 23 Nov 2026 10:00:00 +0000"]]).decode(),
        "timestamp": signed_at,
        "token": token,
        "signature": hmac.new(key.encode(), f"{signed_at}{token}".encode(), hashlib.sha256).hexdigest(),
        **fields,
    }


def urlencoded(fields: dict[str, str]) -> SignedCall:
    """A Mailgun call without attachments."""
    return SignedCall({"content-type": "application/x-www-form-urlencoded"}, urlencode(fields).encode())
