"""What a support lead reads of dead letters: by cause, the longest wait first, with what a retry would cost."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.suggestions.dead_letters.obstacles import DEAD_LETTER, OVERTAKEN
from service.suggestions.dead_letters.types import Cause, CauseGroup, DeadLetter, Position

MAX_CAUSES = 100
MAX_SUBJECT_LENGTH = 200

COST_SAMPLE = 200
"""So many of the shop's newest drafts tell what one costs on average."""

_COST = Decimal("0.000001")

# One pass: the counts of each cause stand in all its rows. What is not shown (overtaken, or on an earlier page) comes last.
_LETTERS = f"""{DEAD_LETTER}, judged AS (
    SELECT *, coalesce(obstacle IN {OVERTAKEN}, false) AS is_overtaken FROM letter
), placed AS (
    SELECT *, NOT is_overtaken AND ($4::timestamptz IS NULL OR (since, id) > ($4, $5::uuid)) AS is_shown,
           count(*) FILTER (WHERE NOT is_overtaken) OVER cause AS waiting,
           count(*) FILTER (WHERE NOT is_overtaken AND vip) OVER cause AS vips,
           count(*) FILTER (WHERE is_overtaken) OVER cause AS overtaken,
           min(since) FILTER (WHERE NOT is_overtaken) OVER cause AS oldest,
           row_number() OVER (
               PARTITION BY reason_code, error
               ORDER BY is_overtaken OR coalesce((since, id) <= ($4, $5::uuid), false), since, id
           ) AS place
    FROM judged WINDOW cause AS (PARTITION BY reason_code, error)
)
SELECT placed.*, suggestion.thread AS thread_id, suggestion.message AS message_id, suggestion.attempt, suggestion.retried_at,
       suggestion.finished_at AS failed_at, message.sender, left(message.subject, {MAX_SUBJECT_LENGTH}) AS subject,
       CASE WHEN suggestion.claimed_until > now() THEN suggestion.claimed_until END AS claimed_until
FROM placed JOIN suggestion ON suggestion.id = placed.id JOIN message ON message.id = suggestion.message
WHERE placed.place <= $6
ORDER BY placed.oldest NULLS LAST, placed.reason_code, placed.error, placed.place LIMIT {MAX_CAUSES} * $6
"""

_MEAN_COST = """
SELECT avg(paid.cost_usd) AS usd
FROM (SELECT id FROM suggestion WHERE shop = $1 AND status = 'ready' ORDER BY id DESC LIMIT $2) AS drafted
CROSS JOIN LATERAL (SELECT sum(cost_usd) AS cost_usd FROM model_call WHERE model_call.suggestion = drafted.id) AS paid
"""


async def list_dead_letters(
    shop_id: UUID, *, cause: Cause | None = None, after: Position | None = None, limit: int
) -> list[CauseGroup]:
    """Return the causes, at most 100, that with the longest wait first; each with up to limit letters.

    cause: this one alone. after: letters of the cause behind this place; the counts are those of the whole cause all the same.
    """
    rows = await fetch(
        _LETTERS,
        shop_id,
        cause.reason_code if cause else None,
        cause.error if cause else None,
        after.waiting_since if after else None,
        after.id if after else None,
        limit + 1,
    )
    mean_usd = await _mean_cost_usd(shop_id) if rows else None
    by_cause = groupby(rows, key=lambda row: (row["reason_code"], row["error"]))
    return [_group(list(of_cause), mean_usd=mean_usd, limit=limit) for _, of_cause in by_cause]


async def _mean_cost_usd(shop_id: UUID) -> Decimal | None:
    """Return what a draft of the shop costs on average, repairs included; None when no price is known."""
    row = await fetch_row(_MEAN_COST, shop_id, COST_SAMPLE)
    usd: Decimal | None = row["usd"]
    return usd


def _group(rows: list[Any], *, mean_usd: Decimal | None, limit: int) -> CauseGroup:
    first, shown = rows[0], [row for row in rows if row["is_shown"]]
    return CauseGroup(
        reason_code=first["reason_code"],
        error=first["error"],
        count=first["waiting"],
        vip_count=first["vips"],
        overtaken_count=first["overtaken"],
        oldest_wait_since=first["oldest"],
        estimated_cost_usd=None if mean_usd is None else (mean_usd * first["waiting"]).quantize(_COST, ROUND_HALF_UP),
        letters=tuple(_letters(shown[:limit])),
        has_more=len(shown) > limit,
    )


def _letters(rows: Iterable[Any]) -> Iterable[DeadLetter]:
    return (
        DeadLetter(
            id=row["id"],
            thread_id=row["thread_id"],
            message_id=row["message_id"],
            sender=row["sender"],
            subject=row["subject"],
            is_vip=row["vip"],
            waiting_since=row["since"],
            attempt=row["attempt"],
            failed_at=row["failed_at"],
            retried_at=row["retried_at"],
            claimed_until=row["claimed_until"],
        )
        for row in rows
    )
