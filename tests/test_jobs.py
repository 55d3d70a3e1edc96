"""The door to the queue: what is sent, and what becomes of it when the broker is away."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
import redis

from service.db.engine import fetch
from service.db.ids import uuid7
from service.jobs import MAX_GATHERED, DraftJob, JobSender, Priority, Publisher
from service.settings import Settings
from service.suggestions.sending import mark_queued
from tests.factories import ShopAtWork
from tests.queues import QueueReader, hanging_broker, refusing_broker
from tests.storing import store_suggestion, suggestion_row
from tests.waiting import until


@pytest.fixture
def sender(settings: Settings) -> Iterator[JobSender]:
    made = JobSender(settings.redis_url)
    yield made
    made.close()


@pytest.fixture
def queues(settings: Settings) -> Iterator[QueueReader]:
    with QueueReader(settings.redis_url) as reader:
        yield reader


async def mark_nothing(_ids: Sequence[UUID]) -> None:
    """The test has no rows."""


def jobs(count: int) -> list[DraftJob]:
    return [DraftJob(uuid7()) for _ in range(count)]


def test_send_all_when_the_broker_is_there_then_each_job_lies_in_its_queue_with_its_id_alone(
    sender: JobSender, queues: QueueReader
) -> None:
    normal, vip = uuid7(), uuid7()

    sent = sender.send_all([DraftJob(normal), DraftJob(vip, Priority.VIP)])

    assert sent == [normal, vip]
    (message,) = queues.messages("suggestions", normal)
    assert (message["actor_name"], message["args"], message["kwargs"]) == ("draft_suggestion", [], {"suggestion_id": str(normal)})
    (message,) = queues.messages("suggestions_vip", vip)
    assert (message["actor_name"], message["args"], message["kwargs"]) == ("draft_suggestion_vip", [], {"suggestion_id": str(vip)})
    assert queues.count(vip) == 1


def test_send_all_when_there_are_several_then_in_order(sender: JobSender, queues: QueueReader) -> None:
    hop = jobs(20)
    ids = [job.suggestion_id for job in hop]

    sender.send_all(hop)

    assert [message["kwargs"]["suggestion_id"] for message in queues.messages("suggestions", *ids)] == [str(each) for each in ids]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("broker", [hanging_broker, refusing_broker])
def test_send_all_when_the_broker_is_away_then_nothing_is_sent_and_the_breaker_opens(
    broker: Callable[[], AbstractContextManager[str]],
) -> None:
    with broker() as url:
        sender = JobSender(url)

        sent = sender.send_all(jobs(50))

        assert sent == []
        assert sender.is_broken
        assert not sender.ping()
        sender.close()


def test_send_all_while_the_breaker_is_open_does_not_touch_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sender = JobSender(f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        sender.send_all(jobs(1))
        server.setblocking(False)
        first, _ = server.accept()
        first.close()

        sent = [sender.send_all(jobs(1)) for _ in range(20)]

        assert sent == [[]] * 20
        with pytest.raises(BlockingIOError):
            server.accept()
        sender.close()


async def test_publish_when_the_row_is_committed_then_it_is_sent_and_marked_queued(
    shop: ShopAtWork, sender: JobSender, queues: QueueReader
) -> None:
    ids = [await store_suggestion(shop) for _ in range(5)]
    publisher = Publisher(sender, mark_queued)
    task = asyncio.create_task(publisher.run())

    for suggestion_id in ids:
        publisher.publish(DraftJob(suggestion_id))

    await until(lambda: _all_are(ids, "queued"))
    task.cancel()
    row = await suggestion_row(ids[0])
    assert row["queued_at"] is not None
    assert row["next_send_at"] > row["queued_at"]
    assert [message["kwargs"]["suggestion_id"] for message in queues.messages("suggestions", *ids)] == [str(each) for each in ids]


async def test_publish_when_there_is_a_pause_then_it_is_sent_after_those_without(
    shop: ShopAtWork, sender: JobSender, queues: QueueReader
) -> None:
    later, now = [await store_suggestion(shop) for _ in range(2)]
    publisher = Publisher(sender, mark_queued)
    task = asyncio.create_task(publisher.run())

    publisher.publish(DraftJob(later), pause_s=0.5)
    publisher.publish(DraftJob(now))

    await until(lambda: _all_are([now, later], "queued"))
    task.cancel()
    assert [message["kwargs"]["suggestion_id"] for message in queues.messages("suggestions", now, later)] == [str(now), str(later)]


async def test_publish_when_the_program_ends_in_the_pause_then_the_row_is_left_to_the_relay(
    shop: ShopAtWork, sender: JobSender, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(shop)
    publisher = Publisher(sender, mark_queued)

    publisher.publish(DraftJob(suggestion_id), pause_s=60)
    await publisher.close()

    row = await suggestion_row(suggestion_id)
    assert (row["status"], queues.messages("suggestions", suggestion_id)) == ("pending", [])
    assert row["next_send_at"] is not None


async def test_publish_when_the_broker_is_away_then_the_row_stays_pending(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    with hanging_broker() as url:
        publisher = Publisher(JobSender(url), mark_queued)

        assert await publisher.send([DraftJob(suggestion_id)]) == []
        await publisher.close()

    assert (await suggestion_row(suggestion_id))["status"] == "pending"


async def test_publish_when_a_worker_was_faster_then_its_claim_stands(shop: ShopAtWork, sender: JobSender) -> None:
    suggestion_id = await store_suggestion(shop)
    await fetch("UPDATE suggestion SET status = 'drafting' WHERE id = $1", suggestion_id)

    await Publisher(sender, mark_queued).send([DraftJob(suggestion_id)])

    assert (await suggestion_row(suggestion_id))["status"] == "drafting"


async def test_publish_when_the_marking_fails_then_the_job_is_sent_all_the_same(sender: JobSender, queues: QueueReader) -> None:
    async def fail(_ids: Sequence[UUID]) -> None:
        raise ConnectionError

    (job,) = jobs(1)

    assert await Publisher(sender, fail).send([job]) == [job.suggestion_id]
    assert queues.count(job.suggestion_id) == 1


async def test_publish_when_the_broker_hangs_then_it_returns_at_once_and_the_loop_runs_on() -> None:
    with hanging_broker() as url:
        publisher = Publisher(JobSender(url), mark_nothing)
        task = asyncio.create_task(publisher.run())
        turns = 0
        for job in jobs(200):
            publisher.publish(job)
            await asyncio.sleep(0)
            turns += 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await publisher.close()

    assert turns == 200


async def test_publish_when_more_are_gathered_than_memory_allows_then_the_rest_is_left_to_the_relay(settings: Settings) -> None:
    taken: list[UUID] = []

    async def take(ids: Sequence[UUID]) -> None:
        taken.extend(ids)

    # A database of its own in the same server: ten thousand messages would make the other tests' queues slow to read.
    url = settings.redis_url.removesuffix("/0") + "/15"
    publisher = Publisher(JobSender(url), take)
    hop = jobs(MAX_GATHERED + 5)

    for job in hop:
        publisher.publish(job)
    await publisher.close()

    with redis.Redis.from_url(url) as client:
        client.flushdb()
    assert taken == [job.suggestion_id for job in hop[:MAX_GATHERED]]


async def test_close_when_jobs_are_gathered_then_they_are_sent(settings: Settings, queues: QueueReader) -> None:
    publisher = Publisher(JobSender(settings.redis_url), mark_nothing)
    hop = jobs(3)
    for job in hop:
        publisher.publish(job)

    await publisher.close()

    assert [queues.count(job.suggestion_id) for job in hop] == [1, 1, 1]


async def _all_are(ids: Sequence[UUID], status: str) -> bool:
    rows = await fetch("SELECT id FROM suggestion WHERE id = ANY($1::uuid[]) AND status = $2", list(ids), status)
    return len(rows) == len(ids)
