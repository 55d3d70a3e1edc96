"""What every provider turns its webhook into. Provider-neutral, knows no database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One HTTP request as it arrived.

    Attributes:
        headers: names in lower case.
        body: the raw bytes, before any parsing.
        received_at: aware, UTC.
        query: what follows the `?`; never kept, it may hold a secret.
    """

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMail:
    """One e-mail from a customer. All text is free of NUL and of lone surrogates, so that PostgreSQL takes it.

    Attributes:
        rfc_message_id: without angle brackets; made from the content when the mail had none.
        references: oldest first, as the header has them (RFC 5322 section 3.6.4).
        sender: lower case address of From.
        recipient: lower case address that the mail was sent to.
        headers: (name, value) in the order of the mail; may be empty.
    """

    rfc_message_id: str
    in_reply_to: str | None
    references: tuple[str, ...]
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    html: str | None
    headers: tuple[tuple[str, str], ...] = field(default=())

    def fingerprint(self) -> bytes:
        """Return the SHA-256 of what makes this mail this mail; equal for a retry, whatever its encoding on the wire."""
        parts = (self.rfc_message_id, self.sender, self.recipient, self.subject, self.text, self.html or "")
        return hashlib.sha256("\x00".join(parts).encode()).digest()


@dataclass(frozen=True, slots=True)
class AuthenticCall:
    """A call whose sender has proven to know the source's secret.

    Attributes:
        dedupe_key: equal for every retry of the same call, unique within its source.
        is_replayable: the signature does not cover the body, so the same key with another content is an attack.
        to_mail: map the payload; raises Unreadable, permanent, with a reason.
    """

    dedupe_key: str
    to_mail: Callable[[], InboundMail]
    is_replayable: bool = False


@dataclass(frozen=True, slots=True)
class ProviderFormat:
    """How one provider signs and writes its calls.

    Attributes:
        authenticate: verify the raw bytes against any of the secrets; raises AuthenticationFailed.
        read: map a call that was authentic when it came, at a replay; raises Unreadable.
    """

    authenticate: Callable[[WebhookCall, tuple[str, ...]], AuthenticCall]
    read: Callable[[WebhookCall], InboundMail]
