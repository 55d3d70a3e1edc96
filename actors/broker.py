"""The worker's broker: Dramatiq over Redis, its middleware in an order that loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import (
    AgeLimit,
    AsyncIO,
    Callbacks,
    CurrentMessage,
    Middleware,
    Pipelines,
    Retries,
    ShutdownNotifications,
    TimeLimit,
)
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import OutOfMemoryError, ReadOnlyError
from redis.retry import Retry

from actors.consumer import WakingConsumer
from actors.holdings import Holdings
from actors.middleware.exposition import Exposition
from actors.middleware.handing_back import HandBackUnstarted
from actors.middleware.liveness import Liveness
from actors.middleware.orphans import DieWithMaster
from actors.middleware.resources import Resources
from service.jobs.contents import LIVE_S
from service.settings import Settings

HEARTBEAT_TIMEOUT_MS = int(LIVE_S * 1000)
"""An idle worker speaks once a second on every queue, one whose threads are all at work too."""

MAINTENANCE_CHANCE = 200_000
"""Of a million commands: what a killed worker had fetched returns some 5 s after that; Dramatiq's 1,000 means minutes."""

RESULTS_TIMEOUT_S = 1.0

RESULT_NAMESPACE = "draftdesk-results"


class WorkerBroker(RedisBroker):
    """Dramatiq's broker with a consumer that wakes at once.

    Attributes:
        holdings: what this process has taken from Redis and not yet dealt with.
        is_stopping: nothing more is to be taken.

    What Redis answers when it fails over or is full counts as a lost connection, which Dramatiq tries again; by itself it takes
    these for bugs and gives up the acknowledgement.
    """

    def __init__(self, *, client: redis.Redis, middleware: list[Middleware]) -> None:
        super().__init__(
            client=client,
            heartbeat_timeout=HEARTBEAT_TIMEOUT_MS,
            maintenance_chance=MAINTENANCE_CHANCE,
            middleware=middleware,
        )
        self.holdings = Holdings()
        self.is_stopping = False

    @property
    def consumer_class(self) -> type[WakingConsumer]:
        """Return our consumer."""
        return WakingConsumer

    def _dispatch(self, command: str) -> Callable[..., Any]:
        dispatch = super()._dispatch(command)

        def dispatch_or_disconnect(*args: object) -> object:
            try:
                return dispatch(*args)
            except (redis.TimeoutError, ReadOnlyError, OutOfMemoryError) as error:
                raise redis.ConnectionError(f"{type(error).__name__} during {command}") from error

        return dispatch_or_disconnect


def make_broker(settings: Settings) -> WorkerBroker:
    """Return the broker; it connects when the worker starts."""
    client = redis.Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=1,
        socket_timeout=5,
        health_check_interval=15,
        # Patient with a server that restarts. A command that timed out may have been carried out: it is not sent twice.
        retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1), 3, supported_errors=(redis.ConnectionError,)),
    )
    return WorkerBroker(client=client, middleware=_middleware(settings))


def _middleware(settings: Settings) -> list[Middleware]:
    """Return the whole list. `before_*` run in this order, `after_*` in reverse."""
    # Of no importance beside the rows: nobody waits for a Redis that is away.
    results = redis.Redis.from_url(
        settings.redis_url, socket_connect_timeout=RESULTS_TIMEOUT_S, socket_timeout=RESULTS_TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
    return [
        DieWithMaster(),
        Exposition(),
        HandBackUnstarted(),
        AgeLimit(),
        ShutdownNotifications(),
        Callbacks(),
        Pipelines(),
        Retries(),
        Results(backend=RedisBackend(client=results, namespace=RESULT_NAMESPACE, use_namespace_prefix_keys=True)),
        AsyncIO(),
        # Between the loop and what is opened on it: it watches the loop until all of that is closed.
        Liveness(),
        # After AsyncIO: opened on its loop once that runs, closed while it still does.
        Resources(settings),
        CurrentMessage(),
        # Last, so that its deadline is disarmed before Retries enqueues: else a slow Redis ends the thread and the job is lost.
        TimeLimit(),
    ]
