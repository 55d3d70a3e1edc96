"""The one door to the queue: the jobs by name, and the publisher that sends them after COMMIT without making a route wait.

Redis is a hint: what cannot be sent is no error, the row in Postgres stays `pending` and the relay sends it later.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import partial
from uuid import UUID

import dramatiq
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.queue_state import QueueState, read_state

CONNECT_TIMEOUT_S = 0.25
READ_TIMEOUT_S = 0.25
"""A broker that hangs costs the publisher's thread this long, and no route anything."""

BREAKER_OPEN_S = 2.0
MAX_GATHERED = 10_000
"""Jobs held in memory while a hop is under way; more stay `pending` for the relay."""

MAX_HOP = 200
HOP_PAUSE_S = 0.01
"""Between two hops: a job alone leaves at once; at a thousand a second, ten share a round trip and the commit that marks them."""

log = structlog.get_logger()


class Queue(StrEnum):
    """The queues; a worker of their own for the VIPs is `dramatiq actors -Q suggestions_vip`."""

    SUGGESTIONS = "suggestions"
    SUGGESTIONS_VIP = "suggestions_vip"
    SUGGESTIONS_BATCH = "suggestions_batch"


class Job(StrEnum):
    """The jobs; each has exactly one actor of its name."""

    DRAFT_SUGGESTION = "draft_suggestion"
    DRAFT_SUGGESTION_VIP = "draft_suggestion_vip"
    DRAFT_SUGGESTION_OF_BATCH = "draft_suggestion_of_batch"


QUEUE_OF = {
    Job.DRAFT_SUGGESTION: Queue.SUGGESTIONS,
    Job.DRAFT_SUGGESTION_VIP: Queue.SUGGESTIONS_VIP,
    Job.DRAFT_SUGGESTION_OF_BATCH: Queue.SUGGESTIONS_BATCH,
}


class Priority(IntEnum):
    """A suggestion's place among the others, as its row holds it; the lower is served first."""

    VIP = 0
    NORMAL = 10
    BATCH = 20


JOB_OF = {
    Priority.VIP: Job.DRAFT_SUGGESTION_VIP,
    Priority.NORMAL: Job.DRAFT_SUGGESTION,
    Priority.BATCH: Job.DRAFT_SUGGESTION_OF_BATCH,
}


@dataclass(frozen=True, slots=True)
class DraftJob:
    """A suggestion to be drafted."""

    suggestion_id: UUID
    priority: Priority = Priority.NORMAL


def message_of(job: DraftJob) -> dramatiq.Message[None]:
    """Return the message for a job: it carries the row's id and nothing else."""
    name = JOB_OF[job.priority]
    return dramatiq.Message(
        queue_name=QUEUE_OF[name],
        actor_name=name,
        args=(),
        kwargs={"suggestion_id": str(job.suggestion_id)},
        options={},
    )


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
        self._script = self._broker.scripts["dispatch"]
        self._open_until = 0.0

    @property
    def is_broken(self) -> bool:
        """Whether the broker failed within the last two seconds."""
        return time.monotonic() < self._open_until

    def send_all(self, jobs: Sequence[DraftJob]) -> list[UUID]:
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
        sent = [job.suggestion_id for job, answer in zip(jobs, answers, strict=True) if not isinstance(answer, Exception)]
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

    def _send_hop(self, jobs: Sequence[DraftJob]) -> list[object]:
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


class Publisher:
    """Gathers committed jobs and sends them in hops, in a thread of its own; a hop takes all that came since the last one.

    mark_queued: told of what the broker took, in one call a hop.
    """

    def __init__(self, sender: JobSender, mark_queued: Callable[[Sequence[UUID]], Awaitable[None]]) -> None:
        self._sender = sender
        self._mark_queued = mark_queued
        self._gathered: deque[DraftJob] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publisher")

    def publish(self, job: DraftJob, *, pause_s: float = 0.0) -> None:
        """Hand over a job whose row is committed, to be sent after a pause. Returns at once; call it on the event loop.

        What waits when the process ends is left to the relay, as is what is over the bound.
        """
        if len(self._gathered) + self._waiting >= MAX_GATHERED:
            return
        if pause_s <= 0:
            self._gather(job)
            return
        self._waiting += 1
        asyncio.get_running_loop().call_later(pause_s, self._end_pause, job)

    def _end_pause(self, job: DraftJob) -> None:
        self._waiting -= 1
        self._gather(job)

    def _gather(self, job: DraftJob) -> None:
        self._gathered.append(job)
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._gathered:
                hop = [self._gathered.popleft() for _ in range(min(len(self._gathered), MAX_HOP))]
                try:
                    await self.send(hop)
                except Exception:
                    # The rows are pending and the relay will find them; the next hop must still be sent.
                    log.exception("jobs.hop_failed", count=len(hop))
                await asyncio.sleep(HOP_PAUSE_S)

    async def send(self, hop: Sequence[DraftJob]) -> list[UUID]:
        """Send these jobs now and mark what the broker took; return those ids."""
        sent = await asyncio.get_running_loop().run_in_executor(self._thread, self._sender.send_all, hop)
        if sent:
            await self._mark(sent)
        return sent

    async def state(self) -> QueueState | None:
        """Return how the queues stand; None while the broker is away."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._sender.state)

    async def close(self) -> None:
        """Send what is still gathered, then stop the thread."""
        if self._gathered:
            await self.send(list(self._gathered))
        self._thread.shutdown(wait=False)
        self._sender.close()

    async def _mark(self, sent: Sequence[UUID]) -> None:
        """Mark, or leave it: an unmarked row is only sent once more."""
        try:
            await self._mark_queued(sent)
        except Exception:
            log.warning("jobs.not_marked", count=len(sent), exc_info=True)
