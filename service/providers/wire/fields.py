"""From a provider's fields to the fields of a mail. Pure, and total: whatever the text is, something usable comes out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import parseaddr

from service.errors import Unreadable
from service.mime.attachments import LeftOut, MailAttachment
from service.mime.charsets import clean, is_charset, one_line
from service.providers.types import InboundMail

MAX_REFERENCES = 100
"""A thread's newest ids; RFC 5322 sets no limit, a sender might."""

MAX_ADDRESS_BYTES = 320
"""64 + "@" + 255 octets (RFC 5321 section 4.5.3.1). Both bounds keep an index entry within PostgreSQL's 2,704 bytes."""

MAX_MESSAGE_ID_BYTES = 998
SAME_ID_DOMAIN = "@same-id.invalid"
"""Of ids that we give to mails whose own is taken: a sender who could write one might take it before."""

MAX_DECODED_LENGTH = 10_000
"""Characters of a header that are searched for encoded words or an address: the standard library takes quadratic time over it."""

_MESSAGE_ID = re.compile(r"<([^<>\s]{1,995})>")
_ADDRESS = re.compile(r"[^@\s<>]{1,512}@[^@\s<>]{1,255}")


def decoded(value: str) -> str:
    """Return a header's value with its encoded words read (RFC 2047); as it stands when they are broken or it is very long."""
    if "=?" not in value or len(value) > MAX_DECODED_LENGTH:
        return value.strip()
    try:
        parts = decode_header(value)
        if not all(is_charset(charset) for _, charset in parts if charset):
            return value.strip()
        return clean(str(make_header(parts))).strip()
    except (MessageError, LookupError, ValueError):
        return value.strip()


def address(value: str) -> tuple[str, str]:
    """Split `Name <a@b>` into (name, address in lower case); the address is "" when there is none within 10,000 characters."""
    value = value[:MAX_DECODED_LENGTH]
    try:
        # Decoded only afterwards: an encoded word may hold `@` and `<`, and would pose as the address (RFC 2047 section 5).
        name, found = parseaddr(value)
        name = decoded(name)
    except RecursionError:
        # Comments may nest (RFC 5322 section 3.2.2); nobody's do a thousand times.
        name, found = "", ""
    if not _ADDRESS.fullmatch(found):
        match = _ADDRESS.search(value)
        found = match.group() if match else ""
    found = found.lower()
    return name.strip(), found if len(found.encode()) <= MAX_ADDRESS_BYTES else ""


def message_ids(value: str) -> tuple[str, ...]:
    """Return the ids of a References or In-Reply-To header, in order, the newest hundred, normalised."""
    return tuple(normalised_id(each) for each in _MESSAGE_ID.findall(value)[-MAX_REFERENCES:])


def normalised_id(value: str) -> str:
    """Return a Message-ID without brackets and white space, its domain in lower case; gateways change these on the way."""
    bare = "".join(value.split()).strip("<>")
    local, at, domain = bare.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return the first header of that name (lower case), or ""."""
    return next((value for key, value in headers if key.lower() == name), "")


def _generated_id(*parts: str) -> str:
    """Return an id made from the content, the same for every retry: a random one would double the mail."""
    return f"{hashlib.sha256(chr(0).join(parts).encode('utf-8', 'replace')).hexdigest()}@generated.invalid"


def build_mail(
    *,
    message_id: str,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    in_reply_to: str,
    references: str,
    headers: tuple[tuple[str, str], ...],
    envelope_sender: str | None = None,
    attachments: Sequence[MailAttachment] = (),
    left_out: Sequence[LeftOut] = (),
) -> InboundMail:
    """Clean a provider's fields and put them together.

    envelope_sender: "<>" or "" is the null sender, None means not known.

    Raises:
        Unreadable: `no_sender` or `no_recipient`: nobody to answer, or no mailbox it came to.
    """
    name, sender_address = address(clean(sender))
    _, recipient_address = address(clean(recipient))
    if not sender_address:
        raise Unreadable("no_sender", "The mail has no usable From address")
    if not recipient_address:
        raise Unreadable("no_recipient", "The mail has no usable recipient address")
    subject, text = one_line(clean(decoded(subject))).strip(), clean(text)
    cleaned_headers = tuple((clean(key), clean(value)) for key, value in headers)
    own_id = normalised_id(clean(message_id))
    if not own_id:
        own_id = _generated_id(sender_address, header(cleaned_headers, "date"), subject, text, html)
    elif len(own_id.encode()) > MAX_MESSAGE_ID_BYTES or own_id.endswith(SAME_ID_DOMAIN):
        own_id = _generated_id(own_id)
    reply_ids = message_ids(in_reply_to)
    return InboundMail(
        rfc_message_id=own_id,
        in_reply_to=clean(reply_ids[0]) if reply_ids else None,
        references=tuple(clean(each) for each in message_ids(references)),
        sender=sender_address,
        sender_name=one_line(name).strip(),
        recipient=recipient_address,
        subject=subject,
        text=text,
        html=clean(html) or None,
        headers=cleaned_headers,
        envelope_sender=None if envelope_sender is None else address(clean(envelope_sender))[1],
        attachments=tuple(attachments),
        left_out=tuple(left_out),
    )
