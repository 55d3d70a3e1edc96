"""What the jobs need, opened on Dramatiq's event loop when the worker starts: database pool, model, its gate, lease renewal."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from types import FrameType
from typing import NoReturn

import redis.asyncio
from dramatiq import Broker, Worker
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from service.allocator import freeze_loaded
from service.db.engine import START_PATIENCE_S, connection_pool
from service.db.readiness import wait_until_migrated
from service.drafting.model import OpenAIModel
from service.drafting.prices import load_prices
from service.errors import TemporaryError
from service.model_gate import ModelGate
from service.observability.metrics import create_model_series
from service.settings import Settings
from service.suggestions import repository
from service.suggestions.budgets import Budgets
from service.suggestions.gated_model import GatedModel
from service.suggestions.leases import Leases
from service.suggestions.service import Desk

GATE_TIMEOUT_S = 0.5


class Resources(Middleware):
    """Opens and closes; the actors find what they need in `desk`."""

    desk: Desk

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Open everything, waiting up to a minute for the database, and another for its schema.

        A worker without them ends, and has taken no job: its supervisor starts it again.
        """
        loop_thread = get_event_loop_thread()
        if loop_thread is None:
            raise SystemExit("draftdesk: the AsyncIO middleware must stand before Resources")
        # Dramatiq looks at its own flag only when the worker has begun.
        draining = signal.signal(signal.SIGTERM, _leave)
        try:
            loop_thread.run_coroutine(self._open())
        except BaseException as error:
            # Dramatiq's loop thread is no daemon: left running it would keep the process alive, doing nothing.
            loop_thread.stop()
            if isinstance(error, TemporaryError):
                raise SystemExit(f"draftdesk: {error}") from None
            raise
        finally:
            signal.signal(signal.SIGTERM, draining)

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Close in reverse order."""
        loop_thread = get_event_loop_thread()
        if loop_thread is not None:
            loop_thread.run_coroutine(self._stack.aclose())

    async def _open(self) -> None:
        await self._stack.enter_async_context(connection_pool(patience_s=START_PATIENCE_S))
        await wait_until_migrated(patience_s=START_PATIENCE_S)
        settings = self._settings
        for name in {settings.openai_model, settings.cheap_model} - {""}:
            create_model_series(name)
        model = OpenAIModel.from_settings(settings)
        self._stack.push_async_callback(model.close)
        gate = ModelGate(
            gate_client(settings), requests_per_minute=settings.requests_per_minute, tokens_per_minute=settings.tokens_per_minute
        )
        self._stack.push_async_callback(gate.close)
        leases = Leases(repository.renew)
        self.desk = Desk(model=GatedModel(model, gate), leases=leases, budgets=Budgets(), cheap_model=settings.cheap_model)
        renewal = asyncio.create_task(leases.renew_forever())
        self._stack.callback(renewal.cancel)
        load_prices()
        freeze_loaded()


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End while still waiting for the database: nothing has begun."""
    sys.exit(0)


def gate_client(settings: Settings) -> redis.asyncio.Redis:
    """Return the gate's client: it fails fast, since the gate fails open."""
    return redis.asyncio.Redis.from_url(
        settings.redis_url, socket_connect_timeout=GATE_TIMEOUT_S, socket_timeout=GATE_TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
