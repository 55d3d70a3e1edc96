"""Drafts whose customer's orders have changed: what still holds stays, what does not is drafted anew.

An order's change only marks the drafts that may rest on it; the relay compares here. A shop often tells one order several times
within seconds, and most of it is nothing that the model was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from service.db.engine import fetch, fetch_row
from service.db.unit_of_work import unit_of_work
from service.errors import TemporaryError
from service.inbox.outbound import lock_thread
from service.suggestions.agents.statements import draft_anew
from service.suggestions.context import read_order_hash

AGAIN_S = 60
"""A relay that dies in between leaves its rows to the next one after this long."""

# While a worker drafts, the mark stays until it has saved.
_TAKE = f"""
UPDATE suggestion SET recheck_at = now() + interval '{AGAIN_S} s'
WHERE id IN (
    SELECT id FROM suggestion WHERE recheck_at <= now() AND status <> 'drafting'
    ORDER BY recheck_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, shop, thread, message, order_hash, recheck_at, status = 'ready' AND outcome IS NULL AS is_offered
"""

# Unless an order has changed again while this one was compared.
_KEEP = "UPDATE suggestion SET recheck_at = NULL WHERE id = $1 AND recheck_at = $2"

_OVERTAKE = """
UPDATE suggestion
SET reason_code = 'order_changed', recheck_at = NULL, finished_at = now(), version = version + 1,
    status = CASE WHEN claimed_until > now() THEN status ELSE 'superseded' END,
    claimed_by = CASE WHEN claimed_until > now() THEN claimed_by END,
    claimed_until = CASE WHEN claimed_until > now() THEN claimed_until END
WHERE id = $1 AND status = 'ready' AND outcome IS NULL
RETURNING status = 'superseded' AS is_superseded
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rechecked:
    """How many drafts were compared, and how many of them no longer hold."""

    compared: int
    overtaken: int


async def recheck(limit: int) -> Rechecked:
    """Compare up to limit drafts with today's orders; supersede those that no longer hold, and draft them anew.

    Commits one by one. A draft that an agent holds stays with them, marked `order_changed`.
    """
    rows = await fetch(_TAKE, limit)
    overtaken = 0
    for row in rows:
        try:
            overtaken += await _compare(row)
        except TemporaryError:
            raise
        except Exception:
            # One that cannot be read must not stop the others; it is tried again in a minute.
            log.exception("suggestions.recheck_failed", suggestion_id=str(row["id"]))
    if overtaken:
        log.info("suggestions.orders_changed", compared=len(rows), overtaken=overtaken)
    return Rechecked(len(rows), overtaken)


async def _compare(row: Mapping[str, Any]) -> bool:
    """Return whether a draft no longer holds and was overtaken."""
    current = await read_order_hash(row["message"], row["thread"]) if row["is_offered"] else row["order_hash"]
    if current != row["order_hash"]:
        return await _overtake(row["shop"], row["thread"], row["id"])
    await fetch(_KEEP, row["id"], row["recheck_at"])
    return False


async def _overtake(shop_id: UUID, thread_id: UUID, suggestion_id: UUID) -> bool:
    """Supersede a draft and make its successor. False: it was resolved meanwhile."""
    async with unit_of_work():
        # The thread first, as everybody does who changes its suggestions.
        await lock_thread(shop_id, thread_id)
        row = await fetch_row(_OVERTAKE, suggestion_id)
        if row is not None and row["is_superseded"]:
            await draft_anew(shop_id, suggestion_id, head_start_s=0)
    return row is not None
