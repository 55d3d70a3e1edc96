"""What a worker process has taken from Redis and not yet dealt with."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable


class Holdings:
    """The Redis ids of what this process has in memory, by queue; outlives its consumers, which are made anew after each error."""

    def __init__(self) -> None:
        self._held: dict[str, set[str]] = defaultdict(set)
        self._lock = threading.Lock()

    def add(self, queue_name: str, redis_id: str) -> None:
        """Note a message that was handed to the worker."""
        with self._lock:
            self._held[queue_name].add(redis_id)

    def drop(self, queue_name: str, redis_id: str) -> None:
        """Note that the worker is through with it."""
        with self._lock:
            self._held[queue_name].discard(redis_id)

    def clear(self, queue_name: str) -> None:
        """Note that all of a queue was dropped."""
        with self._lock:
            self._held[queue_name].clear()

    def missing(self, queue_name: str, redis_ids: Iterable[bytes]) -> list[bytes]:
        """Return those of the ids that are not in memory."""
        with self._lock:
            return [each for each in redis_ids if each.decode(errors="replace") not in self._held[queue_name]]
