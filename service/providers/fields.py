"""From a provider's fields to the fields of a mail. Pure, and total: whatever the text is, something usable comes out."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import parseaddr

from service.errors import Unreadable
from service.providers.types import InboundMail

MAX_REFERENCES = 100
"""A thread's newest ids; RFC 5322 sets no limit, a sender might."""

MAX_ADDRESS_BYTES = 320
"""64 + "@" + 255 octets (RFC 5321 section 4.5.3.1). Both bounds keep an index entry within PostgreSQL's 2,704 bytes."""

MAX_MESSAGE_ID_BYTES = 998

MAX_DECODED_LENGTH = 10_000
"""Characters of a header that are searched for encoded words or an address: the standard library takes quadratic time over it."""

_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Python's codecs that are none of mail's: some make lone surrogates or warn, and punycode takes quadratic time."""

_MESSAGE_ID = re.compile(r"<([^<>\s]{1,995})>")
_ADDRESS = re.compile(r"[^@\s<>]{1,512}@[^@\s<>]{1,255}")


def clean(text: str) -> str:
    """Return the text without NUL and lone surrogates: PostgreSQL takes neither."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def is_charset(name: str) -> bool:
    """Whether bytes from outside may be decoded with the codec of that name."""
    try:
        return codecs.lookup(name).name.replace("_", "-") not in _NO_CHARSETS
    except (LookupError, ValueError):
        return False


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
    """Return the ids of a References or In-Reply-To header, in order, the newest hundred, without brackets."""
    return tuple(_MESSAGE_ID.findall(value)[-MAX_REFERENCES:])


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
) -> InboundMail:
    """Clean a provider's fields and put them together.

    Raises:
        Unreadable: `no_sender` or `no_recipient`: nobody to answer, or no mailbox it came to.
    """
    name, sender_address = address(clean(sender))
    _, recipient_address = address(clean(recipient))
    if not sender_address:
        raise Unreadable("no_sender", "The mail has no usable From address")
    if not recipient_address:
        raise Unreadable("no_recipient", "The mail has no usable recipient address")
    subject, text = clean(decoded(subject)), clean(text)
    cleaned_headers = tuple((clean(key), clean(value)) for key, value in headers)
    own_id = clean(message_id).strip().strip("<>").strip()
    if not own_id:
        own_id = _generated_id(sender_address, header(cleaned_headers, "date"), subject, text, html)
    elif len(own_id.encode()) > MAX_MESSAGE_ID_BYTES:
        own_id = _generated_id(own_id)
    reply_ids = message_ids(in_reply_to)
    return InboundMail(
        rfc_message_id=own_id,
        in_reply_to=clean(reply_ids[0]) if reply_ids else None,
        references=tuple(clean(each) for each in message_ids(references)),
        sender=sender_address,
        sender_name=name,
        recipient=recipient_address,
        subject=subject,
        text=text,
        html=clean(html) or None,
        headers=cleaned_headers,
    )
