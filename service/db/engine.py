"""The database engine: Piccolo's, made safe, and the one way to run SQL that Piccolo's query builder does not speak.

A pool belongs to the event loop that opened it: open it in the API's lifespan, in the worker on Dramatiq's loop thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from types import TracebackType
from typing import Any, Self

import asyncpg
import structlog
from piccolo.engine.finder import engine_finder
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from service.errors import TemporaryError

START_PATIENCE_S = 60.0
"""How long a server process waits for PostgreSQL when it starts: they often start together."""

CONNECT_PAUSE_S = 2.0
ACQUIRE_TIMEOUT_S = 3.0
STATEMENT_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 5.0

log = structlog.get_logger()


class DatabaseUnavailable(TemporaryError):
    """PostgreSQL refused, hung or went away."""


class SafeTransaction(PostgresTransaction):
    """A transaction that always gives its connection back, and waits for one only so long.

    Piccolo 1.38 releases the connection only after a commit or rollback that succeeds: one failed COMMIT or one BEGIN that is
    cancelled leaks it for ever, and the task's later queries fail on a connection that is gone.
    """

    async def __aenter__(self) -> Self:
        """Take a connection and begin."""
        self.connection = await self.get_connection()
        self.transaction = self.connection.transaction()
        try:
            await self.begin()
        except BaseException:
            await self._release()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def get_connection(self) -> Any:  # noqa: ANN401 - a pool's connection is a proxy of no public type
        """Return one of the pool's, or a new one where Piccolo's own commands run. Raises TimeoutError when none becomes free."""
        if self.engine.pool is None:
            return await self.engine.get_new_connection()
        return await self.engine.pool.acquire(timeout=ACQUIRE_TIMEOUT_S)

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """Commit or roll back, then release, whatever happened. An exception is never swallowed."""
        try:
            if exception is not None:
                if not self._rolled_back:
                    await self.rollback()
            elif not (self._committed or self._rolled_back):
                await self.commit()
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._release()
        return False

    async def _release(self) -> None:
        if self.engine.pool is None:
            await self.connection.close()
        else:
            await self.engine.pool.release(self.connection)


class PooledConnection(asyncpg.Connection):  # type: ignore[misc] # asyncpg has no types
    """A connection that costs no round trip on its way back to the pool.

    asyncpg would reset the session then: advisory locks, cursors, LISTEN, SET. On a connection of the pool we use none of them:
    every statement stands alone or in a transaction, and a SET must be SET LOCAL. An open transaction is rolled back all the same.
    """

    def get_reset_query(self) -> str:
        """Return nothing to run."""
        return ""

    async def reset(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncpg's signature
        """Do nothing where nothing is open: after most statements, and then a timer would be all that it costs."""
        if self.is_in_transaction() or self._top_xact is not None:
            await super().reset(timeout=timeout)


class Engine(PostgresEngine):
    """Piccolo's engine without a connection at import, and with transactions that refuse to nest."""

    async def check_version(self) -> None:
        """Connect to nothing: importing a configuration must work while the database is away."""

    def transaction(self, allow_nested: bool = False) -> SafeTransaction:
        """Begin a transaction. Nesting raises: Piccolo's inner block is a no-op, so its failure would still commit."""
        return SafeTransaction(engine=self, allow_nested=allow_nested)


def make_engine(database_url: str, *, pool_size: int) -> Engine:
    """Return the engine for `piccolo_conf.py`; it connects when the pool is opened, not before."""
    return Engine(
        config={
            "dsn": database_url,
            "connection_class": PooledConnection,
            "min_size": 1,
            "max_size": pool_size,
            "timeout": ACQUIRE_TIMEOUT_S,
            "command_timeout": STATEMENT_TIMEOUT_S,
            "server_settings": {
                "application_name": "draftdesk",
                "statement_timeout": f"{STATEMENT_TIMEOUT_S:.0f}s",
                "lock_timeout": "5s",
                "idle_in_transaction_session_timeout": "30s",
                # Our statements always take the same indexes: planning each call anew costs more than it gains.
                "plan_cache_mode": "force_generic_plan",
                "jit": "off",
            },
        }
    )


@cache
def engine() -> Engine:
    """Return the process's engine, as `piccolo_conf.py` made it."""
    found = engine_finder()
    if not isinstance(found, Engine):
        raise TypeError("piccolo_conf.py must define DB with service.db.engine.make_engine")
    return found


@asynccontextmanager
async def connection_pool(*, patience_s: float = 0.0) -> AsyncIterator[None]:
    """Hold the pool open. Connects; a server that is not there yet is tried again for so many seconds.

    Raises:
        DatabaseUnavailable: PostgreSQL cannot be reached, or refuses us.
    """
    db = engine()
    deadline = time.monotonic() + patience_s
    while True:
        try:
            await db.start_connection_pool()
            break
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            if time.monotonic() >= deadline:
                raise DatabaseUnavailable(f"Cannot reach PostgreSQL: {type(error).__name__}") from error
            log.warning("db.waits_for_postgres", error_type=type(error).__name__)
            await asyncio.sleep(CONNECT_PAUSE_S)
    try:
        yield
    finally:
        await _close_pool(db)


async def _close_pool(db: Engine) -> None:
    """Close the pool, but do not wait for a server that says nothing: asyncpg would, and the process could not end."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await db.close_connection_pool()
    except TimeoutError:
        db.pool = None
        log.warning("db.not_closed_in_time")


async def fetch(sql: str, *args: object) -> Sequence[Any]:
    """Run one statement with `$1`-style arguments and return its rows; inside a unit of work, on its connection.

    Raises:
        DatabaseUnavailable: temporary; the server refused, hung or went away.
    """
    db = engine()
    transaction = db.current_transaction.get()
    try:
        if transaction:
            return await transaction.connection.fetch(sql, *args)  # type: ignore[no-any-return]
        if db.pool is None:
            raise DatabaseUnavailable("The database pool is not open")
        async with db.pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await connection.fetch(sql, *args)  # type: ignore[no-any-return]
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(f"PostgreSQL did not answer: {type(error).__name__}") from error


async def fetch_row(sql: str, *args: object) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Run one statement and return its first row, or None."""
    rows = await fetch(sql, *args)
    return rows[0] if rows else None


UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,
    asyncpg.DiskFullError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""What means `try again`: the caller did nothing wrong."""
