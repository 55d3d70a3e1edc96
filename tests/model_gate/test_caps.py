"""Requests and tokens per minute, and the provider's pauses, as all workers share them."""

from __future__ import annotations

import asyncio

import redis.asyncio

from service.model_gate.scripts import STATE_KEY
from tests.model_gate.gates import NO_PROBE, MakeGate, held_metric, let_pass, reason


async def test_pause_when_a_shorter_one_follows_then_the_longer_counts(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate, other, third = make_gate(), make_gate(), make_gate()
    await gate.pause(120)
    before = await state.hget(STATE_KEY, "paused_until")

    await other.pause(1)

    assert await state.hget(STATE_KEY, "paused_until") == before
    assert await reason(third) == "paused"
    await let_pass(state, "paused_until")
    assert await reason(third) == ""


async def test_pause_when_redis_forgets_it_then_the_worker_that_was_asked_keeps_to_it(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gate = make_gate()
    await gate.pause(120)

    await state.delete(STATE_KEY)

    assert await reason(gate) == "paused"


async def test_pause_when_the_provider_asks_for_a_day_then_ten_minutes(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate = make_gate()
    await gate.pause(600)
    longest = int(await state.hget(STATE_KEY, "paused_until") or 0)
    await state.delete(STATE_KEY)

    await gate.pause(86_400)

    assert int(await state.hget(STATE_KEY, "paused_until") or 0) - longest < 600_000


async def test_pause_when_a_probe_goes_well_then_it_still_counts(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate = make_gate()
    await gate.trip(NO_PROBE, reason="quota")
    await let_pass(state, "open_until")
    probe = await gate.enter(tokens=1)
    await gate.pause(120)

    await gate.leave(probe, tokens=1, is_answered=True)

    assert [await reason(gate), await reason(make_gate())] == ["paused", "paused"]


async def test_requests_when_there_is_a_cap_then_ten_seconds_worth_may_go_at_once_and_all_workers_share_it(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    # One comes free every ten seconds: none while the test runs.
    gates = [make_gate(requests_per_minute=6) for _ in range(3)]
    reasons = await asyncio.gather(*(reason(gates[each % 3]) for each in range(50)))

    await let_pass(state, "requests")
    again = await asyncio.gather(*(reason(gates[each % 3]) for each in range(50)))

    assert [reasons.count(""), again.count("")] == [1, 1]
    assert set(reasons) == {"", "requests"}


async def test_requests_when_fifty_ask_at_once_then_no_more_than_the_burst_may(make_gate: MakeGate) -> None:
    gates = [make_gate(requests_per_minute=60) for _ in range(3)]

    reasons = await asyncio.gather(*(reason(gates[each % 3]) for each in range(50)))

    # One comes free every second, and a slow machine may take one.
    assert 10 <= reasons.count("") <= 12


async def test_requests_when_the_cap_is_below_one_burst_then_one_may_go(make_gate: MakeGate) -> None:
    gate = make_gate(requests_per_minute=1)

    assert [await reason(gate), await reason(gate)] == ["", "requests"]


async def test_tokens_when_there_is_a_cap_then_what_was_really_used_counts(make_gate: MakeGate) -> None:
    gate = make_gate(tokens_per_minute=6_000)
    passed = await gate.enter(tokens=500)

    await gate.leave(passed, tokens=5_000, is_answered=True)

    assert await reason(gate, tokens=100) == "tokens"


async def test_tokens_when_fewer_were_used_then_there_is_room_again(make_gate: MakeGate) -> None:
    gate = make_gate(tokens_per_minute=6_000)
    passed = await gate.enter(tokens=1_000)
    held = await reason(gate, tokens=500)

    await gate.leave(passed, tokens=10, is_answered=True)

    assert held == "tokens"
    assert await reason(gate, tokens=500) == ""


async def test_tokens_when_far_more_were_used_than_an_hour_allows_then_that_still_counts(make_gate: MakeGate) -> None:
    gate = make_gate(tokens_per_minute=600)
    passed = await gate.enter(tokens=1)

    await gate.leave(passed, tokens=10**9, is_answered=True)

    assert await reason(gate) == "tokens"


async def test_tokens_when_nobody_knows_what_was_used_then_the_estimate_stands(make_gate: MakeGate) -> None:
    gate = make_gate(tokens_per_minute=600)
    passed = await gate.enter(tokens=100)

    await gate.leave(passed, tokens=None, is_answered=False)

    assert await reason(gate, tokens=50) == "tokens"


async def test_tokens_when_a_call_is_larger_than_the_burst_then_it_may_go_when_the_bucket_is_full(make_gate: MakeGate) -> None:
    gate = make_gate(tokens_per_minute=600)

    assert [await reason(gate, tokens=50_000), await reason(gate, tokens=1)] == ["", "tokens"]


async def test_enter_when_the_tokens_have_no_room_then_no_request_is_taken_either(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    gate = make_gate(requests_per_minute=60, tokens_per_minute=600)
    await gate.enter(tokens=100)
    before = await state.hget(STATE_KEY, "requests")

    assert await reason(gate, tokens=100) == "tokens"
    assert await state.hget(STATE_KEY, "requests") == before


async def test_metric_when_calls_are_held_back_then_those_for_a_cap_or_a_pause_count(make_gate: MakeGate) -> None:
    gate, other = make_gate(requests_per_minute=1), make_gate()
    await gate.enter(tokens=1)
    before = held_metric()

    reasons = [await reason(gate)]
    await gate.pause(60)
    reasons += [await reason(gate), await reason(other)]
    await gate.trip(NO_PROBE, reason="auth")
    reasons.append(await reason(other))

    assert reasons == ["requests", "paused", "paused", "breaker"]
    assert held_metric() - before == 3


async def test_state_when_something_is_kept_then_it_goes_by_itself(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate = make_gate(requests_per_minute=60, tokens_per_minute=6_000)
    left_s = []

    async def note() -> None:
        left_s.append(await state.ttl(STATE_KEY))
        await state.delete(STATE_KEY)

    passed = await gate.enter(tokens=10)
    await note()
    await gate.leave(passed, tokens=20, is_answered=True)
    await note()
    await gate.trip(NO_PROBE, reason="auth")
    await note()
    await gate.pause(10)
    await note()

    assert all(0 < each <= 3_600 for each in left_s)
