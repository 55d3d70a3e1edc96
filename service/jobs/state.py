"""What the relay asks of Redis before it sends: how long the queues are, and whether Redis has forgotten them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import redis

MARK_KEY = "draftdesk:queues-known"
"""Stands for as long as Redis keeps what it was given; whoever finds it gone knows that the queues are gone too."""

LONG_QUEUE = 5_000
"""So many messages are enough for any workers; the rest waits in Postgres, and Redis stays small whatever has piled up."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the queues stand.

    Attributes:
        is_new: Redis had no mark of ours, so that what was queued is lost. Only one asker is told.
        long: the queues that have enough for now.
    """

    is_new: bool
    long: frozenset[str]


def read_state(client: redis.Redis, queue_names: Sequence[str]) -> QueueState:
    """Read it in one round trip, and leave the mark where it is missing. Blocks. Raises redis.RedisError, OSError."""
    with client.pipeline(transaction=False) as hop:
        hop.set(MARK_KEY, 1, nx=True)
        for name in queue_names:
            hop.llen(f"dramatiq:{name}")
        is_new, *lengths = hop.execute()
    return QueueState(
        is_new=bool(is_new),
        long=frozenset(name for name, length in zip(queue_names, lengths, strict=True) if length >= LONG_QUEUE),
    )
