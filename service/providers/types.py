"""What every provider turns its webhook into. Provider-neutral, knows no database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from service.mime.attachments import LeftOut, MailAttachment
from service.providers.records import Record

SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


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

    def kept_headers(self) -> str:
        """Return the headers that are kept with a delivery, as JSON: none that holds a secret."""
        kept = {name: value.replace("\x00", "") for name, value in self.headers.items() if name not in SECRET_HEADERS}
        return msgspec.json.encode(kept).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMail:
    """One e-mail from a customer. All text is free of NUL and of lone surrogates, so that PostgreSQL takes it.

    Attributes:
        rfc_message_id: normalised, without angle brackets; made from the content when the mail had none.
        references: oldest first, as the header has them (RFC 5322 section 3.6.4).
        sender: lower case address of From.
        recipient: lower case address that the mail was sent to.
        headers: (name, value) in the order of the mail; may be empty.
        envelope_sender: what the provider says of MAIL FROM, "" for the null sender; None when it says nothing.
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
    envelope_sender: str | None = None
    attachments: tuple[MailAttachment, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def fingerprint(self) -> bytes:
        """Return the SHA-256 of what makes this mail this mail; equal for a retry, whatever its encoding on the wire."""
        parts = (self.rfc_message_id, self.sender, self.recipient, self.subject, self.text, self.html or "")
        return self._digest(*parts)

    def content_sha256(self) -> bytes:
        """Return the SHA-256 of who wrote what, whoever delivered it: white space and the order of attachments do not count."""
        return self._digest(self.sender, *(" ".join(each.split()) for each in (self.subject, self.text or self.html or "")))

    def _digest(self, *parts: str) -> bytes:
        whole = hashlib.sha256("\x00".join(parts).encode())
        for each in sorted(attachment.sha256 for attachment in self.attachments):
            whole.update(each)
        return whole.digest()


@dataclass(frozen=True, slots=True)
class Ignored:
    """An authentic call that brings nothing we keep, with the reason as one word."""

    reason: str


Payload = InboundMail | Record | Ignored


@dataclass(frozen=True, slots=True)
class AuthenticCall:
    """A call whose sender has proven to know the source's secret.

    Attributes:
        dedupe_key: equal for every retry of the same call, unique within its source.
        payload: map what it brought; raises Unreadable, permanent, with a reason.
        event_key: equal for the same event in another call, unique within the shop; None where a call is its own event.
        is_replayable: the signature does not cover the body, so the same key with another content is an attack.
    """

    dedupe_key: str
    payload: Callable[[], Payload]
    event_key: str | None = None
    is_replayable: bool = False


@dataclass(frozen=True, slots=True)
class ProviderFormat:
    """How one provider signs and writes its calls.

    Attributes:
        authenticate: verify the raw bytes against any of the secrets; raises AuthenticationFailed.
        read: map a call that was authentic when it came, at a replay; raises Unreadable.
        refusal_status: what it takes as "never again", for a call that is too large to be kept.
    """

    authenticate: Callable[[WebhookCall, tuple[str, ...]], AuthenticCall]
    read: Callable[[WebhookCall], Payload]
    refusal_status: int = 413
