"""What each shop has spent this month, as this process knows it: read every ten seconds, and added to at each call."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import structlog

from service.db.engine import fetch_row
from service.db.ids import uuid7_floor
from service.observability import metrics
from service.suggestions.budget_steps import Step, step_of

TTL_S = 10.0
MAX_SHOPS = 10_000
"""Shops that are remembered; for one more the one that was read longest ago is forgotten."""

# The sum only where there is a budget: most shops have none, and a month may hold a million calls.
_SPENDING = """
SELECT shop.model, shop.monthly_budget_usd, coalesce(month.spent_usd, 0) AS spent_usd, coalesce(month.unpriced, 0) AS unpriced
FROM shop LEFT JOIN LATERAL (
    SELECT sum(cost_usd) AS spent_usd, count(*) FILTER (WHERE cost_usd IS NULL AND input_tokens IS NOT NULL) AS unpriced
    FROM model_call WHERE model_call.shop = shop.id AND model_call.id >= $2
) AS month ON shop.monthly_budget_usd IS NOT NULL
WHERE shop.id = $1
"""

_LEVELS = {"full": "info", "short": "warning", "cheap": "warning", "fallback": "error"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Plan:
    """How a suggestion is to be drafted. model: the shop's own choice; None: the configured one."""

    step: Step
    model: str | None


@dataclass(slots=True)
class _Spending:
    """One shop as it was read, and what has been added since. `steps`: the last one told for VIPs and for the others."""

    month: datetime
    read_at: float
    model: str | None
    budget_usd: Decimal | None
    spent_usd: Decimal
    steps: dict[bool, Step] = field(default_factory=dict)
    has_warned: bool = False

    @property
    def share(self) -> float:
        """How much of the budget is spent; 0 where there is none."""
        return float(self.spent_usd / self.budget_usd) if self.budget_usd else 0.0


@dataclass(frozen=True, slots=True)
class _LargestShare:
    """The shop that has spent the largest share of its budget, in which month."""

    shop_id: UUID | None = None
    month: datetime | None = None
    share: float = 0.0


class Budgets:
    """The spending of the shops that this process drafts for. ttl_s: how long a reading counts; 0: read each time."""

    def __init__(self, ttl_s: float = TTL_S, *, max_shops: int = MAX_SHOPS) -> None:
        self._ttl_s = ttl_s
        self._max_shops = max_shops
        self._shops: dict[UUID, _Spending] = {}
        self._largest = _LargestShare()

    async def plan(self, shop_id: UUID, *, is_vip: bool, now: datetime) -> Plan:
        """Return how far the shop's budget lets a draft go. A log line tells each change, a metric counts every plan.

        Several workers see each other's spending ten seconds late, so a budget may be passed by what they spend meanwhile.
        """
        known = await self._spending(shop_id, now)
        step = step_of(spent_usd=known.spent_usd, budget_usd=known.budget_usd, is_vip=is_vip)
        metrics.BUDGET_STEPS.labels(step).inc()
        self._tell_largest_share(shop_id, known)
        if known.steps.get(is_vip, "full") != step:
            tell = getattr(log, _LEVELS[step])
            tell(
                "suggestions.budget_step_changed", shop_id=str(shop_id), step=step, is_vip=is_vip, spent_share=round(known.share, 2)
            )
        known.steps[is_vip] = step
        return Plan(step, known.model)

    def spent(self, shop_id: UUID, cost_usd: Decimal) -> None:
        """Add what a call has cost to what is known of its shop, at once."""
        if known := self._shops.get(shop_id):
            known.spent_usd += cost_usd

    def _tell_largest_share(self, shop_id: UUID, known: _Spending) -> None:
        """Keep the metric at the largest share of all shops in this month."""
        largest = self._largest
        # The shop that has the largest one may be given a larger budget.
        if known.share >= largest.share or largest.shop_id == shop_id or largest.month != known.month:
            self._largest = _LargestShare(shop_id, known.month, known.share)
            metrics.BUDGET_USED.set(known.share)

    async def _spending(self, shop_id: UUID, now: datetime) -> _Spending:
        month = datetime(now.year, now.month, 1, tzinfo=UTC)
        known = self._shops.get(shop_id)
        if known and known.month == month and time.monotonic() - known.read_at < self._ttl_s:
            return known
        row = await fetch_row(_SPENDING, shop_id, uuid7_floor(month))
        # Out and in again, so that the first of the dict is the one that was read longest ago.
        self._shops.pop(shop_id, None)
        if len(self._shops) >= self._max_shops:
            del self._shops[next(iter(self._shops))]
        found = _Spending(
            month=month,
            read_at=time.monotonic(),
            model=row["model"] if row else None,
            budget_usd=row["monthly_budget_usd"] if row else None,
            spent_usd=row["spent_usd"] if row else Decimal(0),
            steps=known.steps if known else {},
            has_warned=known.has_warned if known else False,
        )
        self._shops[shop_id] = found
        if row and row["unpriced"] and not found.has_warned:
            log.warning("suggestions.budget_without_price", shop_id=str(shop_id), unpriced_calls=row["unpriced"])
            found.has_warned = True
        return found
