"""Sends jobs after COMMIT without making a route wait: what has gathered leaves in one hop, from a thread of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import structlog

from service.jobs.messages import BatchJob, DraftJob
from service.jobs.sender import JobSender
from service.jobs.state import QueueState

MAX_GATHERED = 10_000
"""Jobs held in memory while a hop is under way; more stay `pending` for the relay."""

MAX_HOP = 200
HOP_PAUSE_S = 0.01
"""Between two hops: a job alone leaves at once; at a thousand a second, ten share a round trip and the commit that marks them."""

log = structlog.get_logger()


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

    async def send(self, hop: Sequence[DraftJob | BatchJob]) -> list[UUID]:
        """Send these jobs now and mark the suggestions that the broker took; return the ids of all that it took."""
        sent = await asyncio.get_running_loop().run_in_executor(self._thread, self._sender.send_all, hop)
        batches = {job.batch_id for job in hop if isinstance(job, BatchJob)}
        if suggestions := [each for each in sent if each not in batches]:
            await self._mark(suggestions)
        return sent

    @property
    def is_broken(self) -> bool:
        """Whether the broker failed within the last two seconds."""
        return self._sender.is_broken

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
