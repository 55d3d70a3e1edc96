"""VIPs first, and nobody waits for ever: a stream of VIPs that never ends, one thread, and a normal job."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import dramatiq
import pytest
import redis

from service.settings import Settings

if TYPE_CHECKING:
    from actors.broker import WorkerBroker

FEW_VIPS = 10
WAITING_VIPS = 40
"""At any time, all of them with the worker: with the usual two, a busy machine may fetch the next one too late."""

ENOUGH_VIPS = 300
WITHIN_S = 30


@pytest.fixture
def bare_broker(actors_package: ModuleType, spoilable: Settings) -> Iterator[WorkerBroker]:
    """The worker's broker without its middleware: the jobs here need nothing."""
    assert actors_package
    from actors.broker import WorkerBroker  # noqa: PLC0415 - the package must be loaded by its fixture

    client = redis.Redis.from_url(spoilable.redis_url)
    yield WorkerBroker(client=client, middleware=[])
    client.close()


class Stream:
    """VIPs that each send the next one, so that there is always another; and one normal job among them."""

    def __init__(self, broker: WorkerBroker, *, patience_s: int) -> None:
        from actors.ageing import VIP_PATIENCE_S, AgeingActor  # noqa: PLC0415 - the package must be loaded by its fixture

        self.is_normal_served = threading.Event()
        self.are_vips_flowing = threading.Event()
        self.are_vips_enough = threading.Event()
        self.served = 0
        options: dict[str, Any] = {"broker": broker, "actor_class": AgeingActor}
        declare: Any = dramatiq.actor
        self._vip = declare(self._serve_vip, actor_name="vip", queue_name="vip", priority=VIP_PATIENCE_S, **options)
        self._normal = declare(self._serve_normal, actor_name="normal", queue_name="normal", priority=patience_s, **options)

    def begin(self) -> None:
        """Let there be always some VIPs, and send the normal job once they are being served."""
        for _ in range(WAITING_VIPS):
            self._vip.send()
        assert self.are_vips_flowing.wait(WITHIN_S)
        self._normal.send()

    def _serve_vip(self) -> None:
        self.served += 1
        if self.served >= FEW_VIPS:
            self.are_vips_flowing.set()
        if self.served >= ENOUGH_VIPS:
            self.are_vips_enough.set()
        time.sleep(0.005)
        self._vip.send()

    def _serve_normal(self) -> None:
        self.is_normal_served.set()


@pytest.fixture
def started(bare_broker: WorkerBroker, request: pytest.FixtureRequest) -> Iterator[Stream]:
    """A stream whose normal job has the patience of the test, and one worker thread on it."""
    stream = Stream(bare_broker, patience_s=request.param)
    worker = dramatiq.Worker(bare_broker, worker_threads=1, worker_timeout=100)
    worker.queue_prefetch = 2 * WAITING_VIPS
    worker.start()
    stream.begin()
    yield stream
    worker.stop()


@pytest.mark.parametrize("started", [1], indirect=True)
def test_normal_job_when_vips_never_stop_then_it_is_served_once_its_patience_is_over(started: Stream) -> None:
    assert started.is_normal_served.wait(WITHIN_S)


@pytest.mark.parametrize("started", [3_600], indirect=True)
def test_vips_when_a_normal_job_waits_too_then_they_are_served_before_it(started: Stream) -> None:
    assert started.are_vips_enough.wait(WITHIN_S)
    assert not started.is_normal_served.is_set()
