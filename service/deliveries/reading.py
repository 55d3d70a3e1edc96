"""From an authentic call to what it brought, without holding up the event loop and without losing a call to a bug of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog

from service.errors import Unreadable
from service.inbox.judgement import JudgedMail, judge
from service.providers.records import Record
from service.providers.types import Ignored, InboundMail, Payload
from service.shops.types import Source

LARGE_BYTES = 200_000
"""A body from this size on is read in a thread: it takes milliseconds, which other webhooks must not wait for."""

LARGE_AT_ONCE = 2
"""Large bodies that are read and stored at once in a process: each costs several times its size in memory."""

Read = TypeVar("Read")

log = structlog.get_logger()


class Gate:
    """Lets a few large bodies through at a time. One for each process."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(LARGE_AT_ONCE)

    @asynccontextmanager
    async def place(self, size_bytes: int) -> AsyncIterator[None]:
        """Hold a place for as long as the block runs; small bodies need none."""
        if size_bytes < LARGE_BYTES:
            yield
            return
        async with self._places:
            yield


async def off_loop(work: Callable[[], Read], size_bytes: int) -> Read:
    """Run what takes time in proportion to a body, in a thread when that is large."""
    return work() if size_bytes < LARGE_BYTES else await asyncio.to_thread(work)


def read_payload(payload: Callable[[], Payload], source: Source, body: bytes) -> JudgedMail | Record | Ignored:
    """Map a call and judge its mail. A bug of ours must not lose the call: its delivery is kept and can be replayed.

    Raises:
        Unreadable: permanent, with a reason; `parser_failed` is the bug.
    """
    try:
        found = payload()
        return judge(found, source, body=body) if isinstance(found, InboundMail) else found
    except Unreadable:
        raise
    except Exception as error:
        log.exception("deliveries.parser_failed")
        raise Unreadable("parser_failed", f"The call could not be read: {type(error).__name__}") from error
