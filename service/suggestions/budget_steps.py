"""How far a shop's monthly budget lets a draft go. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

Step = Literal["full", "short", "cheap", "fallback"]
"""The whole context; a short one; a short one and the cheaper model; no model at all, the holding text."""

_Ladder = tuple[tuple[Decimal, Step], ...]
_NORMAL: _Ladder = ((Decimal("0.95"), "fallback"), (Decimal("0.85"), "cheap"), (Decimal("0.75"), "short"))
_VIP: _Ladder = ((Decimal("1.00"), "fallback"), (Decimal("0.98"), "cheap"), (Decimal("0.95"), "short"))
"""From which share of the budget on: the last twentieth is kept for the VIPs, who step down last; past it nobody is served."""


def step_of(*, spent_usd: Decimal, budget_usd: Decimal | None, is_vip: bool) -> Step:
    """Return the step for a shop that has spent so much of its month's budget; None: it has no budget."""
    if budget_usd is None:
        return "full"
    for share, step in _VIP if is_vip else _NORMAL:
        if spent_usd >= budget_usd * share:
            return step
    return "full"
