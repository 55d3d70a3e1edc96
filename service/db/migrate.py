"""Bring the database to this program's schema. Piccolo has no lock of its own: two containers that start at once would race."""

from __future__ import annotations

import contextlib
import io

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from service.db.engine import DatabaseUnavailable, engine
from service.db.piccolo_app import APP_CONFIG
from service.db.readiness import missing_migrations
from service.errors import PermanentError

LOCK_KEY = 0x647261667464
"""`draftd` in ASCII: our advisory lock's number."""

LOCK_TIMEOUT = "120s"
CONNECTION_OPTIONS = ("dsn", "timeout")


class MigrationFailed(PermanentError):
    """A migration did not run; the message says which."""


async def migrate() -> list[str]:
    """Run what is missing, in order, behind an advisory lock; return the ids that were run. Needs an open pool.

    Raises:
        MigrationFailed: nothing after the failed one was run.
        DatabaseUnavailable: temporary.
    """
    config = {name: engine().config[name] for name in CONNECTION_OPTIONS}
    try:
        lock = await asyncpg.connect(**config, server_settings={"lock_timeout": LOCK_TIMEOUT})
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"Cannot reach PostgreSQL: {type(error).__name__}") from error
    try:
        # The lock lives on a connection of its own and ends with it, even when this process is killed.
        await lock.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)
        missing = await missing_migrations()
        if missing:
            await _run_forwards()
        return missing
    finally:
        await lock.close()


async def _run_forwards() -> None:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        result = await run_forwards(APP_CONFIG.app_name)
    if not result.success:
        raise MigrationFailed(f"The migrations stopped: {result.message or output.getvalue()[-500:]}")
