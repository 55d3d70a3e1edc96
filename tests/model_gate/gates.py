"""The gate's state as a test moves it, and what a call is told at the gate."""

from __future__ import annotations

from collections.abc import Callable

import redis.asyncio

from service.model_gate import GateClosed, ModelGate, Pass
from service.model_gate.scripts import STATE_KEY
from service.observability import metrics

MakeGate = Callable[..., ModelGate]

NO_PROBE = Pass(is_probe=False, tokens=0)


async def let_pass(state: redis.asyncio.Redis, *fields: str) -> None:
    """Do as if these moments of the state were over."""
    for field in fields:
        await state.hset(STATE_KEY, field, 1)


async def reason(gate: ModelGate, *, tokens: int = 1) -> str:
    """Return why a call may not go; "" when it may."""
    try:
        await gate.enter(tokens=tokens)
    except GateClosed as error:
        return error.reason if error.retry_after_s else "no time"
    return ""


def breaker_metric() -> float:
    """Return what the metric says of the breaker: 1 is open."""
    return float(metrics.BREAKER_OPEN.labels("model")._value.get())


def held_metric() -> float:
    """Return how many calls were held back for a cap or a pause."""
    return float(metrics.MODEL_RATE_LIMITED.labels("held")._value.get())
