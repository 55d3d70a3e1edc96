"""A raw mail (RFC 5322, RFC 2045 to 2047, 2231) as headers, text, HTML and attachments. Pure; knows no database and no provider.

Total but for Unreadable: a mail is read as far as it can be, and `defects` says what was wrong with it. Time and memory grow
with the size of the mail.
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.errors import Unreadable
from service.mime.attachments import AttachmentRoom, LeftOut, MailAttachment, file_name
from service.mime.charsets import one_line
from service.mime.parts import Leaf, split_parts
from service.mime.words import charset_decoded, parameters, transfer_decoded, unflowed, words_decoded

MAX_FLOWED_LENGTH = 1_000_000
"""Characters whose soft line breaks are joined: a line costs a hundred bytes meanwhile. Nobody types more."""

_ADDRESS_FIELDS = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "bcc", "return-path", "delivered-to", "disposition-notification-to"}
)
_RAW_PREFIXES = (
    "content-",
    "received",
    "authentication-results",
    "arc-",
    "dkim-",
    "message-id",
    "in-reply-to",
    "references",
    "list-",
)
"""Fields that hold no encoded words (RFC 2047 section 5): in them, `=?` is what it is."""

_ESCAPED_FROM = re.compile(r"^>(>*From )", re.MULTILINE)
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_BLANKS = b"\x00 \t\r\n"
_LEAST_PERCENT = {"base64": 72, "quoted-printable": 33}


@dataclass(frozen=True, slots=True)
class ParsedMime:
    """A mail. All text has LF line ends and is free of NUL and lone surrogates.

    Attributes:
        headers: (name, value) in order, unfolded, encoded words read; in address fields what was encoded stands in quotes.
        text: the plain parts in order. Empty when an HTML part outside of any alternative stands beside them: then html has all.
        html: the HTML parts in order.
        attachments, left_out: see AttachmentRoom.
        defects: sorted words, among them bad_base64, bad_charset, bad_header, long_header, missing_end, no_boundary, no_headers,
            too_many_headers, truncated, unknown_charset, unknown_encoding, winmail_dat.
    """

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[MailAttachment, ...]
    left_out: tuple[LeftOut, ...]
    defects: tuple[str, ...]


def parse_mime(raw: bytes) -> ParsedMime:
    """Read a mail.

    Raises:
        Unreadable: `empty`, `too_many_parts` (over 5,000), `too_deep` (over 100). Permanent.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    # A copy of the first kilobyte, where nearly every mail has a word, is cheaper than one of 25 MB.
    if not raw[:1_000].strip(_BLANKS) and not raw.strip(_BLANKS):
        raise Unreadable("empty", "The mail is empty")
    is_from_mbox = raw.startswith((b"From ", b">From "))
    if is_from_mbox:
        raw = raw.partition(b"\n")[2]
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    headers, leaves, found = split_parts(raw)
    defects = set(found)
    bodies = [leaf for leaf in leaves if _is_body(leaf)]
    text, html = _composed([(leaf, _text(raw, leaf, defects)) for leaf in bodies])
    if is_from_mbox:
        # A mailbox file escapes these words at the start of a line; they are no quote.
        text = _ESCAPED_FROM.sub(r"\1", text)
    room = _attachments(raw, (leaf for leaf in leaves if not _is_body(leaf)), defects)
    return ParsedMime(
        headers=tuple((name, _header_text(name, value)) for name, value in headers),
        text=text,
        html=html,
        attachments=tuple(room.kept),
        left_out=tuple(room.left_out),
        defects=tuple(sorted(defects)),
    )


def _header_text(name: str, value: str) -> str:
    lower = name.lower()
    if lower.startswith(_RAW_PREFIXES):
        return value
    decoded = words_decoded(value, is_address=lower.removeprefix("resent-") in _ADDRESS_FIELDS)
    return one_line(decoded)


def _is_body(leaf: Leaf) -> bool:
    if leaf.fields.get("content-disposition", "").lstrip()[:10].lower() == "attachment":
        return False
    if leaf.is_root:
        return leaf.content_type.startswith("text/") and leaf.content_type != "text/calendar"
    return leaf.content_type in {"text/plain", "text/html"} and not _filename(leaf)


def _text(raw: bytes, leaf: Leaf, defects: set[str]) -> str:
    content, defect = transfer_decoded(raw[leaf.start : leaf.end], leaf.fields.get("content-transfer-encoding", ""), is_text=True)
    defects.update({defect} if defect else ())
    charset = leaf.parameters.get("charset", "")
    if not charset and leaf.content_type == "text/html" and (match := _META_CHARSET.search(content, 0, 4_096)):
        charset = match[1].decode("ascii", "replace")
    text, defect = charset_decoded(content, charset)
    defects.update({defect} if defect else ())
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    is_flowed = leaf.content_type != "text/html" and leaf.parameters.get("format", "").lower() == "flowed"
    if is_flowed and len(text) <= MAX_FLOWED_LENGTH:
        text = unflowed(text, del_sp=leaf.parameters.get("delsp", "").lower() == "yes")
    return text


def _composed(bodies: Iterable[tuple[Leaf, str]]) -> tuple[str, str]:
    """Return (text, html) such that the one that is used holds every word: text where there is some, else html."""
    shown = [(leaf, text, leaf.content_type == "text/html") for leaf, text in bodies if text.strip()]
    with_text = {leaf.alternative for leaf, _, is_html in shown if not is_html} - {None}
    with_html = {leaf.alternative for leaf, _, is_html in shown if is_html} - {None}
    texts = [text for _, text, is_html in shown if not is_html]
    htmls = [text for _, text, is_html in shown if is_html]
    if texts and any(is_html and leaf.alternative not in with_text for leaf, _, is_html in shown):
        every = [
            text if is_html else f"<pre>{html_entities.escape(text)}</pre>"
            for leaf, text, is_html in shown
            if is_html or leaf.alternative not in with_html
        ]
        return "", "\n".join(every)
    return "\n".join(texts), "\n".join(htmls)


def _filename(leaf: Leaf) -> str:
    disposition = parameters(leaf.fields.get("content-disposition", ""))
    return file_name(words_decoded(disposition.get("filename") or leaf.parameters.get("name", "")))


def _attachments(raw: bytes, leaves: Iterable[Leaf], defects: set[str]) -> AttachmentRoom:
    room = AttachmentRoom()
    for leaf in leaves:
        filename = _filename(leaf)
        if leaf.content_type == "application/ms-tnef" or filename.lower() == "winmail.dat":
            # Outlook's own format: what the customer attached lies inside, and nobody but Outlook reads it.
            defects.add("winmail_dat")
        encoding = leaf.fields.get("content-transfer-encoding", "")

        def content(leaf: Leaf = leaf, encoding: str = encoding) -> bytes:
            decoded, defect = transfer_decoded(raw[leaf.start : leaf.end], encoding, is_text=False)
            defects.update({defect} if defect else ())
            return decoded

        room.add(
            filename,
            leaf.content_type,
            content_id=leaf.fields.get("content-id", ""),
            reckoned_bytes=_reckoned_bytes(leaf, encoding),
            content=content,
        )
    return room


def _reckoned_bytes(leaf: Leaf, encoding: str) -> int:
    """Return the least that the content can have decoded, for usual line lengths: nothing near a limit is left out by it."""
    size = leaf.end - leaf.start
    return size * _LEAST_PERCENT.get(encoding.strip().lower(), 100) // 100
