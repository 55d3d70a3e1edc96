"""The leases that this worker holds, renewed by one statement for all. A worker that dies lets them lapse within 12 s."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import structlog

from service.errors import TemporaryError
from service.observability.metrics import JOBS_IN_PROGRESS
from service.suggestions.lifecycle import LEASE_RENEWAL_S

log = structlog.get_logger()


class Leases:
    """The tokens held by one event loop."""

    def __init__(self, renew: Callable[[Sequence[UUID]], Awaitable[None]]) -> None:
        self._renew = renew
        self._held: set[UUID] = set()

    @contextmanager
    def held(self, token: UUID) -> Iterator[None]:
        """Keep a lease alive for as long as the block runs."""
        self._held.add(token)
        JOBS_IN_PROGRESS.inc()
        try:
            yield
        finally:
            JOBS_IN_PROGRESS.dec()
            self._held.discard(token)

    async def renew_forever(self) -> None:
        """Renew every 4 s until cancelled; a database that is away for a moment is tried again."""
        while True:
            await asyncio.sleep(LEASE_RENEWAL_S)
            if not self._held:
                continue
            try:
                await self._renew(list(self._held))
            except TemporaryError as error:
                log.warning("suggestions.leases_not_renewed", count=len(self._held), error_type=type(error).__name__)
