"""Suggestions and model calls as figures are made of them, straight into the database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from service.db.engine import fetch
from service.db.ids import uuid7_floor
from tests.factories import ShopAtWork

NOVEMBER = datetime(2026, 11, 10, 12, tzinfo=UTC)

_THREAD = """
WITH who AS (
    INSERT INTO customer (id, shop, email, name, vip, created_at) VALUES ($2, $1, $2::uuid::text, '', false, now())
), thread AS (
    INSERT INTO thread (id, shop, customer, subject, created_at, updated_at) VALUES ($2, $1, $2, '', now(), now())
)
INSERT INTO message (id, shop, thread, direction, rfc_message_id, sender, recipient, received_at)
VALUES ($2, $1, $2, 'in', $2::uuid::text, '', '', now())
"""


async def add_suggestion(
    shop: ShopAtWork,
    *,
    status: str = "ready",
    kind: str | None = "ai",
    reason: str | None = None,
    outcome: str | None = None,
    similarity: float | None = None,
    at: datetime = NOVEMBER,
) -> UUID:
    """Store a suggestion with a thread and a message of its own; return its id."""
    parent = uuid4()
    await fetch(_THREAD, shop.id, parent)
    suggestion_id = UUID(int=uuid7_floor(at).int + uuid4().int % 2**64)
    await fetch(
        "INSERT INTO suggestion (id, shop, thread, message, status, kind, reason_code, outcome, similarity)"
        " VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8)",
        suggestion_id,
        shop.id,
        parent,
        status,
        kind,
        reason,
        outcome,
        similarity,
    )
    return suggestion_id


async def add_call(
    shop: ShopAtWork,
    suggestion_id: UUID,
    *,
    model: str = "gpt-5-mini",
    tokens: tuple[int, int, int, int] | None = (1_000, 200, 100, 50),
    cost_usd: str | None = "0.0100000",
    at: datetime = NOVEMBER,
) -> None:
    """Store a model call: tokens in, cached, out and reasoning; None when the model told none."""
    given, cached, written, reasoning = tokens or (None, None, None, None)
    await fetch(
        "INSERT INTO model_call (id, shop, suggestion, attempt, model, input_tokens, cached_tokens, output_tokens,"
        " reasoning_tokens, cost_usd, duration_s, created_at) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, 1.0, now())",
        UUID(int=uuid7_floor(at).int + uuid4().int % 2**64),
        shop.id,
        suggestion_id,
        model,
        given,
        cached,
        written,
        reasoning,
        None if cost_usd is None else Decimal(cost_usd),
    )
