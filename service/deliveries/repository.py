"""The deliveries' writing queries. A mail's own delivery is part of the inbox's statement."""

from __future__ import annotations

from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.deliveries.types import Outcome
from service.providers.types import WebhookCall
from service.shops.types import Source

# Without a target: the call's own key and the event's key both count.
_TAKE = """
INSERT INTO delivery (id, shop, source, dedupe_key, event_key, fingerprint, received_at, headers, body, outcome, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT DO NOTHING
RETURNING id
"""

_RETAKE = """
UPDATE delivery SET outcome = 'stored', reason = NULL
WHERE shop = $1 AND id = $2 AND outcome IN ('failed', 'ignored')
RETURNING id
"""


async def take(
    source: Source,
    call: WebhookCall,
    *,
    dedupe_key: str,
    event_key: str | None,
    fingerprint: bytes,
    outcome: Outcome,
    reason: str | None = None,
) -> UUID | None:
    """Keep a call that is no mail. Returns its id, or None when it or its event was there already."""
    row = await fetch_row(
        _TAKE,
        uuid7(),
        source.shop_id,
        source.id,
        dedupe_key,
        event_key,
        fingerprint,
        call.received_at,
        call.kept_headers(),
        call.body,
        outcome,
        reason,
    )
    return row["id"] if row else None


async def retake(shop_id: UUID, delivery_id: UUID) -> UUID | None:
    """Take a kept call up again. Returns its id, or None when another replay was faster."""
    row = await fetch_row(_RETAKE, shop_id, delivery_id)
    return row["id"] if row else None


async def mark(delivery_id: UUID, outcome: Outcome, reason: str) -> None:
    """Say what became of a delivery after all."""
    await fetch("UPDATE delivery SET outcome = $2, reason = $3 WHERE id = $1", delivery_id, outcome, reason)


async def kept_fingerprint(source_id: UUID, dedupe_key: str) -> bytes | None:
    """Return what the delivery of that key held, to tell a retry from a replayed signature."""
    row = await fetch_row("SELECT fingerprint FROM delivery WHERE source = $1 AND dedupe_key = $2", source_id, dedupe_key)
    return row["fingerprint"] if row else None
