"""Who wrote: a person or a machine? Pure. A machine is never answered: that is how loops begin.

Source: RFC 3834 section 5 (Auto-Submitted), RFC 2369 and 2919 (List-*), RFC 3464 and 5321 section 4.5.5 (delivery reports and the
null sender), RFC 8098 (read receipts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from service.mime.attachments import MailAttachment
from service.mime.words import words_decoded

MachineClass = Literal["auto_reply", "bulk", "bounce", "own_mail"]

_BULK_PRECEDENCE = {"bulk", "list", "junk"}
_AUTO_PRECEDENCE = {"auto_reply", "auto-reply"}
_ROBOTS = {"mailer-daemon", "mailerdaemon", "mail-daemon", "postmaster", "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e"}
_RETURN_PATHS = ("return-path", "x-envelope-from")
_AUTO_REPLY_FIELDS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-mail-autoreply", "x-autoreply-from")

_NOT_AUTOMATIC = re.compile(r"no(?![\w-])")
_REPORT_TYPE = re.compile(r'report-type\s{0,9}=\s{0,9}"?([\w-]{1,40})')

_OUT_OF_OFFICE = re.compile(
    "(?:"
    "automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|out of (?:the )?office(?: auto-?reply| reply)?"
    "|automatische (?:antwort|rückmeldung)|abwesenheits(?:notiz|nachricht|mitteilung|meldung|agent|assistent)|abwesend"
    "|réponse automatique|message d['\u2019]absence|absence du bureau|(?:notification|avis) d['\u2019]absence"
    "|respuesta automática|fuera de (?:la )?oficina|risposta automatica|fuori (?:sede|ufficio)"
    "|automatisch (?:antwoord|bericht)|afwezig(?:heids(?:bericht|melding))?"
    "|resposta automática|fora do escritório|ausência temporária"
    "|automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|poza biurem"
    "|自動応答|自動返信|不在通知|不在のお知らせ"
    ")[ \u00a0]{0,3}(?:[:\uff1a\\]】]|-[ \u00a0]|$)",
    re.IGNORECASE,
)
"""The whole phrase at the start, then a colon, a dash or the end: "Out of office chairs?" is a customer's question."""

_ORIGINAL_TYPES = {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
_MAX_ORIGINAL_HEADER_BYTES = 65_536
_MAX_BOUNCE_TEXT_LENGTH = 200_000
_ID = r"[ \t]{0,9}(?:\r?\n[ \t]{1,9})?<([^<>\s]{1,995})>"
_ORIGINAL_ID = re.compile(rb"^message-id:" + _ID.encode(), re.IGNORECASE | re.MULTILINE)
_REPORTED_ID = re.compile(rb"^(?:x-)?original-message-id:" + _ID.encode(), re.IGNORECASE | re.MULTILINE)
_COPIED_ID = re.compile(r"^[> \t]{0,20}message-id:" + _ID, re.IGNORECASE | re.MULTILINE)
_HEADER_ID = re.compile(r"<([^<>\s]{1,995})>")
_BLANK_LINE = re.compile(rb"\n\r?\n")


def machine_class(
    headers: Iterable[tuple[str, str]],
    sender: str,
    *,
    own_addresses: frozenset[str] = frozenset(),
    envelope_sender: str | None = None,
) -> MachineClass | None:
    """Classify a mail by its headers and sender address; None: a person wrote it.

    own_addresses: the shop's mailboxes, lower case; mail from one of them is ours, come back by a forward or a copy.
    envelope_sender: "" is the null sender; None when it is not known.
    """
    # X-Auto-Response-Suppress is not asked: it says "do not answer me by machine", and Exchange sets it on people's mail as well as
    # on its own. What Exchange sends by itself carries Auto-Submitted, a null sender or one of the subjects below.
    known: dict[str, list[str]] = {}
    for name, value in headers:
        known.setdefault(name.lower(), []).append(words_decoded(value).strip().lower())
    if sender.lower() in own_addresses:
        return "own_mail"
    report = _report_type(known)
    if report is not None and report not in {"", "delivery-status"}:
        return "auto_reply"
    if report is not None or sender.partition("@")[0].lower() in _ROBOTS or envelope_sender == "" or _is_returned(known):
        return "bounce"
    if _is_auto_reply(known):
        return "auto_reply"
    if _BULK_PRECEDENCE.intersection(known.get("precedence", ())) or any(name.startswith("list-") for name in known):
        return "bulk"
    return None


def _report_type(known: Mapping[str, list[str]]) -> str | None:
    """Return the type of a multipart/report, "" when it names none; None for other mail."""
    content_type = known.get("content-type", [""])[0]
    if content_type.startswith("message/delivery-status"):
        return "delivery-status"
    if not content_type.startswith("multipart/report"):
        return None
    match = _REPORT_TYPE.search(content_type)
    return match[1] if match else ""


def _is_returned(known: Mapping[str, list[str]]) -> bool:
    if "x-failed-recipients" in known:
        return True
    paths = {path.replace(" ", "") for name in _RETURN_PATHS for path in known.get(name, ())}
    return "<>" in paths or any(path.strip("<>").partition("@")[0] == "mailer-daemon" for path in paths)


def _is_auto_reply(known: Mapping[str, list[str]]) -> bool:
    if any(not _NOT_AUTOMATIC.match(value) for value in known.get("auto-submitted", ())):
        return True
    if any(value != "no" for name in _AUTO_REPLY_FIELDS for value in known.get(name, ())):
        return True
    if _AUTO_PRECEDENCE.intersection(known.get("precedence", ())):
        return True
    return any(_OUT_OF_OFFICE.match(value.lstrip("[【 ")) for value in known.get("subject", ()))


def bounced_message_id(headers: Iterable[tuple[str, str]], text: str, attachments: Iterable[MailAttachment]) -> str | None:
    """Return the Message-ID, without brackets, of the mail that a bounce gives back; None when it does not say.

    Looked for in the returned mail or its header (RFC 3462), the report's own fields, the header that some servers copy into the
    text, and last In-Reply-To and References. Anyone can write a bounce: match the id within the shop, believe nothing else of it.
    """
    kept = tuple(attachments)
    returned = (_id_in(_header_of(each), _ORIGINAL_ID) for each in kept if each.content_type in _ORIGINAL_TYPES)
    reported = (_id_in(_top_of(each), _REPORTED_ID) for each in kept if each.content_type.startswith("message/"))
    found = next((each for each in (*returned, *reported) if each), None)
    if found is not None:
        return found
    copied = _COPIED_ID.search(text[:_MAX_BOUNCE_TEXT_LENGTH])
    if copied is not None:
        return copied[1]
    known = {name.lower(): value for name, value in headers}
    ids = _HEADER_ID.findall(known.get("in-reply-to", "")) or _HEADER_ID.findall(known.get("references", ""))[-1:]
    return ids[0] if ids else None


def _top_of(attachment: MailAttachment) -> bytes:
    return attachment.content[:_MAX_ORIGINAL_HEADER_BYTES].lstrip(b"\r\n")


def _header_of(attachment: MailAttachment) -> bytes:
    """Return the returned mail's header: what its body quotes is another mail's."""
    top = _top_of(attachment)
    end = _BLANK_LINE.search(top)
    return top[: end.start() + 1] if end else top


def _id_in(content: bytes, pattern: re.Pattern[bytes]) -> str | None:
    match = pattern.search(content)
    return match[1].decode("utf-8", "replace").replace("\x00", "") if match else None
