"""Messages of the shop's own: what an agent sends becomes part of its thread, so that later drafts know of it.

Nothing is mailed here: the shop's own mail program sends it under the message's `rfc_message_id`.
"""

from __future__ import annotations

import re
from uuid import UUID

from service.db.engine import fetch_row
from service.inbox.reply_ids import reply_message_id

MAX_REFERENCES = 50
"""Message-IDs of a References header; the newest lead back to the thread as well as all."""

_REPLY_MARK = re.compile(r"\s*(?:re|aw|antw|sv|vs|odp)\s*:", re.IGNORECASE)

_ANSWERED = """
SELECT message.thread, message.rfc_message_id, message.reference_ids, message.recipient, message.sender, message.subject,
       shop.reply_key
FROM message JOIN shop ON shop.id = message.shop WHERE message.shop = $1 AND message.id = $2
"""

_NEWEST_INBOUND = """
SELECT message.id, customer.email
FROM message JOIN thread ON thread.id = message.thread JOIN customer ON customer.id = thread.customer
WHERE message.shop = $1 AND message.thread = $2 AND message.direction = 'in'
ORDER BY message.machine_class IS NOT NULL, message.id DESC LIMIT 1
"""

_LOCK_THREAD = "SELECT id FROM thread WHERE shop = $1 AND id = $2 FOR NO KEY UPDATE"

_STORE = """
WITH moved_thread AS (
    UPDATE thread SET version = version + 1, updated_at = now() WHERE shop = $2 AND id = $3
)
INSERT INTO message (id, shop, thread, direction, rfc_message_id, in_reply_to, reference_ids, sender, sender_name, recipient,
                     subject, text, trust_reasons, received_at)
VALUES ($1, $2, $3, 'out', $4, $5, $6, $7, '', $8, $9, $10, '{}', now())
"""


async def lock_thread(shop_id: UUID, thread_id: UUID) -> bool:
    """Hold a thread until the transaction ends. False: the shop has no such thread."""
    return await fetch_row(_LOCK_THREAD, shop_id, thread_id) is not None


async def message_to_answer(shop_id: UUID, thread_id: UUID) -> tuple[UUID, str] | None:
    """Return a thread's newest message of its customer, of a machine where no other came, and the customer's address."""
    row = await fetch_row(_NEWEST_INBOUND, shop_id, thread_id)
    return (row["id"], row["email"]) if row else None


async def store_reply(
    shop_id: UUID, message_id: UUID, *, outbound_id: UUID, reply_id: UUID, text: str, recipient: str | None = None
) -> UUID | None:
    """Store the reply to a message as an outbound one of its thread, from the mailbox that got it; None when it is gone.

    outbound_id: the new row's. reply_id: what its Message-ID is made of. recipient: the message's sender where none is given.
    """
    row = await fetch_row(_ANSWERED, shop_id, message_id)
    if row is None:
        return None
    mailbox, key = row["recipient"], row["reply_key"]
    domain = mailbox.rpartition("@")[2] or "draftdesk.invalid"
    await fetch_row(
        _STORE,
        outbound_id,
        shop_id,
        row["thread"],
        reply_message_id(row["thread"], reply_id, key=key, mailbox=mailbox) if key else f"{reply_id}@{domain}",
        row["rfc_message_id"],
        [*row["reference_ids"], row["rfc_message_id"]][-MAX_REFERENCES:],
        mailbox,
        recipient or row["sender"],
        reply_subject(row["subject"]),
        text,
    )
    return outbound_id


def reply_subject(subject: str) -> str:
    """Return the subject of a reply: with one `Re:`, whatever language's mark stands there already."""
    return subject if _REPLY_MARK.match(subject) else f"Re: {subject}".rstrip()
