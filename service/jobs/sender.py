"""Sends to Dramatiq with short deadlines and a breaker."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.jobs.contents import SENDER_PREFIX
from service.jobs.messages import BatchJob, DraftJob, Queue, message_of
from service.jobs.state import QueueState, read_state

CONNECT_TIMEOUT_S = 0.25
READ_TIMEOUT_S = 0.25
"""A broker that hangs costs the publisher's thread this long, and no route anything."""

BREAKER_OPEN_S = 2.0

log = structlog.get_logger()


class JobSender:
    """Sends to Dramatiq with short deadlines and a breaker; from one thread at a time, and never the event loop's."""

    def __init__(self, redis_url: str) -> None:
        # `client=`, since RedisBroker ignores every other option beside `url=`; redis-py's own defaults would wait a minute.
        self._client = redis.Redis.from_url(
            redis_url,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=READ_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._broker = RedisBroker(client=self._client, middleware=[])
        self._broker.broker_id = f"{SENDER_PREFIX}{self._broker.broker_id}"
        self._script = self._broker.scripts["dispatch"]
        self._open_until = 0.0

    @property
    def is_broken(self) -> bool:
        """Whether the broker failed within the last two seconds."""
        return time.monotonic() < self._open_until

    def send_all(self, jobs: Sequence[DraftJob | BatchJob]) -> list[UUID]:
        """Send in order and in one round trip; return the ids that the broker took, fewer than given when it refuses. Blocks.

        A connection that breaks leaves open what was taken: then none counts as sent, and a worker finds no work in the doubles.
        """
        if self.is_broken or not jobs:
            return []
        try:
            answers = self._send_hop(jobs)
        except (redis.RedisError, OSError) as error:
            self._break(error, unsent=len(jobs))
            return []
        sent = [job.row_id for job, answer in zip(jobs, answers, strict=True) if not isinstance(answer, Exception)]
        refusal = next((answer for answer in answers if isinstance(answer, Exception)), None)
        if refusal is not None:
            self._break(refusal, unsent=len(jobs) - len(sent))
        return sent

    def state(self) -> QueueState | None:
        """Return how the queues stand; None while the broker is away. Blocks."""
        if self.is_broken:
            return None
        try:
            return read_state(self._client, list(Queue))
        except (redis.RedisError, OSError) as error:
            self._break(error, unsent=0)
            return None

    def ping(self) -> bool:
        """Whether the broker answers. Blocks up to half a second."""
        try:
            return bool(self._client.ping())
        except (redis.RedisError, OSError):
            return False

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send_hop(self, jobs: Sequence[DraftJob | BatchJob]) -> list[object]:
        """Return the broker's answer to each job, an exception where it refused."""
        with self._client.pipeline(transaction=False) as hop:
            # Dramatiq sends each message in a round trip of its own, too slow to keep up with one process's webhooks: given a
            # pipeline, its script only gathers them.
            self._broker.scripts["dispatch"] = partial(self._script, client=hop)
            for job in jobs:
                self._broker.enqueue(message_of(job))
            answers: list[object] = hop.execute(raise_on_error=False)
        return answers

    def _break(self, error: Exception, *, unsent: int) -> None:
        self._open_until = time.monotonic() + BREAKER_OPEN_S
        log.warning("jobs.broker_unavailable", error_type=type(error).__name__, unsent=unsent)
