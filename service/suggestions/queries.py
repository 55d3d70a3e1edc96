"""What the API reads of suggestions. Every query names the shop: another shop's row does not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.db.ids import NEWEST

_COLUMNS = """
suggestion.id, suggestion.thread AS thread_id, suggestion.message AS message_id, suggestion.status, suggestion.reason_code,
suggestion.kind, suggestion.priority, suggestion.attempt, suggestion.body, suggestion.language, suggestion.intent,
suggestion.needs_human, suggestion.missing_information, suggestion.citations, suggestion.findings, suggestion.blocked_body,
suggestion.removed, suggestion.instruction, suggestion.budget_step, suggestion.model, suggestion.prompt_version, suggestion.error,
CASE WHEN suggestion.claimed_until > now() THEN suggestion.claimed_by END AS claimed_by,
CASE WHEN suggestion.claimed_until > now() THEN suggestion.claimed_until END AS claimed_until,
suggestion.outcome, suggestion.outcome_reason, suggestion.final_body, suggestion.similarity, suggestion.reply AS reply_id,
suggestion.resolved_by, suggestion.resolved_at, suggestion.version, suggestion.created_at, suggestion.queued_at,
suggestion.started_at, suggestion.finished_at
"""

_LIST = f"""
SELECT {_COLUMNS} FROM suggestion
WHERE shop = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""

_LIST_BY_STATUS = f"""
SELECT {_COLUMNS} FROM suggestion
WHERE shop = $1 AND status = $4 AND id < $2 ORDER BY id DESC LIMIT $3
"""

_LIST_OF_THREAD = f"""
SELECT {_COLUMNS} FROM suggestion
WHERE shop = $1 AND thread = $4 AND id < $2 AND ($5::text IS NULL OR status = $5) ORDER BY id DESC LIMIT $3
"""

_GET = f"SELECT {_COLUMNS}, suggestion.disclosed FROM suggestion WHERE shop = $1 AND id = $2"
_SNAPSHOT = "SELECT snapshot::text AS snapshot FROM suggestion WHERE shop = $1 AND id = $2"
_OF_THREAD = f"SELECT {_COLUMNS} FROM suggestion WHERE shop = $1 AND thread = $2 ORDER BY id DESC LIMIT 100"


async def list_suggestions(
    shop_id: UUID, *, status: str | None, thread_id: UUID | None = None, before: UUID = NEWEST, limit: int
) -> list[Any]:
    """Return up to limit rows, newest first, those older than `before`; of a status, of a thread, of both."""
    if thread_id is not None:
        return list(await fetch(_LIST_OF_THREAD, shop_id, before, limit, thread_id, status))
    if status is None:
        return list(await fetch(_LIST, shop_id, before, limit))
    return list(await fetch(_LIST_BY_STATUS, shop_id, before, limit, status))


async def get_suggestion(shop_id: UUID, suggestion_id: UUID) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return one row, or None."""
    return await fetch_row(_GET, shop_id, suggestion_id)


async def get_snapshot(shop_id: UUID, suggestion_id: UUID) -> str | None:
    """Return the JSON of all that the model was told; None when it was told nothing, or there is no such suggestion."""
    row = await fetch_row(_SNAPSHOT, shop_id, suggestion_id)
    return row["snapshot"] if row else None


async def suggestions_of_thread(shop_id: UUID, thread_id: UUID) -> list[Any]:
    """Return a thread's suggestions, newest first, at most 100."""
    return list(await fetch(_OF_THREAD, shop_id, thread_id))
