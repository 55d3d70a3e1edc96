"""Wait for what another process or task does; how long it takes is never the point."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

POLL_S = 0.02


async def until(holds: Callable[[], Awaitable[bool]], within_s: float = 30.0) -> None:
    """Return once it holds; fail when it has not within the time."""
    deadline = time.monotonic() + within_s
    while True:
        if await holds():
            return
        assert time.monotonic() < deadline, f"did not come to hold within {within_s:.0f} s"
        await asyncio.sleep(POLL_S)
