"""One transaction: opened by services only. Nothing that waits for the network belongs inside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.db.engine import UNAVAILABLE, DatabaseUnavailable, engine


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[None]:
    """Commit all of the block or none of it. Do not start tasks inside: they would share its connection.

    Raises:
        piccolo.engine.exceptions.TransactionError: when opened inside another one.
        DatabaseUnavailable: temporary.
    """
    transaction = engine().transaction()
    try:
        async with transaction:
            yield
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(f"PostgreSQL did not answer: {type(error).__name__}") from error
