"""Deliveries: every authentic call as it came. They are listed, read again and, after a while, purged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7_floor
from service.providers.types import WebhookCall
from service.shops.types import Source

KEPT_DAYS = 7
KEPT_FAILED_DAYS = 30
PURGE_BATCH = 500
"""Rows of one statement: a purge after a long pause must not hold locks for long."""

MAX_PURGE_BATCHES = 1_000

_COLUMNS = """
delivery.id, delivery.source AS source_id, source.provider, delivery.received_at, delivery.outcome, delivery.reason,
octet_length(delivery.body) AS size_bytes
"""

_LIST = f"""
SELECT {_COLUMNS} FROM delivery JOIN source ON source.id = delivery.source
WHERE delivery.shop = $1 AND delivery.id < $2 ORDER BY delivery.id DESC LIMIT $3
"""

_LIST_FAILED = f"""
SELECT {_COLUMNS} FROM delivery JOIN source ON source.id = delivery.source
WHERE delivery.shop = $1 AND delivery.outcome = 'failed' AND delivery.id < $2 ORDER BY delivery.id DESC LIMIT $3
"""

_KEPT_CALL = """
SELECT delivery.outcome, delivery.dedupe_key, delivery.headers, delivery.body, delivery.received_at,
       source.id AS source_id, source.provider
FROM delivery JOIN source ON source.id = delivery.source WHERE delivery.shop = $1 AND delivery.id = $2
"""

# By id, which holds the time of arrival, so that the primary key finds the oldest.
_PURGE = f"""
DELETE FROM delivery WHERE id IN (
    SELECT id FROM delivery WHERE id < $1 AND (outcome <> 'failed' OR id < $2)
    ORDER BY id LIMIT {PURGE_BATCH} FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A stored call, ready to be read again. Its source has no secrets here: nothing is verified twice."""

    outcome: str
    dedupe_key: str
    source: Source
    call: WebhookCall


async def list_deliveries(shop_id: UUID, *, only_failed: bool, before: UUID, limit: int) -> list[Any]:
    """Return up to limit rows, newest first, those older than `before`; never the bodies."""
    return list(await fetch(_LIST_FAILED if only_failed else _LIST, shop_id, before, limit))


async def find_kept_call(shop_id: UUID, delivery_id: UUID) -> KeptCall | None:
    """Return a shop's delivery with its raw call, or None."""
    row = await fetch_row(_KEPT_CALL, shop_id, delivery_id)
    if row is None:
        return None
    headers: dict[str, str] = msgspec.json.decode(row["headers"])
    return KeptCall(
        outcome=row["outcome"],
        dedupe_key=row["dedupe_key"],
        source=Source(id=row["source_id"], shop_id=shop_id, provider=row["provider"], secrets=()),
        call=WebhookCall(headers=headers, body=row["body"], received_at=row["received_at"]),
    )


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
