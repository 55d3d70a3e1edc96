"""What became of a shop's suggestions in a period, and what they cost: the figures that a support lead reads.

A rate is of the model's drafts alone: fallbacks are in none. What was overtaken counts in the cost and in nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from service.db.engine import fetch
from service.suggestions.periods import Period

MAX_MODELS = 100
"""Models that are told one by one; a shop has two at a time."""

_SHARE = Decimal("0.0001")
_COST = Decimal("0.000001")

_SUGGESTIONS = """
SELECT status, reason_code, kind, outcome, count(*) AS count,
       count(similarity) FILTER (WHERE outcome = 'edited') AS compared,
       sum(similarity) FILTER (WHERE outcome = 'edited') AS similarity
FROM suggestion WHERE shop = $1 AND id >= $2 AND id < $3
GROUP BY status, reason_code, kind, outcome LIMIT 1000
"""

_CALLS = f"""
SELECT model, count(*) AS calls, count(*) FILTER (WHERE input_tokens IS NULL) AS uncounted,
       count(*) FILTER (WHERE input_tokens IS NOT NULL AND cost_usd IS NULL) AS unpriced,
       coalesce(sum(input_tokens), 0)::bigint AS input_tokens, coalesce(sum(cached_tokens), 0)::bigint AS cached_tokens,
       coalesce(sum(output_tokens), 0)::bigint AS output_tokens, coalesce(sum(reasoning_tokens), 0)::bigint AS reasoning_tokens,
       coalesce(sum(cost_usd), 0) AS cost_usd
FROM model_call WHERE shop = $1 AND id >= $2 AND id < $3
GROUP BY model ORDER BY cost_usd DESC, model LIMIT {MAX_MODELS}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Calls to a model, or to all of them.

    Attributes:
        uncounted_calls: the model told no tokens: it was away, refused, or too slow. Their cost is unknown and mostly nothing.
        unpriced_calls: the tokens are known, the model's price is not: `cost_usd` lacks them.
    """

    calls: int = 0
    uncounted_calls: int = 0
    unpriced_calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The figures of a period; what would be divided by nothing is None.

    Attributes:
        by_status, by_reason, by_kind: how many suggestions each; those without a reason or a kind are in neither.
        eligible: all but what machines wrote and what was overtaken.
        drafted: those with a draft of the model that passed its checks. `draft_rate`: of the eligible ones.
        outcomes: what the agents did with those drafts. `resolved`: their sum.
        acceptance_rate: sent unchanged, of the resolved ones. `edit_rate`: sent with changes.
        edited_similarity: mean likeness of what was sent with changes to its draft, from 0 to 1.
        cost_per_suggestion: all that the period cost, for each drafted one; `cost_per_accepted`: for each accepted or edited one.
    """

    period: Period
    suggestions: int
    by_status: dict[str, int]
    by_reason: dict[str, int]
    by_kind: dict[str, int]
    eligible: int
    drafted: int
    draft_rate: Decimal | None
    outcomes: dict[str, int]
    resolved: int
    acceptance_rate: Decimal | None
    edit_rate: Decimal | None
    edited_similarity: Decimal | None
    spending: Spending
    by_model: dict[str, Spending]
    cost_per_suggestion: Decimal | None
    cost_per_accepted: Decimal | None


async def read_stats(shop_id: UUID, period: Period) -> Stats:
    """Return a shop's figures of a period; suggestions and calls count on the day on which they began."""
    rows = await fetch(_SUGGESTIONS, shop_id, *period.ids)
    calls = await fetch(_CALLS, shop_id, *period.ids)
    return _stats(period, rows, by_model={row["model"]: _spending([row]) for row in calls}, spending=_spending(calls))


def _stats(period: Period, rows: Iterable[Any], *, by_model: dict[str, Spending], spending: Spending) -> Stats:
    """Count what the database grouped."""
    statuses, reasons, kinds, outcomes = (Counter[str | None]() for _ in range(4))
    idle = drafted = compared = 0
    similarity = 0.0
    for row in rows:
        count = row["count"]
        statuses[row["status"]] += count
        reasons[row["reason_code"]] += count
        kinds[row["kind"]] += count
        if row["status"] == "superseded" or row["reason_code"] == "machine_mail":
            idle += count
        elif row["kind"] == "ai" and row["status"] == "ready":
            drafted += count
            outcomes[row["outcome"]] += count
            compared += row["compared"]
            similarity += row["similarity"] or 0
    eligible = sum(statuses.values()) - idle
    told = _told(outcomes)
    resolved, sent = sum(told.values()), outcomes["accepted"] + outcomes["edited"]
    return Stats(
        period=period,
        suggestions=sum(statuses.values()),
        by_status=_told(statuses),
        by_reason=_told(reasons),
        by_kind=_told(kinds),
        eligible=eligible,
        drafted=drafted,
        draft_rate=_part(drafted, eligible),
        outcomes=told,
        resolved=resolved,
        acceptance_rate=_part(outcomes["accepted"], resolved),
        edit_rate=_part(outcomes["edited"], resolved),
        edited_similarity=_part(Decimal(similarity), compared),
        spending=spending,
        by_model=by_model,
        cost_per_suggestion=_part(spending.cost_usd, drafted, _COST),
        cost_per_accepted=_part(spending.cost_usd, sent, _COST),
    )


def _spending(rows: Iterable[Any]) -> Spending:
    rows = list(rows)

    def total(name: str) -> int:
        return sum(row[name] for row in rows)

    return Spending(
        calls=total("calls"),
        uncounted_calls=total("uncounted"),
        unpriced_calls=total("unpriced"),
        input_tokens=total("input_tokens"),
        cached_tokens=total("cached_tokens"),
        output_tokens=total("output_tokens"),
        reasoning_tokens=total("reasoning_tokens"),
        cost_usd=sum((row["cost_usd"] for row in rows), Decimal(0)),
    )


def _told(counts: Counter[str | None]) -> dict[str, int]:
    """Return the counts in the order of their names; None is no name."""
    return {name: count for name, count in sorted(counts.items(), key=str) if name is not None}


def _part(part: Decimal | int, whole: int, digits: Decimal = _SHARE) -> Decimal | None:
    return (Decimal(part) / whole).quantize(digits, ROUND_HALF_UP) if whole else None
