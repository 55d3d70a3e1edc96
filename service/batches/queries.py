"""What is read of batches: their progress, counted anew each time, and the messages that a filter stands for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from service.batches.types import Batch, Filter, SkipReason
from service.db.engine import fetch, fetch_row
from service.db.ids import NEWEST

_COUNTED = """
SELECT found.id, found.state, found.is_provider_batch, found.instruction, found.created_by, cardinality(found.messages) AS total,
       found.position AS expanded, found.skipped, found.error, found.created_at, found.finished_at,
       counted.drafted, counted.failed, counted.waiting, counted.superseded
FROM found CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE status = 'ready') AS drafted, count(*) FILTER (WHERE status = 'failed') AS failed,
           count(*) FILTER (WHERE status IN ('pending', 'queued', 'drafting')) AS waiting,
           count(*) FILTER (WHERE status = 'superseded') AS superseded
    FROM suggestion WHERE suggestion.batch = found.id
) AS counted
"""

_GET = f"WITH found AS (SELECT * FROM batch WHERE shop = $1 AND id = $2) {_COUNTED}"

_LIST = f"""
WITH found AS (SELECT * FROM batch WHERE shop = $1 AND id < $2 ORDER BY id DESC LIMIT $3) {_COUNTED} ORDER BY found.id DESC
"""

# A suggestion is never older than its message: the period's beginning bounds the index, too.
_MATCHING = """
SELECT DISTINCT suggestion.message AS id FROM suggestion JOIN message ON message.id = suggestion.message
WHERE suggestion.shop = $1 AND suggestion.status = ANY($2::text[]) AND suggestion.outcome IS NULL AND suggestion.id >= $4
  AND ($3::text IS NULL OR suggestion.reason_code = $3) AND suggestion.message >= $4 AND suggestion.message < $5
  AND message.direction = 'in' AND message.machine_class IS NULL
  AND NOT EXISTS (SELECT FROM message AS newer WHERE newer.thread = suggestion.thread AND newer.id > suggestion.message
                  AND newer.direction = 'in' AND newer.machine_class IS NULL)
  AND NOT EXISTS (SELECT FROM message AS answer WHERE answer.thread = suggestion.thread AND answer.id > suggestion.message
                  AND answer.direction = 'out' AND answer.in_reply_to = message.rfc_message_id)
ORDER BY suggestion.message LIMIT $6
"""

_skipped = msgspec.json.Decoder(dict[SkipReason, int])


async def get_batch(shop_id: UUID, batch_id: UUID) -> Batch | None:
    """Return a batch and how far it is, or None."""
    row = await fetch_row(_GET, shop_id, batch_id)
    return _batch(row) if row else None


async def list_batches(shop_id: UUID, *, before: UUID = NEWEST, limit: int) -> list[Batch]:
    """Return up to limit batches, newest first, those older than `before`."""
    return [_batch(row) for row in await fetch(_LIST, shop_id, before, limit)]


async def matching_messages(shop_id: UUID, wanted: Filter, *, limit: int) -> list[UUID]:
    """Return up to limit messages that a filter stands for, the oldest first."""
    statuses = [wanted.status] if wanted.status else ["ready", "failed"]
    rows = await fetch(_MATCHING, shop_id, statuses, wanted.reason_code, *wanted.period.ids, limit)
    return [row["id"] for row in rows]


def _batch(row: Any) -> Batch:  # noqa: ANN401 - asyncpg's Record has no types of its own
    return Batch(**{**row, "skipped": _skipped.decode(row["skipped"])})
