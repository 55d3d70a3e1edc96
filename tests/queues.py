"""What lies in Dramatiq's queues, read as it lies in Valkey; and brokers that do not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
import redis


class QueueReader:
    """Reads one Valkey; a context manager."""

    def __init__(self, redis_url: str) -> None:
        self._client = redis.Redis.from_url(redis_url)

    def __enter__(self) -> QueueReader:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def messages(self, queue: str, *suggestion_ids: UUID) -> list[dict[str, Any]]:
        """Return the waiting messages for these suggestions, in the order in which they will be fetched."""
        wanted = {str(suggestion_id) for suggestion_id in suggestion_ids}
        ids: Any = self._client.lrange(f"dramatiq:{queue}", 0, -1)
        found = [self._decode(queue, each) for each in ids]
        return [message for message in found if message["kwargs"].get("suggestion_id") in wanted]

    def count(self, suggestion_id: UUID) -> int:
        """Return how often a suggestion waits, in both queues."""
        return sum(len(self.messages(queue, suggestion_id)) for queue in ("suggestions", "suggestions_vip"))

    def dead_letters(self, queue: str) -> list[dict[str, Any]]:
        """Return what Dramatiq has given up."""
        ids: Any = self._client.zrange(f"dramatiq:{queue}.XQ", 0, -1)
        return [self._decode(f"{queue}.XQ", each) for each in ids]

    def results(self) -> dict[str, tuple[Any, int]]:
        """Return each kept result by its key, with the milliseconds that it is kept for."""
        names = [key.decode() for key in self._client.scan_iter("draftdesk-results:*")]
        kept = {}
        for name in names:
            raw: Any = self._client.lindex(name, 0)
            ttl: Any = self._client.pttl(name)
            kept[name] = (msgspec.json.decode(raw), int(ttl))
        return kept

    def _decode(self, queue: str, redis_id: bytes) -> dict[str, Any]:
        raw: Any = self._client.hget(f"dramatiq:{queue}.msgs", redis_id.decode())
        message: dict[str, Any] = msgspec.json.decode(raw)
        return message


@contextmanager
def hanging_broker() -> Iterator[str]:
    """Yield the URL of a server that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@contextmanager
def refusing_broker() -> Iterator[str]:
    """Yield a URL at which nobody listens; the port is kept, so that nobody else will."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{holder.getsockname()[1]}/0"
