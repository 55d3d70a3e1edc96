"""The gate's state in a real Valkey, and gates as several workers have them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
import redis.asyncio

from service.model_gate import ModelGate
from service.model_gate.scripts import STATE_KEY
from service.settings import Settings
from tests.model_gate.gates import MakeGate


@pytest_asyncio.fixture
async def state(settings: Settings) -> AsyncIterator[redis.asyncio.Redis]:
    """The gate's state in Redis, empty before and after."""
    client = redis.asyncio.Redis.from_url(settings.redis_url)
    await client.delete(STATE_KEY)
    yield client
    await client.delete(STATE_KEY)
    await client.aclose()


@pytest_asyncio.fixture
async def make_gate(settings: Settings, state: redis.asyncio.Redis) -> AsyncIterator[MakeGate]:
    """Make a gate as a worker has one."""
    assert state is not None
    made: list[ModelGate] = []

    def make(**caps: int) -> ModelGate:
        gate = ModelGate(redis.asyncio.Redis.from_url(settings.redis_url, socket_timeout=5), **caps)
        made.append(gate)
        return gate

    yield make
    for gate in made:
        await gate.close()
