"""One page of metrics in Prometheus' text format."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest
from prometheus_client.registry import Collector

from service.monitoring.families import families_of
from service.monitoring.readings import Readings, take_readings
from service.observability.metrics import counted

READINGS_TTL_S = 5.0
"""Several who ask at once, and a health check between two scrapes, cost the database one look."""


class _Read(Collector):
    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterable[Metric]:
        return families_of(self._readings)


class MetricsPage:
    """What one process serves as /metrics. Belongs to one event loop.

    multiprocess_dir: where the processes that it speaks for count; empty: it speaks for itself, its memory and CPU time included.
    database: opens the connection pool for as long as it is entered; for a process that has one open, nothing.
    """

    def __init__(
        self,
        redis_url: str,
        multiprocess_dir: str,
        *,
        database: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self._redis_url = redis_url
        self._multiprocess_dir = multiprocess_dir
        self._database = database
        self._turn = asyncio.Lock()
        self._readings: Readings | None = None
        self._read_at = 0.0

    async def render(self) -> bytes:
        """Return the page. Asks Redis and Postgres, 2 s at most; without them the rest is there."""
        own = CollectorRegistry()
        own.register(_Read(await self._fresh_readings()))
        if not self._multiprocess_dir:
            ProcessCollector(registry=own)
        return generate_latest(counted(self._multiprocess_dir)) + generate_latest(own)

    async def _fresh_readings(self) -> Readings:
        async with self._turn:
            if self._readings is None or time.monotonic() - self._read_at > READINGS_TTL_S:
                self._readings = await take_readings(self._redis_url, self._database())
                self._read_at = time.monotonic()
            return self._readings
