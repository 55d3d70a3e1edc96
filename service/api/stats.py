"""Stats: what became of a shop's suggestions, and what they cost."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from service.api.problems import documented
from service.shops.types import Caller
from service.suggestions.periods import period_of
from service.suggestions.stats import Spending, Stats, read_stats


class SpendingOut(msgspec.Struct, kw_only=True):
    """Calls to a model, or to all of them. `cost_usd` is a decimal number in a string.

    `uncounted_calls`: the model told no tokens, for it was away, refused or too slow. `unpriced_calls`: the tokens are known, but
    not the model's price, so that `cost_usd` lacks them.
    """

    calls: int
    uncounted_calls: int
    unpriced_calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: str


class StatsOut(msgspec.Struct, kw_only=True):
    """A shop's figures of whole days in UTC, both included. What would be divided by nothing is null.

    - `by_status`, `by_reason`, `by_kind`: how many suggestions there are of each.
    - `eligible`: all but what machines wrote and what was overtaken. `drafted`: those with a draft of the model that passed its
      checks; `draft_rate`: their part of the eligible ones, from 0 to 1.
    - `outcomes`: what agents did with those drafts (accepted, edited, rejected, ignored); `resolved` is their sum. Fallbacks are
      in none of them. `acceptance_rate`: sent as they were; `edit_rate`: sent with changes; both of the resolved ones.
    - `edited_similarity`: how like what was sent with changes is to its draft, from 0 to 1, on average.
    - `cost_per_suggestion`: all that the period cost, for each drafted one; `cost_per_accepted`: for each accepted or edited one.
      Rates and costs are decimal numbers in strings.
    """

    since: date
    until: date
    suggestions: int
    by_status: dict[str, int]
    by_reason: dict[str, int]
    by_kind: dict[str, int]
    eligible: int
    drafted: int
    draft_rate: str | None
    outcomes: dict[str, int]
    resolved: int
    acceptance_rate: str | None
    edit_rate: str | None
    edited_similarity: str | None
    spending: SpendingOut
    by_model: dict[str, SpendingOut]
    cost_per_suggestion: str | None
    cost_per_accepted: str | None


@get(
    "/stats",
    summary="Get the figures of a period",
    operation_id="get_stats",
    tags=["stats"],
    responses=documented(400, 401, 403, 503),
)
async def get_stats(
    caller: NamedDependency[Caller], since: FromQuery[date | None] = None, until: FromQuery[date | None] = None
) -> StatsOut:
    """Return what became of the suggestions that began in a period, and their cost. At most 92 days, by default the last 30."""
    period = period_of(since, until, today=datetime.now(UTC).date())
    return _out(await read_stats(caller.shop_id, period))


def _out(stats: Stats) -> StatsOut:
    return StatsOut(
        since=stats.period.since,
        until=stats.period.until,
        suggestions=stats.suggestions,
        by_status=stats.by_status,
        by_reason=stats.by_reason,
        by_kind=stats.by_kind,
        eligible=stats.eligible,
        drafted=stats.drafted,
        draft_rate=_decimal(stats.draft_rate),
        outcomes=stats.outcomes,
        resolved=stats.resolved,
        acceptance_rate=_decimal(stats.acceptance_rate),
        edit_rate=_decimal(stats.edit_rate),
        edited_similarity=_decimal(stats.edited_similarity),
        spending=_spending(stats.spending),
        by_model={model: _spending(each) for model, each in stats.by_model.items()},
        cost_per_suggestion=_decimal(stats.cost_per_suggestion),
        cost_per_accepted=_decimal(stats.cost_per_accepted),
    )


def _spending(spending: Spending) -> SpendingOut:
    return SpendingOut(**{**asdict(spending), "cost_usd": f"{spending.cost_usd:f}"})


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
