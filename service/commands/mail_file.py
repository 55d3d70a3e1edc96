"""A mail file as the webhook that a provider would post: payload and signature. Used by `send` and `demo`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from urllib.parse import urlencode

import msgspec

from service.errors import InvalidInput
from service.providers.signatures import sign_standard_webhook


@dataclass(frozen=True, slots=True)
class SignedCall:
    """An HTTP request, ready to be posted."""

    headers: dict[str, str]
    body: bytes


def signed_call(mail: bytes, *, provider: str, secret: str) -> SignedCall:
    """Return the webhook for an RFC 5322 message. Raises InvalidInput: no sender for it is known."""
    message = BytesParser(policy=default).parsebytes(mail)
    if provider == "standard":
        return _standard(message, secret)
    if provider == "mailgun":
        return _mailgun(message, secret)
    if provider == "mime":
        return sign_standard(mail, secret, content_type="message/rfc822")
    if provider == "postmark":
        return _postmark(message, secret)
    raise InvalidInput(f"Mail files cannot be sent as {provider}")


def sign_standard(body: bytes, secret: str, *, content_type: str = "application/json") -> SignedCall:
    """Return a body with its Standard Webhooks headers."""
    headers = sign_standard_webhook(body, secret, call_id=f"msg_{secrets.token_urlsafe(16)}")
    return SignedCall({"content-type": content_type, **headers}, body)


def _standard(message: EmailMessage, secret: str) -> SignedCall:
    payload = {
        "message_id": _header(message, "message-id"),
        "from": _header(message, "from"),
        "to": _header(message, "to"),
        "subject": _header(message, "subject"),
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
        "in_reply_to": _header(message, "in-reply-to"),
        "references": _header(message, "references"),
        "headers": [[name, str(value)] for name, value in message.items()],
    }
    return sign_standard(msgspec.json.encode(payload), secret)


def _postmark(message: EmailMessage, secret: str) -> SignedCall:
    payload = {
        "From": _header(message, "from"),
        "To": _header(message, "to"),
        "OriginalRecipient": _header(message, "to"),
        "Subject": _header(message, "subject"),
        "MessageID": secrets.token_hex(16),
        "TextBody": _body(message, "plain"),
        "HtmlBody": _body(message, "html"),
        "Headers": [{"Name": name, "Value": str(value)} for name, value in message.items()],
    }
    credentials = base64.b64encode(f"draftdesk:{secret}".encode()).decode()
    headers = {"content-type": "application/json", "authorization": f"Basic {credentials}"}
    return SignedCall(headers, msgspec.json.encode(payload))


def _mailgun(message: EmailMessage, secret: str) -> SignedCall:
    timestamp, token = str(int(time.time())), secrets.token_hex(25)
    fields = {
        "recipient": _header(message, "to"),
        "sender": _header(message, "from"),
        "from": _header(message, "from"),
        "subject": _header(message, "subject"),
        "body-plain": _body(message, "plain"),
        "body-html": _body(message, "html"),
        "message-headers": msgspec.json.encode([[name, str(value)] for name, value in message.items()]).decode(),
        "timestamp": timestamp,
        "token": token,
        "signature": hmac.new(secret.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest(),
    }
    return SignedCall({"content-type": "application/x-www-form-urlencoded"}, urlencode(fields).encode())


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as plain text; the library hands out a type of its own for each kind."""
    return str(message.get(name, ""))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
