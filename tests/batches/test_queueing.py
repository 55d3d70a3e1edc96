"""Batches in the relay and in the queues: each step is sent once, and live mail goes before all of a batch's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
import pytest_asyncio
import redis

from service.batches import repository, service
from service.batches.advancing import advance
from service.db.engine import fetch, fetch_row
from service.jobs import BatchJob, DraftJob, JobSender, Priority, Publisher
from service.relay import relay_batches, relay_once
from service.settings import Settings
from service.suggestions.sending import mark_queued
from service.suggestions.service import Desk
from tests.api.agents import ready
from tests.batches.asking import ask, make_due, many_mails, message_of, no_provider, of_batch, step
from tests.factories import ShopAtWork
from tests.queues import QueueReader, hanging_broker
from tests.storing import store_suggestion, suggestion_row


@pytest_asyncio.fixture
async def alone(shop: ShopAtWork) -> ShopAtWork:
    """A shop that is the only one with batches and suggestions for the relay, which takes a new Valkey for one that forgot all."""
    await fetch(
        "UPDATE suggestion SET status = 'superseded' WHERE shop <> $1 AND status IN ('pending', 'queued', 'drafting')", shop.id
    )
    await fetch("UPDATE batch SET next_step_at = now() + interval '1 day' WHERE shop <> $1", shop.id)
    return shop


@pytest_asyncio.fixture
async def publisher(spoilable: Settings) -> AsyncIterator[Publisher]:
    """A publisher to a Valkey that is only this test's."""
    made = Publisher(JobSender(spoilable.redis_url), mark_queued)
    yield made
    await made.close()


@pytest.fixture
def queues(spoilable: Settings) -> Iterator[QueueReader]:
    with QueueReader(spoilable.redis_url) as reader:
        yield reader


def in_queue(settings: Settings, queue: str) -> list[dict[str, Any]]:
    """Return all that waits in a queue, the first to be fetched first."""
    with redis.Redis.from_url(settings.redis_url) as client:
        ids: Any = client.lrange(f"dramatiq:{queue}", 0, -1)
        raw: Any = [client.hget(f"dramatiq:{queue}.msgs", each) for each in ids]
    return [msgspec.json.decode(each) for each in raw]


async def next_step_in(batch_id: object) -> timedelta | None:
    row = await fetch_row("SELECT next_step_at - now() AS wait FROM batch WHERE id = $1", batch_id)
    wait: timedelta | None = row["wait"]
    return wait


async def test_send_when_a_batch_is_among_suggestions_then_each_lies_in_its_queue_and_only_they_are_marked(
    alone: ShopAtWork, publisher: Publisher, spoilable: Settings
) -> None:
    suggestion_id, batch_id = await store_suggestion(alone), uuid4()

    sent = await publisher.send([BatchJob(batch_id), DraftJob(suggestion_id)])

    assert sent == [batch_id, suggestion_id]
    (message,) = in_queue(spoilable, "suggestions_batch")
    assert (message["actor_name"], message["args"], message["kwargs"]) == ("advance_batch", [], {"batch_id": str(batch_id)})
    assert (await suggestion_row(suggestion_id))["status"] == "queued"


async def test_relay_when_batches_are_due_then_each_is_sent_once_by_however_many_relays(
    alone: ShopAtWork, publisher: Publisher, spoilable: Settings
) -> None:
    ids = [await ask(alone, [uuid4()]) for _ in range(20)]
    other = Publisher(JobSender(spoilable.redis_url), mark_queued)

    counts = await asyncio.gather(*(relay_batches(each) for each in (publisher, other, publisher, other)))
    await other.close()

    assert sum(counts) == 20
    assert sorted(message["kwargs"]["batch_id"] for message in in_queue(spoilable, "suggestions_batch")) == sorted(map(str, ids))
    assert await relay_batches(publisher) == 0


async def test_relay_when_a_batch_is_over_or_not_due_then_it_is_left(alone: ShopAtWork, publisher: Publisher, desk: Desk) -> None:
    over, later = await ask(alone, [uuid4()]), await ask(alone, [uuid4()])
    assert await step(over, desk) == "ended"
    await fetch("UPDATE batch SET next_step_at = now() + interval '5 s' WHERE id = $1", later)

    assert await relay_batches(publisher) == 0


async def test_relay_when_the_broker_hangs_then_the_batch_is_due_again_soon(alone: ShopAtWork) -> None:
    batch_id = await ask(alone, [uuid4()])
    with hanging_broker() as url:
        away = Publisher(JobSender(url), mark_queued)

        assert await relay_batches(away) == 0
        assert await relay_batches(away) == 0
        await away.close()

    wait = await next_step_in(batch_id)
    assert wait is not None
    assert wait <= timedelta(seconds=repository.SENT_S)


async def test_take_when_there_are_more_than_the_limit_then_the_longest_due_first(alone: ShopAtWork) -> None:
    first, second, third = [await ask(alone, [uuid4()]) for _ in range(3)]
    await fetch("UPDATE batch SET next_step_at = now() - interval '1 h' WHERE id = $1", third)

    taken = [[job.batch_id for job in await service.take_due(1)] for _ in range(3)]

    assert taken == [[third], [first], [second]]


async def test_step_when_the_batch_is_cancelled_while_it_works_then_the_next_is_due_at_once(alone: ShopAtWork) -> None:
    batch_id = await ask(alone, [uuid4()])
    assert await repository.begin_step(batch_id)
    await service.cancel(alone.id, batch_id)

    await repository.schedule(batch_id, 60)

    assert [job.batch_id for job in await service.take_due(10)] == [batch_id]


async def test_end_when_not_all_is_expanded_then_the_batch_runs_on(alone: ShopAtWork) -> None:
    batch_id = await ask(alone, [uuid4()])

    assert not await repository.end(alone.id, batch_id)


async def test_step_when_it_ends_before_all_is_drafted_then_the_next_is_due_soon(alone: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(alone, [await message_of(await ready(alone))])

    assert await step(batch_id, desk) == "moved_on"

    wait = await next_step_in(batch_id)
    assert wait is not None
    assert wait <= timedelta(seconds=10)


async def test_step_when_its_database_trouble_is_over_then_the_queues_retry_may_take_it(alone: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(alone, [uuid4()])
    await fetch("ALTER TABLE message RENAME TO hidden_message")
    try:
        with pytest.raises(Exception, match="message"):
            await step(batch_id, desk)
    finally:
        await fetch("ALTER TABLE hidden_message RENAME TO message")

    assert await advance(batch_id, desk=desk, open_provider=no_provider) == "ended"


async def test_step_when_the_batch_is_over_or_was_never_made_then_nothing_is_done(alone: ShopAtWork, desk: Desk) -> None:
    over = await ask(alone, [uuid4()])
    await step(over, desk)

    assert [await advance(each, desk=desk, open_provider=no_provider) for each in (over, uuid4())] == ["not_due"] * 2


async def test_live_mail_when_a_batch_is_due_too_then_it_is_sent_before_it_and_in_queues_of_its_own(
    alone: ShopAtWork, publisher: Publisher, spoilable: Settings, desk: Desk
) -> None:
    batch_id = await ask(alone, await many_mails(alone, 100))
    await step(batch_id, desk)
    normal = await store_suggestion(alone, from_="bob@customer.example", head_start_s=0)
    vip = await store_suggestion(alone, from_="vip@customer.example", head_start_s=0)
    await fetch("UPDATE suggestion SET priority = $2 WHERE id = $1", vip, int(Priority.VIP))

    await relay_once(publisher, limit=10)

    def waiting(queue: str) -> list[str]:
        return [message["kwargs"]["suggestion_id"] for message in in_queue(spoilable, queue)]

    # Each queue has its own consumer in a worker; among what is fetched, the patience decides.
    assert (waiting("suggestions_vip"), waiting("suggestions")) == ([str(vip)], [str(normal)])
    assert len(waiting("suggestions_batch")) == 8
    await relay_once(publisher, limit=200)
    assert sorted(waiting("suggestions_batch")) == sorted(str(row["id"]) for row in await of_batch(batch_id))


async def test_batch_when_the_queues_are_lost_then_its_suggestions_are_sent_again(
    alone: ShopAtWork, publisher: Publisher, spoilable: Settings, desk: Desk
) -> None:
    batch_id = await ask(alone, await many_mails(alone, 20))
    await step(batch_id, desk)
    await relay_once(publisher)
    with redis.Redis.from_url(spoilable.redis_url) as client:
        client.flushall()

    await relay_once(publisher)
    await make_due(batch_id)
    await relay_batches(publisher)

    actors = [message["actor_name"] for message in in_queue(spoilable, "suggestions_batch")]
    assert sorted(actors) == ["advance_batch", *["draft_suggestion_of_batch"] * 20]
