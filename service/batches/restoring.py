"""A batch leaves no thread worse off: what it superseded comes back where its own suggestion is not to be.

A batch's suggestion is made in the transaction that ends its predecessors: they ended at the very moment at which it began, and by
that it knows them again. Whatever has happened to a predecessor or in the thread since then is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog

from service.db.engine import fetch
from service.db.unit_of_work import unit_of_work
from service.suggestions.thread_locks import lock_threads_of_suggestions

PART = 50

_IS_PREDECESSOR = """
old.thread = new.thread AND old.message = new.message AND old.id <> new.id AND old.status = 'superseded' AND old.outcome IS NULL
AND new.outcome IS NULL AND old.finished_at = new.created_at
"""

_IS_FREE = """
NOT EXISTS (SELECT FROM suggestion AS other WHERE other.thread = new.thread AND other.outcome IS NULL
            AND (other.status IN ('pending', 'queued', 'drafting') OR (other.status = 'ready' AND other.claimed_by IS NULL)
                 OR other.claimed_until > now()))
AND NOT EXISTS (SELECT FROM message AS newer WHERE newer.thread = new.thread AND newer.id > new.message
                AND newer.direction = 'in' AND newer.machine_class IS NULL)
AND NOT EXISTS (SELECT FROM message AS answer JOIN message AS asked ON asked.id = new.message
                WHERE answer.thread = new.thread AND answer.id > new.message
                AND answer.direction = 'out' AND answer.in_reply_to = asked.rfc_message_id)
"""

_WAITING = "SELECT id FROM suggestion WHERE shop = $1 AND batch = $2 AND status IN ('pending', 'queued') LIMIT $3"

_FAILED = f"""
SELECT new.id FROM suggestion AS new
WHERE new.shop = $1 AND new.batch = $2 AND new.status = 'failed' AND new.outcome IS NULL
  AND EXISTS (SELECT FROM suggestion AS old WHERE {_IS_PREDECESSOR} AND old.kind = 'ai') AND {_IS_FREE}
LIMIT $3
"""

_END = """
UPDATE suggestion
SET status = 'superseded', reason_code = 'superseded', lease_token = NULL, lease_until = NULL, next_send_at = NULL,
    finished_at = now(), version = version + 1
WHERE shop = $1 AND id = ANY($2::uuid[]) AND status IN ('pending', 'queued')
RETURNING id
"""

# A draft is compared with today's orders at once: nobody has marked it while it was superseded.
_RESTORE = f"""
UPDATE suggestion AS old
SET status = CASE WHEN old.kind = 'ai' THEN 'ready' ELSE 'failed' END,
    reason_code = CASE WHEN old.kind = 'ai' THEN NULL ELSE old.reason_code END,
    recheck_at = CASE WHEN old.kind = 'ai' THEN now() END, finished_at = now(), version = old.version + 1
FROM suggestion AS new
WHERE new.shop = $1 AND new.id = ANY($2::uuid[]) AND {_IS_PREDECESSOR} AND {_IS_FREE} AND (old.kind = 'ai' OR $3)
RETURNING old.id
"""

log = structlog.get_logger()


async def end_waiting(shop_id: UUID, batch_id: UUID) -> bool:
    """End up to PART suggestions that still wait, and put back what they superseded. Commits; returns whether that was all."""
    async with unit_of_work():
        waiting = await _ids(_WAITING, shop_id, batch_id)
        await lock_threads_of_suggestions(shop_id, waiting)
        ended = [row["id"] for row in await fetch(_END, shop_id, waiting)]
        restored = await fetch(_RESTORE, shop_id, ended, True)
    if ended:
        log.info("batches.waiting_ended", batch_id=str(batch_id), count=len(ended), restored=len(restored))
    return len(waiting) < PART


async def restore_drafts(shop_id: UUID, batch_id: UUID) -> bool:
    """Put back up to PART drafts whose successors have failed. Commits; returns whether that was all."""
    async with unit_of_work():
        failed = await _ids(_FAILED, shop_id, batch_id)
        await lock_threads_of_suggestions(shop_id, failed)
        restored = await fetch(_RESTORE, shop_id, failed, False)
    if restored:
        log.info("batches.drafts_restored", batch_id=str(batch_id), count=len(restored))
    return len(failed) < PART


async def _ids(statement: str, shop_id: UUID, batch_id: UUID) -> Sequence[UUID]:
    return [row["id"] for row in await fetch(statement, shop_id, batch_id, PART)]
