"""Our own JSON format, with a Standard Webhooks signature."""

from __future__ import annotations

import json

import msgspec

from service.errors import Unreadable
from service.providers.fields import build_mail
from service.providers.signatures import verify_standard_webhook
from service.providers.types import AuthenticCall, InboundMail, WebhookCall


class StandardMail(msgspec.Struct):
    """The body of a call. Addresses may carry a name; `headers` is a list of [name, value]."""

    to: str
    sender: str = msgspec.field(name="from", default="")
    message_id: str | None = None
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    in_reply_to: str | None = None
    references: str | list[str] | None = None
    headers: list[tuple[str, str]] = msgspec.field(default_factory=list)


_decoder = msgspec.json.Decoder(StandardMail)


def authenticate(call: WebhookCall, secrets: tuple[str, ...]) -> AuthenticCall:
    """Verify the call against each secret. Raises AuthenticationFailed."""
    return AuthenticCall(dedupe_key=verify_standard_webhook(call, secrets), to_mail=lambda: to_mail(call.body))


def read(call: WebhookCall) -> InboundMail:
    """Map a call that was authentic when it came; see to_mail."""
    return to_mail(call.body)


def to_mail(body: bytes) -> InboundMail:
    """Map the JSON body. Raises Unreadable: `bad_charset`, `bad_json`, `bad_schema`, `no_sender`, `no_recipient`."""
    try:
        mail = _read(body)
    except UnicodeDecodeError:
        raise Unreadable("bad_charset", "The body is not UTF-8") from None
    except msgspec.ValidationError as error:
        raise Unreadable("bad_schema", f"The body is not a mail of the standard format: {error}") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json", f"The body is not JSON: {type(error).__name__}") from None
    references = " ".join(mail.references) if isinstance(mail.references, list) else mail.references or ""
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
    )


def _read(body: bytes) -> StandardMail:
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # JavaScript writes half a surrogate pair where a text was cut inside an emoji; msgspec calls that malformed, json does not.
        return msgspec.convert(json.loads(body), StandardMail)


def _bracketed(ids: str) -> str:
    """Take ids without angle brackets too: JSON callers often leave them away."""
    return " ".join(f"<{each.strip('<>,')}>" for each in ids.split())
