"""Threads held until the transaction ends: before their suggestions, in one order, as all who write to a thread do.

So nobody waits for another in a ring. For one thread alone see `inbox.outbound.lock_thread`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.db.engine import fetch

_OF_SUGGESTIONS = """
SELECT id FROM thread
WHERE shop = $1 AND id IN (SELECT thread FROM suggestion WHERE shop = $1 AND id = ANY($2::uuid[])) ORDER BY id FOR NO KEY UPDATE
"""

_OF_MESSAGES = """
SELECT id FROM thread
WHERE shop = $1 AND id IN (SELECT thread FROM message WHERE shop = $1 AND id = ANY($2::uuid[])) ORDER BY id FOR NO KEY UPDATE
"""


async def lock_threads_of_suggestions(shop_id: UUID, suggestion_ids: Sequence[UUID]) -> None:
    """Hold the threads of these suggestions of the shop."""
    await fetch(_OF_SUGGESTIONS, shop_id, list(suggestion_ids))


async def lock_threads_of_messages(shop_id: UUID, message_ids: Sequence[UUID]) -> None:
    """Hold the threads of these messages of the shop."""
    await fetch(_OF_MESSAGES, shop_id, list(message_ids))
