"""A worker says that it lives, and one that cannot work any more ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import ModuleType
from typing import TYPE_CHECKING

import dramatiq
import pytest
from dramatiq import Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AsyncIO

from service.embedded.programs import ROOT
from service.observability import metrics
from tests.embedded.running import eventually

if TYPE_CHECKING:
    from actors.middleware.liveness import Liveness, Trouble

BEAT_S = 0.02

STUCK = """
import sys, time
import dramatiq
from dramatiq import Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AsyncIO
from actors.middleware.liveness import Liveness

broker = StubBroker(middleware=[AsyncIO(), Liveness(beat_s=0.02)])
worker = Worker(broker, worker_threads=2)
worker.start()
get_event_loop_thread().loop.call_soon_threadsafe(time.sleep, 300)
time.sleep(300)
"""


@pytest.fixture
def troubles() -> SimpleQueue[Trouble]:
    return SimpleQueue()


@contextmanager
def running_worker(liveness: Liveness) -> Iterator[Worker]:
    """Run a worker of three threads whose broker has nothing but this."""
    before = dramatiq.get_broker()
    broker = StubBroker(middleware=[AsyncIO(), liveness])
    worker = Worker(broker, worker_timeout=10, worker_threads=3)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
        dramatiq.set_broker(before)


def threads_said() -> tuple[float, float]:
    """Return how many threads the metrics say live, and are expected."""
    values = {sample.name: sample.value for family in metrics.REGISTRY.collect() for sample in family.samples}
    return values["draftdesk_worker_threads"], values["draftdesk_worker_threads_expected"]


def lose_a_thread(worker: Worker) -> None:
    """End one of its threads as an error would that nothing catches."""
    worker.workers[0].stop()
    worker.workers[0].join()


def test_liveness_when_the_worker_is_well_then_it_beats_and_counts(
    actors_package: ModuleType, troubles: SimpleQueue[Trouble]
) -> None:
    from actors.middleware.liveness import Liveness  # noqa: PLC0415 - the package must be loaded by its fixture

    assert actors_package
    heartbeat = metrics.WORKER_HEARTBEAT.labels("event_loop")
    before = time.time()
    with running_worker(Liveness(beat_s=BEAT_S, end=troubles.put)):
        assert eventually(lambda: heartbeat._value.get() > before + 10 * BEAT_S)
        assert threads_said() == (3, 3)

    assert threads_said()[1] == 0
    assert troubles.empty()


def test_liveness_when_the_loop_is_stuck_then_the_heartbeat_stays_and_the_worker_ends(
    actors_package: ModuleType, troubles: SimpleQueue[Trouble]
) -> None:
    from actors.middleware.liveness import Liveness, Trouble  # noqa: PLC0415

    assert actors_package
    freed = threading.Event()
    with running_worker(Liveness(beat_s=BEAT_S, end=troubles.put)):
        loop_thread = get_event_loop_thread()
        assert loop_thread is not None
        loop_thread.loop.call_soon_threadsafe(freed.wait)

        found = troubles.get(timeout=30)

        freed.set()
    assert found is Trouble.LOOP_STUCK


def test_liveness_when_a_thread_is_gone_then_it_is_counted_and_the_worker_ends(
    actors_package: ModuleType, troubles: SimpleQueue[Trouble]
) -> None:
    from actors.middleware.liveness import Liveness, Trouble  # noqa: PLC0415

    assert actors_package
    with running_worker(Liveness(beat_s=BEAT_S, end=troubles.put)) as worker:
        lose_a_thread(worker)

        assert troubles.get(timeout=30) is Trouble.THREADS_LOST
        assert eventually(lambda: threads_said() == (2, 3))


def test_liveness_when_the_worker_drains_then_fewer_threads_are_no_trouble(
    actors_package: ModuleType, troubles: SimpleQueue[Trouble]
) -> None:
    from actors.middleware.liveness import SHORT_BEATS, Liveness  # noqa: PLC0415

    assert actors_package
    liveness = Liveness(beat_s=BEAT_S, end=troubles.put)
    with running_worker(liveness) as worker:
        liveness.before_worker_shutdown(worker.broker, worker)
        lose_a_thread(worker)
        time.sleep(BEAT_S * SHORT_BEATS * 3)

    assert troubles.empty()


def test_worker_when_its_loop_is_stuck_then_its_process_ends() -> None:
    env = {
        **os.environ,
        "DATABASE_URL": "postgresql://db.example/d",
        "REDIS_URL": "redis://queue.example/0",
        "OPENAI_API_KEY": "any",
    }

    ended = subprocess.run(
        [sys.executable, "-c", STUCK], env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )

    assert ended.returncode == 1
    assert "worker.cannot_work" in ended.stderr
    assert "loop_stuck" in ended.stderr


def test_end_worker_when_threads_are_lost_then_it_asks_its_process_to_drain(actors_package: ModuleType) -> None:
    from actors.middleware.liveness import Trouble, end_worker  # noqa: PLC0415

    assert actors_package
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    try:
        end_worker(Trouble.THREADS_LOST)
        assert eventually(lambda: bool(asked))
    finally:
        signal.signal(signal.SIGTERM, before)

    assert asked == [signal.SIGTERM]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(1, 0), (2, 0), (3, 0)] * 20, None),
        ([(1, 0)] * 6, None),
        ([(1, 0)] * 7, "loop_stuck"),
        # One turn of the loop, and the count begins anew.
        ([(1, 0)] * 6 + [(2, 0)] * 6, None),
        ([(beat, 1) for beat in range(11)], None),
        ([(beat, 1) for beat in range(12)], "threads_lost"),
        ([(beat, 1) for beat in range(11)] + [(11, 0)] + [(beat, 2) for beat in range(12, 23)], None),
        # A worker that has more threads than it was told is not ill.
        ([(beat, -1) for beat in range(40)], None),
    ],
)
def test_symptoms_when_added_then_only_what_lasts_counts(
    actors_package: ModuleType, looks: list[tuple[int, int]], expected: str | None
) -> None:
    from actors.middleware.liveness import Symptoms  # noqa: PLC0415

    assert actors_package
    symptoms = Symptoms()

    found = [symptoms.add(beats=beats, missing_threads=missing) for beats, missing in looks]

    assert found[-1] == expected
    assert set(found[:-1]) == {None}
