"""Wait for what comes about in other processes, and tell how long it took. The bounds are generous: no test is about the time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg

POLL_S = 0.1


async def wait_for(holds: Callable[[], Awaitable[bool]], what: str, *, within_s: float = 60.0) -> float:
    """Return the seconds until it held; fail, saying what was waited for, when it has not within the time.

    A database that is away while we ask means that it does not hold yet.
    """
    began_at = time.monotonic()
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if await holds():
                return time.monotonic() - began_at
        assert time.monotonic() - began_at < within_s, f"not within {within_s:.0f} s: {what}"
        await asyncio.sleep(POLL_S)
