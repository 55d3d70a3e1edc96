"""A gate that was just found open: it is not asked again for a moment, unless there is a cap or trouble of which we know."""

from __future__ import annotations

import redis.asyncio

from tests.model_gate.gates import NO_PROBE, MakeGate, reason
from tests.waiting import until


async def asked(state: redis.asyncio.Redis) -> int:
    """Return how many scripts Redis has run."""
    stats = await state.info("commandstats")
    return int(stats.get("cmdstat_evalsha", {}).get("calls", 0))


async def test_enter_when_another_worker_trips_meanwhile_then_it_is_soon_heard_of(make_gate: MakeGate) -> None:
    gate = make_gate()
    assert await reason(gate) == ""

    await make_gate().trip(NO_PROBE, reason="auth")

    async def is_closed() -> bool:
        return await reason(gate) == "breaker"

    await until(is_closed, within_s=5.0)


async def test_enter_when_this_worker_trips_then_it_holds_its_own_calls_back_at_once(make_gate: MakeGate) -> None:
    gate = make_gate()
    assert await reason(gate) == ""

    await gate.trip(NO_PROBE, reason="auth")

    assert await reason(gate) == "breaker"


async def test_enter_when_this_worker_pauses_then_it_holds_its_own_calls_back_at_once(make_gate: MakeGate) -> None:
    gate = make_gate()
    assert await reason(gate) == ""

    await gate.pause(60)

    assert await reason(gate) == "paused"


async def test_enter_when_many_calls_go_and_there_is_no_cap_then_redis_is_asked_for_few_of_them(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gate = make_gate()
    await gate.enter(tokens=1)
    before = await asked(state)

    for _ in range(1_000):
        await gate.enter(tokens=1)

    assert await asked(state) - before < 500


async def test_enter_when_there_is_a_cap_then_every_call_is_counted(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate = make_gate(tokens_per_minute=1_000_000)
    await gate.enter(tokens=1)
    before = await asked(state)

    for _ in range(10):
        await gate.enter(tokens=1)

    assert await asked(state) - before == 10
