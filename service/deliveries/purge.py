"""Raw deliveries go after a while: 7 days, failed ones after 30. What was read from them stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.db.engine import fetch
from service.db.ids import uuid7_floor

KEPT_DAYS = 7
KEPT_FAILED_DAYS = 30
PURGE_BATCH = 500
"""Rows of one statement: a purge after a long pause must not hold locks for long."""

MAX_PURGE_BATCHES = 1_000

# By id, which holds the time of arrival, so that the primary key finds the oldest.
_PURGE = f"""
DELETE FROM delivery WHERE id IN (
    SELECT id FROM delivery WHERE id < $1 AND (outcome <> 'failed' OR id < $2)
    ORDER BY id LIMIT {PURGE_BATCH} FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


async def purge(*, now: datetime) -> int:
    """Delete deliveries of over 7 days, failed ones of over 30; return how many. Messages stay. Commits batch by batch."""
    floors = [uuid7_floor(now - timedelta(days=days)) for days in (KEPT_DAYS, KEPT_FAILED_DAYS)]
    purged = 0
    for _ in range(MAX_PURGE_BATCHES):
        count = len(await fetch(_PURGE, *floors))
        purged += count
        if count < PURGE_BATCH:
            break
    return purged
