"""The mails of the benchmarks as signed webhooks: every one from another customer, in a thread of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator

import msgspec

from benchmarks.mime_mails import mime_mail
from service.shops.types import Provider

BODY_BYTES = 2_000


class RoundOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The mails of one round.

    Attributes:
        warm_up: mails before those that count: connections and plans are new then.
    """

    secret: str
    connections: int
    count: int
    provider: Provider = "standard"
    size_bytes: int = BODY_BYTES
    warm_up: int = 0

    def bodies(self) -> Iterator[bytes]:
        """Yield the body of each, those that warm up first."""
        run = secrets.token_hex(6)
        return (mail_body(number, run, self.provider, self.size_bytes) for number in range(self.warm_up + self.count))


_SENTENCE = "The parcel with order #1042 should have been here on Monday, but the tracking page has not moved since then. "


def mail_body(number: int, run: str, provider: Provider = "standard", size_bytes: int = BODY_BYTES) -> bytes:
    """Return JSON of exactly that size, or for the provider `mime` a raw mail of about that size.

    run: makes it unlike those of other runs.
    """
    if provider == "mime":
        return mime_mail(number, run, size_bytes)
    mail = {
        "message_id": f"<{run}-{number}@customer.example>",
        "from": f"Customer {number} <{run}-{number}@customer.example>",
        "to": "support@shop.example",
        "subject": f"Where is my parcel? ({number})",
        "headers": [["Date", "Mon, 23 Nov 2026 10:00:00 +0000"], ["X-Mailer", "Customer's Mail 4.2"]],
        "text": "",
    }
    room = size_bytes - len(msgspec.json.encode(mail))
    mail["text"] = (_SENTENCE * (room // len(_SENTENCE) + 1))[:room]
    return msgspec.json.encode(mail)


def signed_headers(body: bytes, secret: str) -> dict[str, str]:
    """Return the headers of a Standard Webhooks call, signed as of now: they hold for five minutes."""
    call_id, sent_at = f"msg_{secrets.token_hex(12)}", str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac.new(key, f"{call_id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": call_id,
        "webhook-timestamp": sent_at,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def http_request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Return the bytes of a POST on a connection that is kept open."""
    lines = [
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        "user-agent: draftdesk-benchmark",
        "accept: */*",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"content-length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
