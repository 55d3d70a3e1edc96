"""A consumer that wakes at once and strands nothing. Stock Dramatiq polls, up to a second apart, and keeps for ever what it forgot.

It waits with BLMOVE from the queue's right end to the same right end: Redis answers the moment something is there and the list
stays as it was, so that a wake-up can be neither lost nor left over, and the sender does nothing for it.

Redis counts a message as ours until we acknowledge it, for as long as this process lives. What we hold in truth is in `holdings`;
the difference (a reply that was lost, retries in back-off that Dramatiq drops when its connection breaks, an acknowledgement that
did not get through) goes back to the queue. A message that comes twice for it finds its row claimed or done.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import redis
import structlog
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.common import dq_name
from dramatiq.errors import ConnectionClosed, DecodeError
from dramatiq.message import Message

if TYPE_CHECKING:
    from actors.broker import WorkerBroker

MAX_WAIT_S = 1.0
"""How long one wait may last; a stop or a due retry is noticed this late."""

STOCK_SLEEP_MS = 1
"""What is left of the stock consumer's own sleep."""

log = structlog.get_logger()


class WakingConsumer(_RedisConsumer):
    """Waits for work only after a fetch that found none; with its prefetch full it waits for a slot instead."""

    broker: WorkerBroker

    def __init__(self, broker: RedisBroker, queue_name: str, prefetch: int, timeout: int) -> None:
        super().__init__(broker, queue_name, prefetch, STOCK_SLEEP_MS)
        self._wait_s = min(timeout / 1000, MAX_WAIT_S)
        self._queue_key = f"{broker.namespace}:{queue_name}"
        self._acks_key = f"{broker.namespace}:__acks__.{broker.broker_id}.{queue_name}"
        self._slot_freed = threading.Event()
        self._may_have_stranded = True
        if queue_name == dq_name(queue_name):
            # Dramatiq has dropped what the consumer before us held back until its time.
            self.broker.holdings.clear(queue_name)

    def __next__(self) -> MessageProxy | None:
        """Return a message, or None after a wait."""
        if self._may_have_stranded and not self.message_cache:
            self._hand_back()
        if self.broker.is_stopping:
            self._rest()
            return None
        is_full = not self.message_cache and self.outstanding_message_count >= self.prefetch
        self._slot_freed.clear()
        try:
            message: MessageProxy | None = super().__next__()
        except DecodeError:
            self._bury_undecodable()
            return None
        if message is None:
            self._wait(is_full=is_full)
            return None
        if "redis_message_id" not in message.options:
            self.queued_message_ids.discard(message.message_id)
            self._bury_undecodable()
            return None
        self.broker.holdings.add(self.queue_name, message.options["redis_message_id"])
        return message

    def ack(self, message: MessageProxy) -> None:
        """Acknowledge, and let the consumer fetch again."""
        with self._finishing(message):
            super().ack(message)

    def nack(self, message: MessageProxy) -> None:
        """Reject, and let the consumer fetch again."""
        with self._finishing(message):
            super().nack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Give back what has not begun. With Redis away the worker must still stop: the relay sends those rows again."""
        given_back = list(messages)
        try:
            super().requeue(given_back)
        except redis.RedisError as error:
            log.warning("worker.requeue_failed", queue=self.queue_name, error_type=type(error).__name__)
        for message in given_back:
            self.broker.holdings.drop(self.queue_name, message.options["redis_message_id"])

    def _rest(self) -> None:
        """Take nothing more, and say that we live: what is still running is ours."""
        with _lost_connections():
            self.broker.do_fetch(self.queue_name, 0)
        self._slot_freed.wait(self._wait_s)

    @contextmanager
    def _finishing(self, message: MessageProxy) -> Iterator[None]:
        """Go on when Redis cannot be told that a message is done with: its row is done, and if it comes again it finds that.

        Stock Dramatiq keeps the thread until Redis is back, and with it the worker from stopping.
        """
        try:
            yield
        except (ConnectionClosed, redis.RedisError) as error:
            self._may_have_stranded = True
            log.warning("worker.not_acknowledged", queue=self.queue_name, error_type=type(error).__name__)
        finally:
            self.broker.holdings.drop(self.queue_name, message.options["redis_message_id"])
            self._slot_freed.set()

    def _hand_back(self) -> None:
        """Return to the queue what Redis takes for ours and we do not have."""
        # First: an acknowledgement that fails meanwhile, in another thread, asks for the next time.
        self._may_have_stranded = False
        with _lost_connections():
            stranded = self._not_held()
            if stranded:
                self.broker.do_requeue(self.queue_name, *stranded)
                log.warning("worker.stranded_messages_returned", queue=self.queue_name, count=len(stranded))

    def _bury_undecodable(self) -> None:
        """Move what is no message to Dramatiq's dead letters. By itself it would end the consumer, and come back for ever."""
        with _lost_connections():
            for redis_id in self._not_held():
                raw: Any = self.broker.client.hget(f"{self._queue_key}.msgs", redis_id)
                if raw is not None and not _is_message(raw):
                    self.broker.do_nack(self.queue_name, redis_id)
                    log.error("worker.undecodable_message_buried", queue=self.queue_name, size_bytes=len(raw))

    def _not_held(self) -> list[bytes]:
        ours: Any = self.broker.client.smembers(self._acks_key)
        return self.broker.holdings.missing(self.queue_name, ours)

    def _wait(self, *, is_full: bool) -> None:
        if is_full:
            self._slot_freed.wait(self._wait_s)
            return
        try:
            with _lost_connections():
                self.broker.client.blmove(self._queue_key, self._queue_key, self._wait_s, "RIGHT", "RIGHT")  # type: ignore[arg-type] # fractions too
        except redis.RedisError:
            # Read-only during a failover, or out of memory: poll as stock Dramatiq would.
            self._slot_freed.wait(self._wait_s)


@contextmanager
def _lost_connections() -> Iterator[None]:
    """Tell Dramatiq in its own words that the connection is lost: it makes a new consumer after three seconds."""
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise ConnectionClosed(error) from None


def _is_message(raw: bytes) -> bool:
    try:
        return "redis_message_id" in Message.decode(raw).options
    except DecodeError:
        return False
