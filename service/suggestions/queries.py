"""What the API reads of suggestions. Every query names the shop: another shop's row does not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.db.ids import NEWEST

_COLUMNS = """
suggestion.id, suggestion.thread AS thread_id, suggestion.message AS message_id, suggestion.status, suggestion.reason_code,
suggestion.kind, suggestion.priority, suggestion.attempt, suggestion.body, suggestion.language, suggestion.intent,
suggestion.needs_human, suggestion.missing_information, suggestion.citations, suggestion.removed, suggestion.model,
suggestion.prompt_version, suggestion.error, suggestion.version, suggestion.created_at, suggestion.queued_at, suggestion.started_at,
suggestion.finished_at
"""

_LIST = f"""
SELECT {_COLUMNS} FROM suggestion
WHERE shop = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""

_LIST_BY_STATUS = f"""
SELECT {_COLUMNS} FROM suggestion
WHERE shop = $1 AND status = $4 AND id < $2 ORDER BY id DESC LIMIT $3
"""

_GET = f"SELECT {_COLUMNS} FROM suggestion WHERE shop = $1 AND id = $2"
_OF_THREAD = f"SELECT {_COLUMNS} FROM suggestion WHERE shop = $1 AND thread = $2 ORDER BY id DESC LIMIT 100"


async def list_suggestions(shop_id: UUID, *, status: str | None, before: UUID = NEWEST, limit: int) -> list[Any]:
    """Return up to limit rows, newest first, those older than `before`."""
    if status is None:
        return list(await fetch(_LIST, shop_id, before, limit))
    return list(await fetch(_LIST_BY_STATUS, shop_id, before, limit, status))


async def get_suggestion(shop_id: UUID, suggestion_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return one row, or None."""
    return await fetch_row(_GET, shop_id, suggestion_id)


async def suggestions_of_thread(shop_id: UUID, thread_id: UUID) -> list[Any]:
    """Return a thread's suggestions, newest first, at most 100."""
    return list(await fetch(_OF_THREAD, shop_id, thread_id))


async def shop_language(shop_id: UUID) -> tuple[str, str]:
    """Return the shop's language and signature."""
    row = await fetch_row("SELECT language, signature FROM shop WHERE id = $1", shop_id)
    return (row["language"], row["signature"]) if row else ("en", "")
