"""The gate when Redis is away, slow, new, overrun or full of rubbish: open, and heard of once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from structlog.testing import capture_logs

from service.model_gate import ModelGate
from service.model_gate.scripts import STATE_KEY
from service.settings import Settings
from tests.model_gate.gates import NO_PROBE, MakeGate, breaker_metric, reason
from tests.proxy import Proxy


@pytest_asyncio.fixture
async def proxied(settings: Settings, state: redis.asyncio.Redis) -> AsyncIterator[tuple[Proxy, redis.asyncio.Redis]]:
    """A worker's client of Redis, and what stands between them."""
    assert state is not None
    url = urlsplit(settings.redis_url)
    assert url.port is not None
    with Proxy(url.port) as proxy:
        netloc = url.netloc.replace(f":{url.port}", f":{proxy.port}")
        client = redis.asyncio.Redis.from_url(url._replace(netloc=netloc).geturl(), socket_timeout=5, retry=Retry(NoBackoff(), 0))
        yield proxy, client
        await client.aclose()


async def test_gate_when_redis_has_forgotten_the_scripts_then_it_goes_on(make_gate: MakeGate, state: redis.asyncio.Redis) -> None:
    gate = make_gate(requests_per_minute=1)
    await gate.enter(tokens=1)

    await state.script_flush()

    assert await reason(gate) == "requests"


async def test_gate_when_five_hundred_jobs_ask_at_once_then_the_caps_hold(make_gate: MakeGate) -> None:
    gate = make_gate(requests_per_minute=1)

    with capture_logs() as logs:
        reasons = await asyncio.gather(*(reason(gate) for _ in range(500)))

    assert [reasons.count(""), reasons.count("requests")] == [1, 499]
    assert logs == []


async def test_gate_when_its_key_is_something_else_then_it_is_open_and_says_so_once(
    make_gate: MakeGate, state: redis.asyncio.Redis
) -> None:
    await state.set(STATE_KEY, "x")
    gate = make_gate(requests_per_minute=1)

    with capture_logs() as logs:
        reasons = [await reason(gate) for _ in range(3)]

    assert reasons == ["", "", ""]
    assert [(each["event"], each["error_type"]) for each in logs] == [("model_gate.redis_away", "ResponseError")]


@pytest.mark.parametrize("rubbish", ["x", "", "nan", "inf", "-inf", "1e300", "-5", "9999999999999", b"\x00\xff"])
async def test_gate_when_its_fields_are_rubbish_then_they_do_not_count(
    make_gate: MakeGate, state: redis.asyncio.Redis, rubbish: str | bytes
) -> None:
    fields = ("open_for", "open_until", "probe_until", "paused_until", "requests", "tokens")
    await state.hset(STATE_KEY, mapping=dict.fromkeys(fields, rubbish))
    gate = make_gate(requests_per_minute=1, tokens_per_minute=600)

    assert [await reason(gate), await reason(gate)] == ["", "requests"]


async def test_gate_when_redis_is_away_then_it_is_open_and_says_so_once(proxied: tuple[Proxy, redis.asyncio.Redis]) -> None:
    proxy, client = proxied
    proxy.refuse()
    gate = ModelGate(client, requests_per_minute=1)

    with capture_logs() as logs:
        passes = [await gate.enter(tokens=1) for _ in range(5)]
        await gate.leave(passes[0], tokens=7, is_answered=True)

    assert passes == [NO_PROBE] * 5
    assert [each["event"] for each in logs] == ["model_gate.redis_away"]


async def test_gate_when_redis_has_just_been_away_then_it_is_left_alone_for_a_while(
    proxied: tuple[Proxy, redis.asyncio.Redis], make_gate: MakeGate
) -> None:
    proxy, client = proxied
    gate = ModelGate(client)
    proxy.refuse()
    await gate.enter(tokens=1)
    await make_gate().pause(60)

    proxy.pass_on()

    assert await reason(gate) == ""


async def test_leave_when_there_is_nothing_to_tell_then_redis_is_not_asked(proxied: tuple[Proxy, redis.asyncio.Redis]) -> None:
    proxy, client = proxied
    gate = ModelGate(client, requests_per_minute=60)
    passed = await gate.enter(tokens=1)
    proxy.refuse()

    with capture_logs() as logs:
        await gate.leave(passed, tokens=500, is_answered=True)

    assert logs == []


async def test_gate_when_redis_hangs_then_it_is_open_and_what_comes_late_is_nobodys_answer(
    proxied: tuple[Proxy, redis.asyncio.Redis], state: redis.asyncio.Redis
) -> None:
    proxy, client = proxied
    gate = ModelGate(client)
    await gate.enter(tokens=1)
    proxy.hang()
    assert [await reason(gate) for _ in range(3)] == ["", "", ""]

    proxy.pass_on()
    await state.hset(STATE_KEY, "paused_until", 60_000 + 1000 * (await state.time())[0])

    # A new gate does not rest, and takes over the connections.
    assert await reason(ModelGate(client)) == "paused"


@pytest.mark.parametrize("is_known", [False, True], ids=["tripped without Redis", "tripped before"])
async def test_breaker_when_redis_is_away_then_this_worker_stops_by_itself(
    proxied: tuple[Proxy, redis.asyncio.Redis], is_known: bool
) -> None:
    proxy, client = proxied
    gate = ModelGate(client)
    passed = await gate.enter(tokens=1)
    if is_known:
        await gate.trip(passed, reason="auth")
    proxy.refuse()
    if not is_known:
        await gate.trip(passed, reason="auth")

    assert [await reason(gate), await reason(gate)] == ["breaker", "breaker"]
    assert breaker_metric() == 1


async def test_breaker_when_another_worker_tripped_it_and_redis_goes_then_whoever_heard_of_it_stops(
    proxied: tuple[Proxy, redis.asyncio.Redis], make_gate: MakeGate
) -> None:
    proxy, client = proxied
    gate = ModelGate(client)
    await make_gate().trip(NO_PROBE, reason="auth")
    assert await reason(gate) == "breaker"

    proxy.refuse()

    assert await reason(gate) == "breaker"


async def test_breaker_when_many_calls_are_refused_without_redis_then_it_says_so_once(
    proxied: tuple[Proxy, redis.asyncio.Redis],
) -> None:
    proxy, client = proxied
    proxy.refuse()
    gate = ModelGate(client)

    with capture_logs() as logs:
        for _ in range(3):
            await gate.trip(NO_PROBE, reason="quota")

    assert [each["event"] for each in logs] == ["model_gate.redis_away", "model_gate.breaker_opened"]


async def test_breaker_when_redis_says_that_it_is_closed_then_this_workers_memory_does_not_count(
    proxied: tuple[Proxy, redis.asyncio.Redis], state: redis.asyncio.Redis
) -> None:
    proxy, client = proxied
    gate = ModelGate(client)
    await gate.trip(NO_PROBE, reason="auth")
    await state.delete(STATE_KEY)

    with_redis = await reason(gate)
    proxy.refuse()
    without = await reason(gate)

    assert (with_redis, without, breaker_metric()) == ("", "", 0)


async def test_pause_when_redis_is_away_then_this_worker_keeps_to_it_and_a_trip_does_not_shorten_it(
    proxied: tuple[Proxy, redis.asyncio.Redis],
) -> None:
    proxy, client = proxied
    proxy.refuse()
    gate = ModelGate(client)
    await gate.pause(120)

    await gate.trip(NO_PROBE, reason="auth")

    assert await reason(gate) == "paused"
