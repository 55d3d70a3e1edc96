"""What lies in Dramatiq's queues in Redis, and who works on it, for a person to look at. Reads only, and only so much of each.

Redis holds, for each queue `q`: the list `q` of ids that are ready, the hash `q.msgs` of their messages, the same two for `q.DQ`
(retries in back-off), a set of ids for each worker that took some, and the sorted set `q.XQ` of what Dramatiq has given up.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.errors import InvalidInput, TemporaryError
from service.jobs.queued import QueuedMessage, decode_message

SENDER_PREFIX = "sender-"
"""Begins the names of those who only send: Redis notes when they spoke, as it does for workers."""

TIMEOUT_S = 3.0
LIVE_S = 10.0
"""A worker that was silent for longer counts as dead, and what it held goes back to its queue."""

MAX_WORKERS = 500
SAMPLE = 100
"""Messages of each kind that are looked at for their age."""


class QueueAway(TemporaryError):
    """Redis refused, hung or went away."""


@dataclass(frozen=True, slots=True)
class Portion:
    """So many messages, and for how long the oldest of those looked at has been on its way; None where that is unknown."""

    count: int
    oldest_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueContents:
    """One queue.

    Attributes:
        delayed: retries in back-off.
        in_flight: with live workers, at work or in their line; stranded: with dead ones, from whom they will return.
        dead: what Dramatiq has given up, kept for seven days; its age counts from then.
    """

    name: str
    ready: Portion
    delayed: Portion
    in_flight: Portion
    stranded: int
    dead: Portion


@dataclass(frozen=True, slots=True)
class LiveWorker:
    """A worker process that has spoken of late, and how many messages it holds."""

    id: str
    silent_s: float
    held: int


@dataclass(frozen=True, slots=True)
class DeadMessage:
    """What Dramatiq has given up, the newest first.

    Attributes:
        exception: the type that the last but one attempt raised: the last one's is not kept.
    """

    queue: str
    actor: str
    suggestion_id: UUID | None
    died_at: datetime
    attempts: int
    exception: str | None


def read_contents(
    redis_url: str, queue_names: Sequence[str], *, timeout_s: float = TIMEOUT_S
) -> tuple[list[QueueContents], list[LiveWorker]]:
    """Return the queues, and the workers that live. Blocks. Raises QueueAway, InvalidInput."""
    with redis_client(redis_url, timeout_s=timeout_s) as client:
        now_ms = time.time() * 1000
        heartbeats: Any = client.zrevrange("dramatiq:__heartbeats__", 0, MAX_WORKERS - 1, withscores=True)
        silent_s = {name.decode(errors="replace"): (now_ms - at_ms) / 1000 for name, at_ms in heartbeats}
        workers = [name for name in silent_s if not name.startswith(SENDER_PREFIX)]
        live = frozenset(name for name in workers if silent_s[name] <= LIVE_S)
        queues, held = [], dict.fromkeys(workers, 0)
        for queue_name in queue_names:
            by_worker = _holdings(client, queue_name, workers)
            for name, (count, _) in by_worker.items():
                held[name] += count
            queues.append(_contents(client, queue_name, by_worker, live=live, now_ms=now_ms))
    return queues, [LiveWorker(name, max(silent_s[name], 0.0), held[name]) for name in workers if name in live]


def read_dead(redis_url: str, queue_names: Sequence[str], *, limit: int) -> list[DeadMessage]:
    """Return the last that Dramatiq has given up, of all the queues together. Blocks. Raises QueueAway, InvalidInput."""
    found = []
    with redis_client(redis_url) as client:
        for queue_name in queue_names:
            newest: Any = client.zrevrange(f"dramatiq:{queue_name}.XQ", 0, limit - 1, withscores=True)
            raw: Any = client.hmget(f"dramatiq:{queue_name}.XQ.msgs", [each for each, _ in newest]) if newest else []
            messages = (decode_message(each) or QueuedMessage() for each in raw)
            found += [_dead(queue_name, message, at_ms) for message, (_, at_ms) in zip(messages, newest, strict=True)]
    return sorted(found, key=lambda each: each.died_at, reverse=True)[:limit]


@contextmanager
def redis_client(redis_url: str, *, timeout_s: float = TIMEOUT_S) -> Iterator[redis.Redis]:
    """Connect to look at Redis, without patience. Raises QueueAway, also for what goes wrong in the block, and InvalidInput."""
    try:
        client = redis.Redis.from_url(
            redis_url, socket_connect_timeout=timeout_s, socket_timeout=timeout_s, retry=Retry(NoBackoff(), 0)
        )
    except ValueError:
        raise InvalidInput("REDIS_URL names no Redis") from None
    try:
        with client:
            yield client
    except (redis.RedisError, OSError) as error:
        raise QueueAway(f"Redis does not answer: {type(error).__name__}") from error


def _holdings(client: redis.Redis, queue_name: str, workers: Sequence[str]) -> dict[str, tuple[int, list[bytes]]]:
    """Return how many messages of a queue each worker holds, and the ids of some."""
    with client.pipeline(transaction=False) as hop:
        for name in workers:
            key = f"dramatiq:__acks__.{name}.{queue_name}"
            hop.scard(key)
            hop.srandmember(key, SAMPLE)
        answers: list[Any] = hop.execute()
    return dict(zip(workers, zip(answers[::2], answers[1::2], strict=True), strict=True))


def _contents(
    client: redis.Redis,
    queue_name: str,
    by_worker: dict[str, tuple[int, list[bytes]]],
    *,
    live: frozenset[str],
    now_ms: float,
) -> QueueContents:
    key = f"dramatiq:{queue_name}"
    with client.pipeline(transaction=False) as hop:
        hop.llen(key)
        hop.lrange(key, 0, SAMPLE - 1)
        hop.hlen(f"{key}.DQ.msgs")
        hop.hscan(f"{key}.DQ.msgs", count=SAMPLE)
        hop.zcard(f"{key}.XQ")
        hop.zrange(f"{key}.XQ", 0, 0, withscores=True)
        ready, head, delayed, (_, sample), dead, first_dead = hop.execute()

    taken, ids, stranded = 0, list[bytes](), 0
    for name, (count, some) in by_worker.items():
        if name in live:
            taken, ids = taken + count, ids + some
        else:
            stranded += count
    first_dead_ms = next((at_ms for _, at_ms in first_dead), None)
    return QueueContents(
        name=queue_name,
        ready=_of_ids(client, f"{key}.msgs", ready, head, now_ms),
        delayed=Portion(delayed, _oldest_s(sample.values(), now_ms)),
        in_flight=_of_ids(client, f"{key}.msgs", taken, ids, now_ms),
        stranded=stranded,
        dead=Portion(dead, None if first_dead_ms is None else max((now_ms - first_dead_ms) / 1000, 0.0)),
    )


def _of_ids(client: redis.Redis, messages_key: str, count: int, ids: Sequence[bytes], now_ms: float) -> Portion:
    raw: Any = client.hmget(messages_key, list(ids[:SAMPLE])) if ids else []
    return Portion(count, _oldest_s(raw, now_ms))


def _oldest_s(raw: Iterable[bytes | None], now_ms: float) -> float | None:
    """Return the age of the oldest of these messages, from when it was first sent; what is no message does not count."""
    sent_at_ms = [message.message_timestamp for each in raw if (message := decode_message(each)) and message.message_timestamp]
    return max((now_ms - min(sent_at_ms)) / 1000, 0.0) if sent_at_ms else None


def _dead(queue_name: str, message: QueuedMessage, died_at_ms: float) -> DeadMessage:
    return DeadMessage(
        queue=queue_name,
        actor=message.actor_name if message.actor_name.isprintable() else "",
        suggestion_id=message.suggestion_id,
        died_at=datetime.fromtimestamp(died_at_ms / 1000, UTC),
        attempts=message.options.retries + 1,
        exception=message.exception_type,
    )
