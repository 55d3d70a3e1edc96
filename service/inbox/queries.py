"""What the API reads of messages and threads. Every query names the shop: another shop's row does not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.inbox.reply_ids import reply_message_id

MAX_TEXT_LENGTH = 100_000
"""Characters of a message that the API returns; the whole stays stored."""

_ATTACHMENT_COLUMNS = "id, filename, content_type, content_id, size_bytes, encode(sha256, 'hex') AS sha256, left_out"

_MESSAGE_COLUMNS = f"""
message.id, message.thread AS thread_id, message.direction, message.rfc_message_id, message.in_reply_to, message.sender,
message.sender_name, message.recipient, message.subject, left(message.text, {MAX_TEXT_LENGTH}) AS text,
length(message.text) AS text_length, left(message.html, {MAX_TEXT_LENGTH}) AS html, message.machine_class, message.trust,
message.trust_reasons, message.same_id_as AS same_id_as_id,
message.bounced_message AS bounced_message_id, message.received_at,
(SELECT bounce.id FROM message bounce WHERE bounce.bounced_message = message.id ORDER BY bounce.id LIMIT 1) AS bounce_id,
(SELECT json_agg(came ORDER BY came.position) FROM (
    SELECT {_ATTACHMENT_COLUMNS}, position FROM attachment WHERE attachment.message = message.id
    ORDER BY position LIMIT 100) AS came) AS attachments
"""

_THREAD = """
SELECT thread.id, thread.subject, thread.version, thread.linked_thread AS linked_thread_id, thread.created_at, thread.updated_at,
       customer.email AS customer_email, customer.name AS customer_name, customer.vip AS customer_vip
FROM thread JOIN customer ON customer.id = thread.customer WHERE thread.shop = $1 AND thread.id = $2
"""
_MESSAGES = f"""
SELECT * FROM (
    SELECT {_MESSAGE_COLUMNS} FROM message WHERE message.shop = $1 AND message.thread = $2 ORDER BY message.id DESC LIMIT 100
) newest
ORDER BY id
"""
_MESSAGE = f"SELECT {_MESSAGE_COLUMNS} FROM message WHERE message.shop = $1 AND message.id = $2"

_ATTACHMENT = f"SELECT {_ATTACHMENT_COLUMNS}, content FROM attachment WHERE shop = $1 AND id = $2"


async def get_thread(shop_id: UUID, thread_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return a thread with its customer, or None."""
    return await fetch_row(_THREAD, shop_id, thread_id)


async def messages_of_thread(shop_id: UUID, thread_id: UUID) -> list[Any]:
    """Return a thread's newest 100 messages, oldest first."""
    return list(await fetch(_MESSAGES, shop_id, thread_id))


async def get_message(shop_id: UUID, message_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return one message, or None."""
    return await fetch_row(_MESSAGE, shop_id, message_id)


async def get_attachment(shop_id: UUID, attachment_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return one attachment with its content, up to 10 MB; None when there is none. What was left out has no content."""
    return await fetch_row(_ATTACHMENT, shop_id, attachment_id)


async def reply_id_for(shop_id: UUID, thread_id: UUID, suggestion_id: UUID, *, mailbox: str) -> str | None:
    """Return the Message-ID that leads the answer to this suggestion's reply back to its thread; None without a shop's key."""
    row = await fetch_row("SELECT reply_key FROM shop WHERE id = $1", shop_id)
    key = row["reply_key"] if row else None
    return reply_message_id(thread_id, suggestion_id, key=key, mailbox=mailbox) if key else None
