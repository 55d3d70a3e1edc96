"""The inbox's queries. The mail's own is one statement: it is the hot path, and one round trip is one transaction."""

from __future__ import annotations

from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.inbox.types import StoredMail
from service.providers.types import InboundMail, WebhookCall
from service.shops.types import Source

# The sub-statements see one snapshot, and foreign keys are checked at the statement's end, so their order does not matter.
# Two mails of one thread at once both see no live suggestion; the unique index lets one of them win and the other runs again.
_NEW_DELIVERY = """
WITH taken_delivery AS (
    INSERT INTO delivery (id, shop, source, dedupe_key, fingerprint, received_at, headers, body, outcome)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'stored')
    ON CONFLICT (source, dedupe_key) DO NOTHING
    RETURNING id
)"""

# A replay: of two at once the second finds the delivery no longer failed.
_KEPT_DELIVERY = """
WITH taken_delivery AS (
    UPDATE delivery SET outcome = 'stored', reason = NULL, fingerprint = $5, headers = $7, body = $8
    WHERE id = $1 AND shop = $2 AND source = $3 AND dedupe_key = $4 AND outcome = 'failed'
    RETURNING id
)"""

_MAIL = """, known_customer AS (
    SELECT id, vip FROM customer WHERE shop = $2 AND email = $10
), new_customer AS (
    INSERT INTO customer (id, shop, email, name, vip, created_at)
    SELECT $9, $2, $10, $11, false, now() FROM taken_delivery WHERE NOT EXISTS (SELECT FROM known_customer)
    ON CONFLICT (shop, email) DO UPDATE SET email = excluded.email
    RETURNING id, vip
), writer AS (
    SELECT id, vip FROM known_customer UNION ALL SELECT id, vip FROM new_customer
), joined_thread AS (
    SELECT earlier.thread AS id
    FROM message earlier JOIN thread ON thread.id = earlier.thread JOIN known_customer ON known_customer.id = thread.customer
    WHERE earlier.shop = $2 AND earlier.rfc_message_id = ANY($12::text[])
    ORDER BY array_position($12::text[], earlier.rfc_message_id)
    LIMIT 1
), new_message AS (
    INSERT INTO message (id, shop, thread, delivery, direction, rfc_message_id, in_reply_to, reference_ids, sender, sender_name,
                         recipient, subject, text, html, machine_class, received_at)
    SELECT $13, $2, coalesce((SELECT id FROM joined_thread), $14), taken_delivery.id, 'in', $15, $16, $17, $10, $11,
           $18, $19, $20, $21, $22, $6
    FROM taken_delivery
    ON CONFLICT (shop, recipient, rfc_message_id) DO NOTHING
    RETURNING id, thread
), new_thread AS (
    INSERT INTO thread (id, shop, customer, subject, version, created_at, updated_at)
    SELECT new_message.thread, $2, writer.id, $19, 1, $6, $6 FROM new_message, writer WHERE NOT EXISTS (SELECT FROM joined_thread)
), moved_thread AS (
    UPDATE thread SET version = thread.version + 1, updated_at = $6
    FROM new_message WHERE thread.id = new_message.thread AND EXISTS (SELECT FROM joined_thread)
), overtaken AS (
    UPDATE suggestion
    SET status = 'superseded', reason_code = 'superseded', lease_token = NULL, lease_until = NULL, next_send_at = NULL,
        finished_at = now(), version = suggestion.version + 1
    FROM new_message
    WHERE suggestion.thread = new_message.thread AND suggestion.status IN ('pending', 'queued', 'drafting', 'ready')
      AND $22::text IS NULL AND EXISTS (SELECT FROM joined_thread)
    RETURNING suggestion.id
), new_suggestion AS (
    INSERT INTO suggestion (id, shop, thread, message, status, reason_code, priority, attempt, sends, missing_information,
                            citations, version, next_send_at, created_at, finished_at)
    SELECT $23, $2, new_message.thread, new_message.id,
           CASE WHEN $22::text IS NULL THEN 'pending' ELSE 'skipped' END,
           CASE WHEN $22::text IS NOT NULL THEN 'machine_mail' END,
           CASE WHEN writer.vip THEN 0 ELSE 10 END, 0, 0, '{}', '[]', 1,
           CASE WHEN $22::text IS NULL THEN now() + make_interval(secs => $24) END, $6,
           CASE WHEN $22::text IS NOT NULL THEN now() END
    FROM new_message, writer, (SELECT count(*) FROM overtaken) AS superseded_first
    RETURNING id, priority
)
SELECT taken_delivery.id AS delivery_id, new_message.id AS message_id, new_suggestion.id AS suggestion_id, new_suggestion.priority
FROM taken_delivery LEFT JOIN new_message ON true LEFT JOIN new_suggestion ON true
"""

STORE_MAIL = _NEW_DELIVERY + _MAIL
_REPLAY_MAIL = _KEPT_DELIVERY + _MAIL

_STORE_UNREADABLE = """
INSERT INTO delivery (id, shop, source, dedupe_key, fingerprint, received_at, headers, body, outcome, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'failed', $9)
ON CONFLICT (source, dedupe_key) DO NOTHING
RETURNING id
"""

SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
"""Never kept with a delivery."""


async def store_mail(
    source: Source,
    call: WebhookCall,
    mail: InboundMail,
    *,
    dedupe_key: str,
    machine_class: str | None,
    head_start_s: float,
    replayed: UUID | None = None,
) -> StoredMail | None:
    """Store delivery, customer, thread, message and suggestion in one statement; supersede the thread's live suggestions.

    replayed: the failed delivery that holds the call; None stores a new one.

    Returns None when the delivery was there already, or is no longer failed. Raises asyncpg.UniqueViolationError when another mail
    of the thread was faster: run it again.
    """
    arguments = store_mail_arguments(
        source, call, mail, dedupe_key=dedupe_key, machine_class=machine_class, head_start_s=head_start_s
    )
    if replayed is None:
        row = await fetch_row(STORE_MAIL, *arguments)
    else:
        row = await fetch_row(_REPLAY_MAIL, replayed, *arguments[1:])
    if row is None:
        return None
    return StoredMail(row["delivery_id"], row["message_id"], row["suggestion_id"], is_vip=row["priority"] == 0)


def store_mail_arguments(
    source: Source,
    call: WebhookCall,
    mail: InboundMail,
    *,
    dedupe_key: str,
    machine_class: str | None,
    head_start_s: float,
) -> tuple[object, ...]:
    """Return what STORE_MAIL takes, with new ids, in its order."""
    parents = (mail.in_reply_to, *reversed(mail.references)) if mail.in_reply_to else tuple(reversed(mail.references))
    return (
        uuid7(),
        source.shop_id,
        source.id,
        dedupe_key,
        mail.fingerprint(),
        call.received_at,
        _kept_headers(call),
        call.body,
        uuid7(),
        mail.sender,
        mail.sender_name,
        parents,
        uuid7(),
        uuid7(),
        mail.rfc_message_id,
        mail.in_reply_to,
        mail.references,
        mail.recipient,
        mail.subject,
        mail.text,
        mail.html,
        machine_class,
        uuid7(),
        head_start_s,
    )


async def store_unreadable(source: Source, call: WebhookCall, *, dedupe_key: str, fingerprint: bytes, reason: str) -> bool:
    """Keep a call that is no mail, with its reason. Returns False when it was there already."""
    row = await fetch_row(
        _STORE_UNREADABLE,
        uuid7(),
        source.shop_id,
        source.id,
        dedupe_key,
        fingerprint,
        call.received_at,
        _kept_headers(call),
        call.body,
        reason,
    )
    return row is not None


async def wait_for_turn(shop_id: UUID, sender: str) -> None:
    """Wait until no other transaction holds this sender's turn, and hold it until ours ends."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{shop_id} {sender}")


async def mark_duplicate(delivery_id: UUID) -> None:
    """Say of a delivery that its mail had come before."""
    await fetch("UPDATE delivery SET outcome = 'duplicate' WHERE id = $1", delivery_id)


async def delivery_fingerprint(source_id: UUID, dedupe_key: str) -> bytes | None:
    """Return what the delivery of that key held, to tell a retry from a replayed signature."""
    row = await fetch_row("SELECT fingerprint FROM delivery WHERE source = $1 AND dedupe_key = $2", source_id, dedupe_key)
    return row["fingerprint"] if row else None


def _kept_headers(call: WebhookCall) -> str:
    kept = {name: value.replace("\x00", "") for name, value in call.headers.items() if name not in SECRET_HEADERS}
    return msgspec.json.encode(kept).decode()
