"""A raw mail as InboundMail, for every provider that hands one over."""

from __future__ import annotations

from service.mime.parser import parse_mime
from service.providers.types import InboundMail
from service.providers.wire.fields import build_mail, header

_RECIPIENT_FIELDS = ("delivered-to", "x-original-to", "to")


def read_raw_mail(raw: bytes, *, recipient: str, envelope_sender: str | None) -> InboundMail:
    """Map a mail (RFC 5322).

    envelope_sender: MAIL FROM, `<>` for the null sender; None when the provider does not say.
    recipient: whom the envelope names; empty asks Delivered-To, X-Original-To and To, in that order.

    Raises:
        Unreadable: `empty`, `too_many_parts`, `too_deep`, `no_sender`, `no_recipient`.
    """
    mail = parse_mime(raw)
    recipients = (recipient, *(header(mail.headers, name) for name in _RECIPIENT_FIELDS))
    return build_mail(
        message_id=header(mail.headers, "message-id"),
        sender=header(mail.headers, "from") or header(mail.headers, "sender"),
        recipient=next((each for each in recipients if each), ""),
        subject=header(mail.headers, "subject"),
        text=mail.text,
        html=mail.html,
        in_reply_to=header(mail.headers, "in-reply-to"),
        references=header(mail.headers, "references"),
        headers=mail.headers,
        envelope_sender=envelope_sender,
        attachments=mail.attachments,
        left_out=mail.left_out,
    )
