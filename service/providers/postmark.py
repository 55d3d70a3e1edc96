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
from service.mime.charsets import clean
from service.providers.types import AuthenticCall, InboundMail, WebhookCall
from service.providers.wire.fields import build_mail, header
from service.providers.wire.json_attachments import AttachmentKeys, read_attachments
from service.providers.wire.json_bodies import read_json

MAX_OWN_ID_LENGTH = 200
"""Postmark's ids are UUIDs; what is longer is none of them."""


class PostmarkHeader(msgspec.Struct, rename="pascal"):
    """One header of the mail."""

    name: str
    value: str | None = None


class PostmarkMail(msgspec.Struct, rename="pascal"):
    """The body of a call, as far as we read it. `attachments` is read by itself: what is wrong there must not cost the mail."""

    from_: str | None = msgspec.field(name="From", default=None)
    to: str | None = None
    original_recipient: str | None = None
    subject: str | None = None
    text_body: str | None = None
    html_body: str | None = None
    headers: list[PostmarkHeader] | None = None
    attachments: object = None


class _OwnId(msgspec.Struct):
    own_id: str = msgspec.field(name="MessageID", default="")


_decoder = msgspec.json.Decoder(PostmarkMail)
_own_id_decoder = msgspec.json.Decoder(_OwnId)
_KEYS = AttachmentKeys(filename="Name", content_type="ContentType", content="Content", content_id="ContentID")


def authenticate(call: WebhookCall, secrets: tuple[str, ...]) -> AuthenticCall:
    """Compare the given secret with each of the source's. Raises AuthenticationFailed."""
    given = _digest(_given_secret(call))
    if not given or not any(hmac.compare_digest(given, _digest(secret)) for secret in secrets):
        raise AuthenticationFailed("The webhook's URL does not hold the source's secret")
    return AuthenticCall(dedupe_key=_dedupe_key(call.body), payload=lambda: read(call))


def read(call: WebhookCall) -> InboundMail:
    """Map a call that is authentic. Raises Unreadable: `bad_charset`, `bad_json`, `bad_schema`, `no_sender`, `no_recipient`."""
    mail = read_json(call.body, _decoder, what="a mail of Postmark's")
    headers = tuple((each.name, each.value or "") for each in mail.headers or ())
    room = read_attachments(mail.attachments, _KEYS)
    return build_mail(
        message_id=header(headers, "message-id"),
        sender=mail.from_ or "",
        recipient=mail.original_recipient or mail.to or "",
        subject=mail.subject or "",
        text=mail.text_body or "",
        html=mail.html_body or "",
        in_reply_to=header(headers, "in-reply-to"),
        references=header(headers, "references"),
        headers=headers,
        attachments=room.kept,
        left_out=room.left_out,
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
    """Return what is compared, of one length whatever was given; empty for an empty secret, which never counts."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest() if secret else b""


def _dedupe_key(body: bytes) -> str:
    """Return Postmark's id of the mail, which is not the mail's own; where it cannot be read, the body's hash."""
    try:
        own_id = clean(read_json(body, _own_id_decoder, what="a mail of Postmark's").own_id)
    except Unreadable:
        own_id = ""
    return own_id if 0 < len(own_id) <= MAX_OWN_ID_LENGTH else hashlib.sha256(body).hexdigest()
