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

from service.commands.mail_parts import AttachedFile, attached_files, body_text, header_pairs, header_text, multipart_form
from service.errors import InvalidInput
from service.providers.wire.signatures import sign_standard_webhook


@dataclass(frozen=True, slots=True)
class SignedCall:
    """An HTTP request, ready to be posted."""

    headers: dict[str, str]
    body: bytes


def signed_call(mail: bytes, *, provider: str, secret: str) -> SignedCall:
    """Return the webhook for an RFC 5322 message, with its attachments. Raises InvalidInput: no sender for it is known."""
    if provider == "mime":
        return sign_standard(mail, secret, content_type="message/rfc822")
    # What a text editor puts in front of a mail would hide its header from the library.
    message = BytesParser(policy=default).parsebytes(mail.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    if provider == "standard":
        return _standard(message, secret)
    if provider == "mailgun":
        return _mailgun(message, secret)
    if provider == "postmark":
        return _postmark(message, secret)
    raise InvalidInput(f"Mail files cannot be sent as {provider}")


def sign_standard(body: bytes, secret: str, *, content_type: str = "application/json") -> SignedCall:
    """Return a body with its Standard Webhooks headers."""
    headers = sign_standard_webhook(body, secret, call_id=f"msg_{secrets.token_urlsafe(16)}")
    return SignedCall({"content-type": content_type, **headers}, body)


def _standard(message: EmailMessage, secret: str) -> SignedCall:
    payload = {
        "message_id": header_text(message, "message-id"),
        "from": header_text(message, "from"),
        "to": header_text(message, "to"),
        "subject": header_text(message, "subject"),
        "text": body_text(message, "plain"),
        "html": body_text(message, "html"),
        "in_reply_to": header_text(message, "in-reply-to"),
        "references": header_text(message, "references"),
        "headers": header_pairs(message),
        "attachments": [
            {
                "filename": file.filename,
                "content_type": file.content_type,
                "content": base64.b64encode(file.content).decode(),
                "content_id": file.content_id,
            }
            for file in attached_files(message)
        ],
    }
    return sign_standard(msgspec.json.encode(payload), secret)


def _postmark(message: EmailMessage, secret: str) -> SignedCall:
    payload = {
        "From": header_text(message, "from"),
        "To": header_text(message, "to"),
        "OriginalRecipient": header_text(message, "to"),
        "Subject": header_text(message, "subject"),
        "MessageID": secrets.token_hex(16),
        "TextBody": body_text(message, "plain"),
        "HtmlBody": body_text(message, "html"),
        "Headers": [{"Name": name, "Value": value} for name, value in header_pairs(message)],
        "Attachments": [
            {
                "Name": file.filename,
                "ContentType": file.content_type,
                "Content": base64.b64encode(file.content).decode(),
                "ContentLength": len(file.content),
                "ContentID": file.content_id,
            }
            for file in attached_files(message)
        ],
    }
    credentials = base64.b64encode(f"draftdesk:{secret}".encode()).decode()
    headers = {"content-type": "application/json", "authorization": f"Basic {credentials}"}
    return SignedCall(headers, msgspec.json.encode(payload))


def _mailgun(message: EmailMessage, secret: str) -> SignedCall:
    timestamp, token = str(int(time.time())), secrets.token_hex(25)
    fields = {
        "recipient": header_text(message, "to"),
        "sender": header_text(message, "from"),
        "from": header_text(message, "from"),
        "subject": header_text(message, "subject"),
        "body-plain": body_text(message, "plain"),
        "body-html": body_text(message, "html"),
        "message-headers": msgspec.json.encode(header_pairs(message)).decode(),
        "timestamp": timestamp,
        "token": token,
        "signature": hmac.new(secret.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest(),
    }
    files = attached_files(message)
    if not files:
        return SignedCall({"content-type": "application/x-www-form-urlencoded"}, urlencode(fields).encode())
    named = {f"attachment-{number}": file for number, file in enumerate(files, 1)}
    fields["attachment-count"] = str(len(files))
    fields["content-id-map"] = msgspec.json.encode(_content_id_map(named)).decode()
    content_type, body = multipart_form(fields, named)
    return SignedCall({"content-type": content_type}, body)


def _content_id_map(named: dict[str, AttachedFile]) -> dict[str, str]:
    return {f"<{file.content_id}>": name for name, file in named.items() if file.content_id}
