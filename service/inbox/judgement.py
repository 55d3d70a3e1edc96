"""All that is decided of a mail before it is stored: machine or person, proven or not, which threads it quotes. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from service.inbox.machine_mail import MachineClass, bounced_message_id, machine_class
from service.inbox.reply_ids import quoted_threads
from service.inbox.trust import SenderTrust, sender_trust
from service.mime.cuts import Cut, cut
from service.providers.types import InboundMail
from service.providers.wire.fields import SAME_ID_DOMAIN, normalised_id
from service.shops.types import MAILGUN_HOST, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMail:
    """A mail with what is decided of it.

    Attributes:
        parent_ids: Message-IDs that it answers, the likeliest first: In-Reply-To, then References newest first.
        thread_ids: the threads that our own ids among these name, in the same order.
        bounced_id: the Message-ID that a bounce gives back.
        content_sha256: equal for the same mail from another provider.
        kept_body, cuts: the call's body without what the attachments hold.
        other_id: the id under which it is kept when another mail has its Message-ID; the same at each retry.
    """

    mail: InboundMail
    machine_class: MachineClass | None
    trust: SenderTrust
    parent_ids: tuple[str, ...]
    thread_ids: tuple[UUID, ...]
    bounced_id: str | None
    content_sha256: bytes
    other_id: str
    kept_body: bytes
    cuts: tuple[Cut, ...]


def judge(mail: InboundMail, source: Source, *, body: bytes) -> JudgedMail:
    """Judge a mail by its own words and by what its source may vouch for. Time grows with the size of the call's body."""
    kept_body, cuts = cut(body, [each.content for each in mail.attachments])
    machine = machine_class(
        mail.headers,
        mail.sender,
        own_addresses=source.mailboxes | {mail.recipient},
        envelope_sender=mail.envelope_sender,
    )
    bounced = bounced_message_id(mail.headers, mail.text, mail.attachments) if machine == "bounce" else None
    bounced = normalised_id(bounced) if bounced else None
    parents = dict.fromkeys(each for each in (bounced, mail.in_reply_to, *reversed(mail.references)) if each)
    content = mail.content_sha256()
    return JudgedMail(
        mail=mail,
        machine_class=machine,
        trust=sender_trust(
            mail.sender,
            mail.headers,
            envelope_sender=mail.envelope_sender,
            # `mailgun` stands for Mailgun's own fields: no host is called so, but a sender could write that one is.
            trusted_hosts=source.trusted_hosts - {MAILGUN_HOST},
            via_mailgun=source.provider == "mailgun" and MAILGUN_HOST in source.trusted_hosts,
        ),
        parent_ids=tuple(parents),
        thread_ids=quoted_threads(parents, key=source.reply_key),
        bounced_id=bounced,
        content_sha256=content,
        other_id=f"{hashlib.sha256(mail.rfc_message_id.encode() + content).hexdigest()}{SAME_ID_DOMAIN}",
        kept_body=kept_body,
        cuts=cuts,
    )
