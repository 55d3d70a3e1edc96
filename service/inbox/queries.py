"""What the API reads of messages and threads. Every query names the shop: another shop's row does not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row

MAX_TEXT_LENGTH = 100_000
"""Characters of a message that the API returns; the whole stays stored."""

_MESSAGE_COLUMNS = f"""
id, thread AS thread_id, direction, rfc_message_id, in_reply_to, sender, sender_name, recipient, subject,
left(text, {MAX_TEXT_LENGTH}) AS text, length(text) AS text_length, machine_class, received_at
"""

_THREAD = """
SELECT thread.id, thread.subject, thread.version, thread.created_at, thread.updated_at,
       customer.email AS customer_email, customer.name AS customer_name, customer.vip AS customer_vip
FROM thread JOIN customer ON customer.id = thread.customer WHERE thread.shop = $1 AND thread.id = $2
"""
_MESSAGES = f"""
SELECT * FROM (SELECT {_MESSAGE_COLUMNS} FROM message WHERE shop = $1 AND thread = $2 ORDER BY id DESC LIMIT 100) newest
ORDER BY id
"""
_MESSAGE = f"SELECT {_MESSAGE_COLUMNS} FROM message WHERE shop = $1 AND id = $2"


async def get_thread(shop_id: UUID, thread_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return a thread with its customer, or None."""
    return await fetch_row(_THREAD, shop_id, thread_id)


async def messages_of_thread(shop_id: UUID, thread_id: UUID) -> list[Any]:
    """Return a thread's newest 100 messages, oldest first."""
    return list(await fetch(_MESSAGES, shop_id, thread_id))


async def get_message(shop_id: UUID, message_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return one message, or None."""
    return await fetch_row(_MESSAGE, shop_id, message_id)
