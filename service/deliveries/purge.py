"""What goes after a while: raw deliveries after 7 days, failed ones after 30, answers kept for Idempotency-Keys after one.

What was read from a delivery stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from service.db.engine import fetch
from service.db.ids import uuid7_floor

KEPT_DAYS = 7
KEPT_FAILED_DAYS = 30
KEPT_ANSWER_DAYS = 1
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

_PURGE_ANSWERS = f"""
DELETE FROM idempotent_call WHERE id IN (
    SELECT id FROM idempotent_call WHERE id < $1 ORDER BY id LIMIT {PURGE_BATCH} FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


async def purge(*, now: datetime) -> int:
    """Delete deliveries of over 7 days, failed ones of over 30; return how many. Messages stay. Commits batch by batch."""
    floors = [uuid7_floor(now - timedelta(days=days)) for days in (KEPT_DAYS, KEPT_FAILED_DAYS)]
    return await _purge(_PURGE, *floors)


async def purge_answers(*, now: datetime) -> int:
    """Delete answers that were kept for an Idempotency-Key for over a day; return how many. Commits batch by batch."""
    return await _purge(_PURGE_ANSWERS, uuid7_floor(now - timedelta(days=KEPT_ANSWER_DAYS)))


async def _purge(statement: str, *floors: UUID) -> int:
    purged = 0
    for _ in range(MAX_PURGE_BATCHES):
        count = len(await fetch(statement, *floors))
        purged += count
        if count < PURGE_BATCH:
            break
    return purged
