"""A consumer that wakes at once: stock Dramatiq polls, up to a second apart.

It waits with BLMOVE from the queue's right end to the same right end: Redis answers the moment something is there and the list
stays as it was, so that a wake-up can be neither lost nor left over, and the sender does nothing for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

import redis
import structlog
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import ConnectionClosed

MAX_WAIT_S = 1.0
"""How long one wait may last; a stop or a due retry is noticed this late."""

STOCK_SLEEP_MS = 1
"""What is left of the stock consumer's own sleep."""

log = structlog.get_logger()


class WakingConsumer(_RedisConsumer):
    """Waits for work only after a fetch that found none; with its prefetch full it waits for a slot instead."""

    def __init__(self, broker: RedisBroker, queue_name: str, prefetch: int, timeout: int) -> None:
        super().__init__(broker, queue_name, prefetch, STOCK_SLEEP_MS)
        self._wait_s = min(timeout / 1000, MAX_WAIT_S)
        self._queue_key = f"{broker.namespace}:{queue_name}"
        self._slot_freed = threading.Event()

    def __next__(self) -> MessageProxy | None:
        """Return a message, or None after a wait."""
        is_full = not self.message_cache and self.outstanding_message_count >= self.prefetch
        self._slot_freed.clear()
        message: MessageProxy | None = super().__next__()
        if message is None:
            self._wait(is_full=is_full)
        return message

    def ack(self, message: MessageProxy) -> None:
        """Acknowledge, and let the consumer fetch again."""
        super().ack(message)
        self._slot_freed.set()

    def nack(self, message: MessageProxy) -> None:
        """Reject, and let the consumer fetch again."""
        super().nack(message)
        self._slot_freed.set()

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Give back what has not begun. With Redis away the worker must still stop: the relay sends those rows again."""
        try:
            super().requeue(messages)
        except redis.RedisError as error:
            log.warning("worker.requeue_failed", queue=self.queue_name, error_type=type(error).__name__)

    def _wait(self, *, is_full: bool) -> None:
        if is_full:
            self._slot_freed.wait(self._wait_s)
            return
        try:
            self.broker.client.blmove(self._queue_key, self._queue_key, self._wait_s, "RIGHT", "RIGHT")
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise ConnectionClosed(error) from None
        except redis.RedisError:
            # Read-only during a failover, or out of memory: poll as stock Dramatiq would.
            self._slot_freed.wait(self._wait_s)
