"""The worker's broker: it wakes at once, loses no order, and takes what Redis says on a bad day for a lost connection."""

from __future__ import annotations

import dataclasses
import threading
from types import ModuleType
from typing import TYPE_CHECKING

import dramatiq
import pytest
import redis
from dramatiq.errors import ConnectionClosed

from service.db.ids import uuid7
from service.jobs import JobSender, Queue, message_of
from service.settings import Settings
from tests.actors.messages import jobs, taken
from tests.queues import QueueReader, refusing_broker

if TYPE_CHECKING:
    from actors.broker import WorkerBroker

WAIT_MS = 1_000


def test_consumer_when_a_job_comes_while_it_waits_then_that_ends_the_wait(broker: WorkerBroker, sender: JobSender) -> None:
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)
    (job,) = jobs(1)
    sending = threading.Timer(0.2, sender.send_all, [[job]])
    sending.start()

    # A poll that sleeps in between would have come back empty more than once.
    first, second = next(consumer), next(consumer)

    sending.join()
    assert first is None
    assert taken(second) == str(job.suggestion_id)


def test_consumer_when_many_come_while_it_waits_then_none_is_lost_and_their_order_stays(
    broker: WorkerBroker, sender: JobSender, spoilable: Settings
) -> None:
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=50, timeout=WAIT_MS)
    hop = jobs(20)
    sending = threading.Timer(0.1, sender.send_all, [hop])
    sending.start()
    assert next(consumer) is None
    sending.join()

    found = [taken(next(consumer)) for _ in hop]

    assert found == [str(job.suggestion_id) for job in hop]
    with QueueReader(spoilable.redis_url) as queues:
        assert queues.messages(Queue.SUGGESTIONS, *(job.suggestion_id for job in hop)) == []


def test_consumer_when_its_prefetch_is_full_then_it_takes_the_next_after_an_ack(broker: WorkerBroker, sender: JobSender) -> None:
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=1, timeout=WAIT_MS)
    first_job, second_job = jobs(2)
    sender.send_all([first_job, second_job])
    first = next(consumer)
    assert first is not None
    assert next(consumer) is None

    consumer.ack(first)

    assert taken(first) == str(first_job.suggestion_id)
    assert taken(next(consumer)) == str(second_job.suggestion_id)


def test_consumer_when_the_worker_stops_then_what_it_had_not_begun_goes_back(
    broker: WorkerBroker, sender: JobSender, spoilable: Settings
) -> None:
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)
    (job,) = jobs(1)
    sender.send_all([job])
    message = next(consumer)
    assert message is not None

    consumer.requeue([message])

    with QueueReader(spoilable.redis_url) as queues:
        assert queues.count(job.suggestion_id) == 1


def test_consumer_when_the_broker_is_away_then_a_wait_is_a_lost_connection_and_a_stop_goes_on(
    actors_package: ModuleType, settings: Settings
) -> None:
    assert actors_package
    from actors.broker import make_broker  # noqa: PLC0415 - the package must be loaded by its fixture

    with refusing_broker() as url:
        broker = make_broker(dataclasses.replace(settings, redis_url=url))
        broker.declare_queue(Queue.SUGGESTIONS)
        consumer = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)
        (job,) = jobs(1)

        with pytest.raises(ConnectionClosed):
            next(consumer)
        consumer.requeue([dramatiq.broker.MessageProxy(message_of(job).copy(options={"redis_message_id": "1"}))])
        broker.client.close()


@pytest.mark.parametrize(
    "command", [("CONFIG", "SET", "maxmemory", "1"), ("REPLICAOF", "127.0.0.1", "1")], ids=["out of memory", "read only"]
)
def test_broker_when_redis_takes_no_writes_then_that_is_a_lost_connection(
    broker: WorkerBroker, command: tuple[str, ...], actors_package: ModuleType
) -> None:
    broker.client.execute_command(*command)
    message = actors_package.draft_suggestion.message(suggestion_id=str(uuid7()))

    with pytest.raises(redis.ConnectionError, match="during enqueue"):
        broker.enqueue(message.copy(queue_name=Queue.SUGGESTIONS))
