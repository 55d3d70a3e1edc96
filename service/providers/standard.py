"""Our own JSON format with a Standard Webhooks signature (standardwebhooks.com, specification 1.0.0).

The signature covers id, timestamp and body; the tolerance is five minutes both ways, and a retry is signed anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time

import msgspec
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from service.errors import AuthenticationFailed, Unreadable
from service.providers.fields import build_mail
from service.providers.types import AuthenticCall, InboundMail, WebhookCall

TOLERANCE_S = 300


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
    """Verify the call against each secret.

    Raises:
        AuthenticationFailed: a header is missing, too old or too new, or no signature matches.
    """
    if not any(_verifies(call, secret) for secret in secrets):
        raise AuthenticationFailed("The webhook's signature does not match, or its timestamp is over 5 minutes off")
    return AuthenticCall(dedupe_key=call.headers["webhook-id"], to_mail=lambda: to_mail(call.body))


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


def _verifies(call: WebhookCall, secret: str) -> bool:
    try:
        Webhook(secret).verify(call.body, dict(call.headers), json_parse=False)
    except UnicodeDecodeError:
        return _verifies_bytes(call, secret)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def _verifies_bytes(call: WebhookCall, secret: str) -> bool:
    """Verify a body that is not UTF-8: the library decodes first, but such a mail is authentic all the same."""
    try:
        sent_at = int(call.headers.get("webhook-timestamp", ""))
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
        given = [
            base64.b64decode(signature)
            for version, _, signature in (each.partition(",") for each in call.headers["webhook-signature"].split(" "))
            if version == "v1"
        ]
        signed = f"{call.headers['webhook-id']}.{sent_at}.".encode() + call.body
    except (KeyError, ValueError, binascii.Error):
        return False
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    is_fresh = abs(time.time() - sent_at) <= TOLERANCE_S
    return is_fresh and any(hmac.compare_digest(expected, each) for each in given)
