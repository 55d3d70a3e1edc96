"""The inbox's writing queries, and the arguments of the statement that stores a mail."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.inbox.judgement import JudgedMail
from service.inbox.statements import store_mail_sql
from service.inbox.types import KeptCut, Schedule, StoredMail
from service.providers.types import InboundMail, WebhookCall
from service.shops.types import Source


async def store_mail(
    source: Source,
    call: WebhookCall,
    judged: JudgedMail,
    *,
    dedupe_key: str,
    schedule: Schedule,
    replayed: UUID | None = None,
) -> StoredMail | None:
    """Store delivery, customer, thread, message, attachments and suggestion in one statement; supersede the thread's live ones.

    replayed: the delivery that holds the call; None stores a new one.

    Returns None when the delivery was there already, or is no longer failed. Raises asyncpg.UniqueViolationError when another mail
    of the thread, or a copy of this one, was faster: run it again.
    """
    arguments = store_mail_arguments(source, call, judged, dedupe_key=dedupe_key, schedule=schedule)
    if replayed is not None:
        arguments = (replayed, *arguments[1:])
    row = await fetch_row(store_mail_statement(judged.mail, is_replay=replayed is not None), *arguments)
    if row is None:
        return None
    return StoredMail(row["message_id"], row["suggestion_id"], is_vip=row["priority"] == 0, pause_s=max(row["pause_s"] or 0.0, 0.0))


def store_mail_statement(mail: InboundMail, *, is_replay: bool = False) -> str:
    """Return the statement for a mail with as many attachments as this one."""
    return store_mail_sql(is_replay=is_replay, attachments=len(mail.attachments), has_left_out=bool(mail.left_out))


def store_mail_arguments(
    source: Source, call: WebhookCall, judged: JudgedMail, *, dedupe_key: str, schedule: Schedule
) -> tuple[object, ...]:
    """Return what the statement takes, with new ids, in its order; what attachments need only where there are any."""
    mail = judged.mail
    kept_cuts = [KeptCut(mail.attachments[each.position - 1].sha256.hex(), each) for each in judged.cuts]
    return (
        uuid7(),
        source.shop_id,
        source.id,
        dedupe_key,
        mail.fingerprint(),
        call.received_at,
        call.kept_headers(),
        judged.kept_body,
        uuid7(),
        mail.sender,
        mail.sender_name,
        judged.parent_ids,
        uuid7(),
        uuid7(),
        mail.rfc_message_id,
        mail.in_reply_to,
        mail.references,
        mail.recipient,
        mail.subject,
        mail.text,
        mail.html,
        judged.machine_class,
        uuid7(),
        schedule.head_start_s,
        schedule.pause_s,
        judged.content_sha256,
        judged.other_id,
        judged.thread_ids,
        judged.bounced_id,
        judged.trust.level,
        judged.trust.reasons,
        msgspec.json.encode(kept_cuts).decode() if kept_cuts else None,
        *_attachment_arguments(mail),
    )


def _attachment_arguments(mail: InboundMail) -> Iterator[object]:
    for each in mail.attachments:
        yield from (uuid7(), each.filename, each.content_type, each.content_id, each.sha256, each.content)
    if mail.left_out:
        yield [uuid7() for _ in mail.left_out]
        yield [each.filename for each in mail.left_out]
        yield [each.content_type for each in mail.left_out]
        yield [each.size_bytes for each in mail.left_out]
        yield [each.reason for each in mail.left_out]


async def wait_for_turn(shop_id: UUID, sender: str) -> None:
    """Wait until no other transaction holds this sender's turn, and hold it until ours ends."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{shop_id} {sender}")
