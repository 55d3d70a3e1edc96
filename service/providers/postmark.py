"""Postmark's inbound webhook: JSON, unsigned.

The source's secret stands in the webhook's URL: as basic authentication's password (`https://draftdesk:SECRET@...`), or as
`?secret=`.
Postmark counts only 200 as taken, stops at 403 and tries everything else ten times within 10.5 hours: a wrong secret answers 401,
so that a mistake can be mended in that time. Source: postmarkapp.com, "Inbound webhook" and "Webhooks overview".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from urllib.parse import parse_qs

import msgspec

from service.errors import AuthenticationFailed, Unreadable
from service.providers.fields import build_mail, header
from service.providers.types import AuthenticCall, InboundMail, WebhookCall


class PostmarkHeader(msgspec.Struct, rename="pascal"):
    """One header of the mail."""

    name: str
    value: str = ""


class PostmarkMail(msgspec.Struct, rename="pascal"):
    """The body of a call, as far as we read it. `message_id` is Postmark's own, not the mail's."""

    from_: str = msgspec.field(name="From", default="")
    to: str = ""
    original_recipient: str = ""
    subject: str = ""
    text_body: str | None = None
    html_body: str | None = None
    message_id: str = msgspec.field(name="MessageID", default="")
    headers: list[PostmarkHeader] = msgspec.field(default_factory=list)


_decoder = msgspec.json.Decoder(PostmarkMail)


def authenticate(call: WebhookCall, secrets: tuple[str, ...]) -> AuthenticCall:
    """Compare the given secret with each of the source's. Raises AuthenticationFailed."""
    given = _digest(_given_secret(call))
    if not any(hmac.compare_digest(given, _digest(secret)) for secret in secrets):
        raise AuthenticationFailed("The webhook's URL does not hold the source's secret")
    return AuthenticCall(dedupe_key=_dedupe_key(call.body), to_mail=lambda: read(call))


def read(call: WebhookCall) -> InboundMail:
    """Map a call that is authentic. Raises Unreadable: `bad_charset`, `bad_json`, `bad_schema`, `no_sender`, `no_recipient`."""
    try:
        mail = _decoder.decode(call.body)
    except msgspec.ValidationError as error:
        raise Unreadable("bad_schema", f"The body is not a mail of Postmark's: {error}") from None
    except UnicodeDecodeError:
        raise Unreadable("bad_charset", "The body is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json", f"The body is not JSON: {type(error).__name__}") from None
    headers = tuple((each.name, each.value) for each in mail.headers)
    return build_mail(
        message_id=header(headers, "message-id"),
        sender=mail.from_,
        recipient=mail.original_recipient or mail.to,
        subject=mail.subject,
        text=mail.text_body or "",
        html=mail.html_body or "",
        in_reply_to=header(headers, "in-reply-to"),
        references=header(headers, "references"),
        headers=headers,
    )


def _given_secret(call: WebhookCall) -> str:
    scheme, _, credentials = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode("utf-8", "replace").partition(":")[2]
        except (ValueError, binascii.Error):
            return ""
    return parse_qs(call.query[:2_000], max_num_fields=20).get("secret", [""])[0] if call.query.count("&") < 20 else ""


def _digest(secret: str) -> bytes:
    """Return what is compared: of one length, whatever was given, and never equal for an empty secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest() if secret else b""


def _dedupe_key(body: bytes) -> str:
    """Return Postmark's id of the mail; where the body cannot be read, the body's own hash."""
    try:
        own_id = _decoder.decode(body).message_id
    except (ValueError, RecursionError):
        own_id = ""
    return own_id or hashlib.sha256(body).hexdigest()
