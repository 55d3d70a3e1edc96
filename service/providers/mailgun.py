"""Mailgun's inbound routes (`forward()`): urlencoded without attachments, multipart with them, raw when the URL ends in `mime`.

The signature is the hex HMAC-SHA256 of timestamp + token under the webhook signing key. It does NOT cover the body, so a token
counts once: the delivery's unique key consumes it in the transaction that stores the mail. Mailgun's retries, for about 8 hours,
carry the first attempt's timestamp, hence the wide window. Source: documentation.mailgun.com, "Receiving, forwarding and
storing messages" and "Securing webhooks".
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping

import msgspec

from service.errors import AuthenticationFailed, Unreadable
from service.mime.attachments import AttachmentRoom
from service.providers.types import AuthenticCall, InboundMail, WebhookCall
from service.providers.wire.fields import build_mail, header
from service.providers.wire.forms import Form, read_form
from service.providers.wire.raw_mail import read_raw_mail

MAX_AGE_S = 12 * 3600
MAX_CLOCK_SKEW_S = 600

_headers_decoder = msgspec.json.Decoder(list[tuple[str, str]])
_content_ids_decoder = msgspec.json.Decoder(dict[str, str])


def authenticate(call: WebhookCall, secrets: tuple[str, ...]) -> AuthenticCall:
    """Verify timestamp and token against each signing key.

    Raises:
        AuthenticationFailed: fields missing, older than 12 hours, or signed with another key.
    """
    form = _form(call)
    timestamp, token = form.fields.get("timestamp", ""), form.fields.get("token", "")
    signature = form.fields.get("signature", "").encode()
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and 0 < len(token) <= 200):
        raise AuthenticationFailed("The call has no usable timestamp and token")
    signed = f"{timestamp}{token}".encode()
    expected = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode() for secret in secrets]
    if not any(hmac.compare_digest(each, signature) for each in expected):
        raise AuthenticationFailed("The webhook's signature does not match the source's signing key")
    if not -MAX_CLOCK_SKEW_S <= time.time() - int(timestamp) <= MAX_AGE_S:
        raise AuthenticationFailed("The webhook's timestamp is over 12 hours old")
    return AuthenticCall(dedupe_key=token, payload=lambda: to_mail(form), is_replayable=True)


def read(call: WebhookCall) -> InboundMail:
    """Map a call that was authentic when it came; see to_mail."""
    return to_mail(_form(call))


def to_mail(form: Form) -> InboundMail:
    """Map the form; any file in it is an attachment.

    Raises:
        Unreadable: `truncated_body`, `too_many_parts`, `no_sender`, `no_recipient`, or those of read_raw_mail.
    """
    if form.defect:
        raise Unreadable(form.defect, "The multipart body ends before its last boundary, or has over 5,000 parts")
    fields = form.fields
    if form.raw_mail is not None:
        raw = bytes(form.raw_mail)
        return read_raw_mail(raw, recipient=fields.get("recipient", ""), envelope_sender=fields.get("sender") or None)
    headers = _headers(fields)
    room = _attachments(form)
    return build_mail(
        message_id=header(headers, "message-id") or fields.get("Message-Id", ""),
        sender=fields.get("from") or header(headers, "from") or fields.get("sender", ""),
        recipient=fields.get("recipient", ""),
        subject=fields.get("subject") or header(headers, "subject"),
        text="" if _is_html_alone(headers, fields) else fields.get("body-plain", ""),
        html=fields.get("body-html", ""),
        in_reply_to=header(headers, "in-reply-to") or fields.get("In-Reply-To", ""),
        references=header(headers, "references") or fields.get("References", ""),
        headers=headers,
        # Mailgun's `sender` is the envelope's; an empty field is no null sender, which is `<>`.
        envelope_sender=fields.get("sender") or None,
        attachments=room.kept,
        left_out=room.left_out,
    )


def _is_html_alone(headers: Iterable[tuple[str, str]], fields: Mapping[str, str]) -> bool:
    """Whether Mailgun made the plain text from the HTML: then it has the words too that a reader of the mail does not see."""
    return bool(fields.get("body-html")) and header(headers, "content-type").lower().startswith("text/html")


def _attachments(form: Form) -> AttachmentRoom:
    room = AttachmentRoom()
    content_ids = _content_ids(form.fields)
    for file in form.files:
        room.add(
            file.filename or "",
            file.content_type,
            content_id=content_ids.get(file.name, ""),
            reckoned_bytes=len(file.content),
            content=file.content.tobytes,
        )
    return room


def _content_ids(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the content id of each file by the name of its field; none when Mailgun's JSON object is missing or broken."""
    try:
        names = _content_ids_decoder.decode(fields.get("content-id-map", "").encode("utf-8", "replace"))
    except msgspec.DecodeError:
        return {}
    return {name: content_id for content_id, name in names.items()}


def _form(call: WebhookCall) -> Form:
    return read_form(call.headers.get("content-type", ""), call.body)


def _headers(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the mail's own headers; where Mailgun's JSON list is missing or broken, those that it also sends as fields."""
    try:
        return tuple(_headers_decoder.decode(fields.get("message-headers", "").encode("utf-8", "replace")))
    except msgspec.DecodeError:
        return tuple((name, value) for name, value in fields.items() if name[:1].isupper())
