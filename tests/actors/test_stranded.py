"""The worker's consumer strands nothing: what Redis takes for ours and we do not have goes back; what is no message is buried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dramatiq.common import dq_name

from service.jobs import JobSender, Queue
from service.settings import Settings
from tests.actors.messages import jobs, taken
from tests.queues import QueueReader

if TYPE_CHECKING:
    from actors.broker import WorkerBroker

WAIT_MS = 100


def acknowledging(broker: WorkerBroker, queue: str) -> set[bytes]:
    """Return what Redis takes for this worker's."""
    found: Any = broker.client.smembers(f"dramatiq:__acks__.{broker.broker_id}.{queue}")
    return set(found)


def test_consumer_when_made_anew_then_what_the_old_one_had_fetched_and_not_handed_on_comes_again(
    broker: WorkerBroker, sender: JobSender
) -> None:
    hop = jobs(3)
    sender.send_all(hop)
    first = next(broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS))

    # The connection broke: two were fetched with the first and are in nobody's hands.
    later = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)
    found = {taken(next(later)), taken(next(later))}

    assert found == {str(job.suggestion_id) for job in hop} - {taken(first)}
    assert next(later) is None


def test_consumer_when_made_anew_then_retries_in_back_off_come_again(broker: WorkerBroker, sender: JobSender) -> None:
    (job,) = jobs(1)
    sender.send_all([job])
    message = next(broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS))
    assert message is not None
    broker.enqueue(message._message, delay=60_000)
    delayed = dq_name(Queue.SUGGESTIONS)
    assert taken(next(broker.consume(delayed, prefetch=5, timeout=WAIT_MS))) == str(job.suggestion_id)

    # Dramatiq drops what it holds back until its time whenever the connection breaks.
    again = next(broker.consume(delayed, prefetch=5, timeout=WAIT_MS))

    assert taken(again) == str(job.suggestion_id)


def test_consumer_when_an_acknowledgement_fails_then_the_thread_goes_on_and_the_message_comes_again(
    broker: WorkerBroker, sender: JobSender
) -> None:
    (job,) = jobs(1)
    sender.send_all([job])
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)
    message = next(consumer)
    assert message is not None
    broker.client.config_set("maxmemory", 1)
    consumer.ack(message)
    broker.client.config_set("maxmemory", 0)

    again = next(consumer)
    assert again is not None
    consumer.ack(again)

    assert taken(again) == str(job.suggestion_id)
    assert acknowledging(broker, Queue.SUGGESTIONS) == set()


@pytest.mark.parametrize("raw", [b"\xff\xfe no JSON", b"[]", b"{}"], ids=["bytes", "list", "object"])
def test_consumer_when_something_is_no_message_then_it_is_buried_and_its_neighbours_are_taken(
    broker: WorkerBroker, sender: JobSender, raw: bytes
) -> None:
    before, after = jobs(1), jobs(1)
    sender.send_all(before)
    broker.client.hset("dramatiq:suggestions.msgs", "bad", raw)
    broker.client.rpush("dramatiq:suggestions", "bad")
    sender.send_all(after)
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)

    found = [next(consumer) for _ in range(3)]

    assert [taken(each) for each in found if each is not None] == [str(job.suggestion_id) for job in (*before, *after)]
    assert broker.client.zrange("dramatiq:suggestions.XQ", 0, -1) == [b"bad"]


def test_consumer_when_a_message_has_no_id_of_redis_then_it_is_buried(broker: WorkerBroker, sender: JobSender) -> None:
    sender.send_all(jobs(1))
    (redis_id,) = broker.client.lrange("dramatiq:suggestions", 0, -1)
    raw: Any = broker.client.hget("dramatiq:suggestions.msgs", redis_id)
    broker.client.hset("dramatiq:suggestions.msgs", redis_id, raw.replace(b"redis_message_id", b"other_id"))
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)

    assert next(consumer) is None
    assert broker.client.zrange("dramatiq:suggestions.XQ", 0, -1) == [redis_id]


def test_consumer_when_the_worker_is_stopping_then_it_takes_nothing_more_and_still_says_that_it_lives(
    broker: WorkerBroker, sender: JobSender, spoilable: Settings
) -> None:
    consumer = broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=WAIT_MS)
    (job,) = jobs(1)
    sender.send_all([job])
    broker.client.delete("dramatiq:__heartbeats__")
    broker.is_stopping = True

    assert next(consumer) is None

    with QueueReader(spoilable.redis_url) as queues:
        assert queues.count(job.suggestion_id) == 1
    assert broker.client.zscore("dramatiq:__heartbeats__", broker.broker_id) is not None
