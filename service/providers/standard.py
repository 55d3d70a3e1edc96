"""Our own JSON format, with a Standard Webhooks signature."""

from __future__ import annotations

import msgspec

from service.providers.standard_events import event_type, read_event
from service.providers.types import AuthenticCall, InboundMail, Payload, WebhookCall
from service.providers.wire.fields import build_mail
from service.providers.wire.json_attachments import AttachmentKeys, read_attachments
from service.providers.wire.json_bodies import read_json
from service.providers.wire.signatures import verify_standard_webhook

MAIL_TYPES = (None, "mail.received")


class StandardMail(msgspec.Struct):
    """The body of a call. Addresses may carry a name; `headers` is a list of [name, value].

    Attributes:
        envelope_sender: MAIL FROM, `<>` for the null sender; None when it is not known.
        attachments: objects with filename, content_type, content (base64) and content_id; see read_attachments.
    """

    to: str
    sender: str = msgspec.field(name="from", default="")
    message_id: str | None = None
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    in_reply_to: str | None = None
    references: str | list[str] | None = None
    headers: list[tuple[str, str]] = msgspec.field(default_factory=list)
    envelope_sender: str | None = None
    attachments: object = None


_decoder = msgspec.json.Decoder(StandardMail)
_KEYS = AttachmentKeys(filename="filename", content_type="content_type", content="content", content_id="content_id")


def authenticate(call: WebhookCall, secrets: tuple[str, ...]) -> AuthenticCall:
    """Verify the call against each secret. Raises AuthenticationFailed."""
    return AuthenticCall(dedupe_key=verify_standard_webhook(call, secrets), payload=lambda: read(call))


def read(call: WebhookCall) -> Payload:
    """Map a call that was authentic when it came: a mail, see to_mail, or an event of the shop, see read_event."""
    kind = event_type(call.body)
    return to_mail(call.body) if kind in MAIL_TYPES else read_event(kind, call.body)


def to_mail(body: bytes) -> InboundMail:
    """Map the JSON body. Raises Unreadable: `bad_charset`, `bad_json`, `bad_schema`, `no_sender`, `no_recipient`."""
    mail = read_json(body, _decoder, what="a mail of the standard format")
    references = " ".join(mail.references) if isinstance(mail.references, list) else mail.references or ""
    room = read_attachments(mail.attachments, _KEYS)
    return build_mail(
        message_id=mail.message_id or "",
        sender=mail.sender,
        recipient=mail.to,
        subject=mail.subject or "",
        text=mail.text or "",
        html=mail.html or "",
        in_reply_to=_bracketed(mail.in_reply_to or ""),
        references=_bracketed(references),
        headers=tuple(mail.headers),
        envelope_sender=mail.envelope_sender,
        attachments=room.kept,
        left_out=room.left_out,
    )


def _bracketed(ids: str) -> str:
    """Take ids without angle brackets too: JSON callers often leave them away."""
    return " ".join(f"<{each.strip('<>,')}>" for each in ids.split())
