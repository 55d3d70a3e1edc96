"""The breaker that all workers share: who opens it, who may try, and who closes it."""

from __future__ import annotations

import asyncio

import pytest
import redis.asyncio
from structlog.testing import capture_logs

from service.model_gate import GateClosed, Pass
from service.model_gate.scripts import STATE_KEY
from service.observability import metrics
from tests.model_gate.gates import NO_PROBE, MakeGate, breaker_metric, let_pass, reason


async def test_enter_when_nothing_is_wrong_then_everybody_may_and_nothing_is_kept(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gate = make_gate()

    passes = [await gate.enter(tokens=1_000) for _ in range(20)]
    for each in passes:
        await gate.leave(each, tokens=900, is_answered=True)

    assert not any(each.is_probe for each in passes)
    assert not await state.exists(STATE_KEY)


@pytest.mark.parametrize("why", ["auth", "quota"])
async def test_trip_when_one_worker_is_refused_then_all_are_held_back(make_gate: MakeGate, why: str) -> None:
    first, second = make_gate(), make_gate()

    await first.trip(await first.enter(tokens=1), reason=why)  # type: ignore[arg-type]

    assert [await reason(first), await reason(second)] == ["breaker", "breaker"]


async def test_metric_when_a_worker_learns_of_the_breaker_at_the_gate_then_it_is_open(make_gate: MakeGate) -> None:
    await make_gate().trip(NO_PROBE, reason="auth")
    metrics.BREAKER_OPEN.labels("model").set(0)

    assert await reason(make_gate()) == "breaker"

    assert breaker_metric() == 1


async def test_metric_when_a_pause_comes_before_the_probe_then_the_breaker_is_still_open(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    first, second = make_gate(), make_gate()
    await second.trip(NO_PROBE, reason="auth")
    await let_pass(state, "open_until")
    await first.pause(60)

    with capture_logs() as logs:
        why = await reason(second)

    assert (why, breaker_metric(), logs) == ("paused", 1, [])


async def test_probe_when_fifty_ask_at_once_then_one_may_and_if_it_goes_well_all_may(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gates = [make_gate() for _ in range(3)]
    await gates[0].trip(NO_PROBE, reason="auth")
    await let_pass(state, "open_until")

    answers = await asyncio.gather(*(gates[each % 3].enter(tokens=1) for each in range(50)), return_exceptions=True)

    (probe,) = [each for each in answers if isinstance(each, Pass)]
    assert probe.is_probe
    assert {each.reason for each in answers if isinstance(each, GateClosed)} == {"breaker"}
    await gates[1].leave(probe, tokens=10, is_answered=True)
    assert [await reason(gate) for gate in gates] == ["", "", ""]
    assert breaker_metric() == 0


async def test_probe_when_it_is_refused_then_the_breaker_opens_for_twice_as_long_up_to_ten_minutes(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gate = make_gate()
    await gate.trip(NO_PROBE, reason="quota")
    open_s = []
    for _ in range(7):
        open_s.append(int(await state.hget(STATE_KEY, "open_for") or 0) // 1000)
        await let_pass(state, "open_until")
        await gate.trip(await gate.enter(tokens=1), reason="quota")

    assert open_s == [30, 60, 120, 240, 480, 600, 600]


async def test_probe_when_it_tells_nothing_then_another_one_may(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate = make_gate()
    await gate.trip(NO_PROBE, reason="auth")
    await let_pass(state, "open_until")
    probe = await gate.enter(tokens=1)
    while_it_tries = await reason(gate)

    await gate.leave(probe, tokens=None, is_answered=False)

    assert while_it_tries == "breaker"
    assert (await gate.enter(tokens=1)).is_probe


async def test_probe_when_its_worker_dies_then_another_one_may(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate = make_gate()
    await gate.trip(NO_PROBE, reason="auth")
    await let_pass(state, "open_until")
    assert (await gate.enter(tokens=1)).is_probe

    await let_pass(state, "probe_until")

    assert (await gate.enter(tokens=1)).is_probe


async def test_probe_when_a_cap_holds_it_back_then_nobody_has_it(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    capped, other = make_gate(requests_per_minute=1), make_gate()
    await capped.enter(tokens=1)
    await capped.trip(NO_PROBE, reason="auth")
    await let_pass(state, "open_until")

    assert await reason(capped) == "requests"
    assert (await other.enter(tokens=1)).is_probe


async def test_trip_when_calls_under_way_are_refused_too_then_it_opens_once_and_says_so_once(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gates = [make_gate() for _ in range(2)]
    passes = [await gates[each % 2].enter(tokens=1) for each in range(6)]

    with capture_logs() as logs:
        await asyncio.gather(*(gates[each % 2].trip(passes[each], reason="auth") for each in range(6)))

    assert int(await state.hget(STATE_KEY, "open_for") or 0) == 30_000
    assert logs == [{"event": "model_gate.breaker_opened", "log_level": "error", "reason": "auth", "open_s": 30.0}]


async def test_trip_when_a_call_under_way_ends_after_the_breakers_time_then_it_opens_for_as_long_as_before(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gate = make_gate()
    late = await gate.enter(tokens=1)
    await gate.trip(NO_PROBE, reason="auth")
    await let_pass(state, "open_until")

    await gate.trip(late, reason="auth")

    assert int(await state.hget(STATE_KEY, "open_for") or 0) == 30_000
    assert await reason(gate) == "breaker"


async def test_trip_when_a_call_under_way_is_refused_while_another_tries_then_the_probe_stands(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gate = make_gate()
    late = await gate.enter(tokens=1)
    await gate.trip(NO_PROBE, reason="auth")
    await let_pass(state, "open_until")
    await gate.enter(tokens=1)
    before = await state.hgetall(STATE_KEY)

    await gate.trip(late, reason="auth")

    assert await state.hgetall(STATE_KEY) == before


async def test_breaker_when_it_closes_then_each_worker_says_so_once(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    first, second = make_gate(), make_gate()
    await first.trip(NO_PROBE, reason="auth")
    await reason(second)
    await let_pass(state, "open_until")
    probe = await first.enter(tokens=1)

    with capture_logs() as logs:
        await first.leave(probe, tokens=1, is_answered=True)
        for _ in range(2):
            await reason(first)
            await reason(second)

    assert [(each["event"], each["log_level"]) for each in logs] == [("model_gate.breaker_closed", "info")] * 2
