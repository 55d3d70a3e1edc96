"""Whether this worker can work: exported, and watched. One that cannot ends, so that its supervisor starts another one.

Dramatiq notices neither: threads end in silence, and an event loop that stands still leaves all jobs waiting.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import structlog
from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from service.observability import metrics

BEAT_S = 5.0
STUCK_BEATS = 6
"""Half a minute without a turn of the loop: the leases of all its jobs have lapsed long ago."""

SHORT_BEATS = 12
"""A minute with threads missing; none of them comes back."""

log = structlog.get_logger()


class Trouble(StrEnum):
    """Why a worker cannot work."""

    LOOP_STUCK = "loop_stuck"
    THREADS_LOST = "threads_lost"


class Symptoms:
    """What a watcher has seen in a row. Counts looks and not seconds: a process that was stopped for a while is not ill."""

    def __init__(self) -> None:
        self._beats = -1
        self._stuck = 0
        self._short = 0

    def add(self, *, beats: int, missing_threads: int) -> Trouble | None:
        """Note one look, `BEAT_S` after the last one; return what is beyond hope. beats: heartbeats so far."""
        self._stuck = 0 if beats != self._beats else self._stuck + 1
        self._short = 0 if missing_threads <= 0 else self._short + 1
        self._beats = beats
        if self._stuck >= STUCK_BEATS:
            return Trouble.LOOP_STUCK
        return Trouble.THREADS_LOST if self._short >= SHORT_BEATS else None


def end_worker(trouble: Trouble) -> None:
    """End this process. With threads left it drains; with the loop stuck nothing could: its jobs are others' by now."""
    if trouble is Trouble.THREADS_LOST:
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        os._exit(1)


class Liveness(Middleware):
    """Stands between AsyncIO, on whose loop the heart beats, and what is opened there: it watches while that is closed."""

    def __init__(self, *, beat_s: float = BEAT_S, end: Callable[[Trouble], None] = end_worker) -> None:
        """Start nothing yet. end: is called once, in a thread of its own, when the worker is beyond hope."""
        self._beat_s = beat_s
        self._end = end
        self._beats = 0
        self._expected = 0
        self._is_over = threading.Event()
        self._heart: asyncio.Task[None] | None = None

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Begin to beat and to watch."""
        loop_thread = get_event_loop_thread()
        if loop_thread is None:
            raise SystemExit("draftdesk: the AsyncIO middleware must stand before Liveness")
        self._expect(worker.worker_threads)
        metrics.WORKER_STARTED.set_to_current_time()
        loop_thread.run_coroutine(self._begin(worker))
        threading.Thread(target=self._watch, args=(worker,), name="liveness", daemon=True).start()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Expect no threads any more. The loop is still watched: stuck, it would keep the process from ending."""
        self._expect(0)

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Stop."""
        loop_thread = get_event_loop_thread()
        if loop_thread is not None:
            loop_thread.run_coroutine(self._rest())
        self._is_over.set()

    def _expect(self, threads: int) -> None:
        self._expected = threads
        metrics.WORKER_THREADS_EXPECTED.set(threads)

    async def _begin(self, worker: Worker) -> None:
        self._heart = asyncio.create_task(self._beat(worker))

    async def _rest(self) -> None:
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.wait({self._heart})

    async def _beat(self, worker: Worker) -> None:
        heartbeat = metrics.WORKER_HEARTBEAT.labels("event_loop")
        while True:
            self._beats += 1
            heartbeat.set_to_current_time()
            metrics.WORKER_THREADS.set(_live_threads(worker))
            metrics.WORKER_MEMORY.set(_memory_bytes())
            await asyncio.sleep(self._beat_s)

    def _watch(self, worker: Worker) -> None:
        symptoms = Symptoms()
        while not self._is_over.wait(self._beat_s):
            live = _live_threads(worker)
            trouble = symptoms.add(beats=self._beats, missing_threads=self._expected - live)
            if trouble is not None:
                log.error("worker.cannot_work", trouble=trouble, threads=live, expected=self._expected)
                self._end(trouble)
                return


def _live_threads(worker: Worker) -> int:
    return sum(thread.is_alive() for thread in worker.workers)


def _memory_bytes() -> int:
    """Return this process's resident memory; 0 where the system does not tell (Linux does, proc(5))."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
