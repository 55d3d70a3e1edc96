"""The relay and a Redis that has forgotten the queues, or has enough in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import redis

from service.db.engine import fetch
from service.jobs import JobSender, Priority, Publisher, Queue
from service.jobs.state import LONG_QUEUE
from service.relay import relay_once
from service.settings import Settings
from service.suggestions.sending import mark_queued
from tests.factories import ShopAtWork
from tests.queues import QueueReader
from tests.storing import store_suggestion, suggestion_row


@pytest_asyncio.fixture
async def publisher(spoilable: Settings) -> AsyncIterator[Publisher]:
    """A publisher to a Redis of its own, which has been seen once."""
    made = Publisher(JobSender(spoilable.redis_url), mark_queued)
    await made.state()
    yield made
    await made.close()


@pytest.fixture
def client(spoilable: Settings) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(spoilable.redis_url) as connected:
        yield connected


@pytest.fixture
def queues(spoilable: Settings) -> Iterator[QueueReader]:
    with QueueReader(spoilable.redis_url) as reader:
        yield reader


@pytest_asyncio.fixture
async def alone(shop: ShopAtWork) -> ShopAtWork:
    """A shop that is the only one with rows for the relay: those of earlier tests are done with."""
    await fetch(
        "UPDATE suggestion SET status = 'skipped', reason_code = 'superseded' WHERE status IN ('pending', 'queued', 'drafting')"
    )
    return shop


async def fill(client: redis.Redis, queue: Queue) -> None:
    """Let a queue be long; nobody reads these."""
    client.rpush(f"dramatiq:{queue}", *("x" for _ in range(LONG_QUEUE)))


async def test_pass_when_redis_was_wiped_then_what_was_queued_is_sent_again(
    alone: ShopAtWork, publisher: Publisher, client: redis.Redis, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)
    assert await relay_once(publisher) == 1
    client.flushall()

    sent = await relay_once(publisher)

    assert sent == 1
    assert queues.count(suggestion_id) == 1


async def test_pass_when_redis_was_wiped_then_only_one_relay_makes_rows_due(
    alone: ShopAtWork, publisher: Publisher, client: redis.Redis, spoilable: Settings, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)
    other = Publisher(JobSender(spoilable.redis_url), mark_queued)
    await relay_once(publisher)
    client.flushall()
    await relay_once(publisher)

    sent = await relay_once(other)
    await other.close()

    assert sent == 0
    assert queues.count(suggestion_id) == 1


async def test_pass_when_redis_was_not_wiped_then_what_is_queued_is_left(
    alone: ShopAtWork, publisher: Publisher, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)
    await relay_once(publisher)

    assert await relay_once(publisher) == 0
    assert queues.count(suggestion_id) == 1


async def test_pass_when_a_queue_is_long_then_its_rows_wait_in_postgres_and_the_others_are_sent(
    alone: ShopAtWork, publisher: Publisher, client: redis.Redis, queues: QueueReader
) -> None:
    normal = await store_suggestion(alone, head_start_s=0)
    vip = await store_suggestion(alone, head_start_s=0, from_="vip@customer.example")
    await fetch("UPDATE suggestion SET priority = $2 WHERE id = $1", vip, int(Priority.VIP))
    await fill(client, Queue.SUGGESTIONS)

    sent = await relay_once(publisher)

    assert sent == 1
    assert [(await suggestion_row(each))["status"] for each in (normal, vip)] == ["pending", "queued"]
    assert len(queues.messages(Queue.SUGGESTIONS_VIP, vip)) == 1


async def test_pass_when_many_have_piled_up_then_vips_leave_first(alone: ShopAtWork, publisher: Publisher) -> None:
    ids = [await store_suggestion(alone, head_start_s=0, from_=f"customer-{number}@customer.example") for number in range(6)]
    await fetch("UPDATE suggestion SET priority = $2 WHERE id = ANY($1::uuid[])", ids[4:], int(Priority.VIP))
    await fetch("UPDATE suggestion SET priority = $2 WHERE id = $1", ids[0], int(Priority.BATCH))

    assert await relay_once(publisher, limit=3) == 3

    assert [(await suggestion_row(each))["status"] for each in ids] == ["pending", "queued", *["pending"] * 2, "queued", "queued"]
