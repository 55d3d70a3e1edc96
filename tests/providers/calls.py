"""Calls as a provider makes them, for tests that need no server."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from service.commands.mail_file import SignedCall
from service.providers.types import AuthenticCall, InboundMail, WebhookCall
from tests.factories import standard_headers

BOUNDARY = "=_boundary-of-the-tests"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body; with a filename it is a file."""

    name: str
    value: bytes
    filename: str | None = None
    content_type: str | None = None
    headers: Sequence[bytes] = field(default=())

    def encoded(self) -> bytes:
        disposition = f'form-data; name="{self.name}"' + ("" if self.filename is None else f'; filename="{self.filename}"')
        lines = [f"Content-Disposition: {disposition}".encode()]
        if self.content_type:
            lines.append(f"Content-Type: {self.content_type}".encode("latin-1"))
        return b"\r\n".join([*lines, *self.headers, b"", self.value])


def multipart(fields: Mapping[str, str], *more: Part) -> SignedCall:
    """Return a whole multipart call: the fields in UTF-8, then the other parts."""
    parts = [*(Part(name, value.encode()) for name, value in fields.items()), *more]
    body = b"".join(b"--%b\r\n%b\r\n" % (BOUNDARY.encode(), part.encoded()) for part in parts) + f"--{BOUNDARY}--\r\n".encode()
    return SignedCall({"content-type": f'multipart/form-data; boundary="{BOUNDARY}"'}, body)


def webhook(call: SignedCall) -> WebhookCall:
    """Return a call as a provider's `authenticate` takes it."""
    return WebhookCall(headers=call.headers, body=call.body, received_at=datetime.now(UTC))


def mail_of(authentic: AuthenticCall) -> InboundMail:
    """Return the mail that a call brought; fail when it brought something else."""
    payload = authentic.payload()
    assert isinstance(payload, InboundMail)
    return payload


def new_secret() -> str:
    """Return a Standard Webhooks secret."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_standard(body: bytes, secret: str, *, age_s: float = 0, call_id: str | None = None) -> SignedCall:
    """Return a body signed age_s seconds ago."""
    sent_at = str(int(time.time() - age_s))
    return SignedCall(standard_headers(body, secret, call_id=call_id or f"msg_{secrets.token_hex(8)}", sent_at=sent_at), body)
