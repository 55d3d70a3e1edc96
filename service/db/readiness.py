"""Whether the database is there and has our schema."""

from __future__ import annotations

import asyncio
import re
import time
from functools import cache
from pathlib import Path

import asyncpg
import structlog

from service.db.engine import fetch
from service.db.piccolo_app import APP_CONFIG
from service.errors import TemporaryError

LOOK_PAUSE_S = 2.0

log = structlog.get_logger()

_ID = re.compile(r'^ID = "([^"]+)"$', re.MULTILINE)


class NotMigrated(TemporaryError):
    """The database lacks tables or columns that this program works with."""


@cache
def known_migrations() -> frozenset[str]:
    """Return the ids of the migrations that this program brings."""
    folder = Path(APP_CONFIG.resolved_migrations_folder_path)
    found = (_ID.search(path.read_text("utf-8")) for path in folder.glob("*.py"))
    return frozenset(match.group(1) for match in found if match)


async def missing_migrations() -> list[str]:
    """Return what `draftdesk migrate` would still run, in order. Raises DatabaseUnavailable."""
    try:
        rows = await fetch("SELECT name FROM migration WHERE app_name = $1", APP_CONFIG.app_name)
    except asyncpg.UndefinedTableError:
        rows = []
    return sorted(known_migrations() - {row["name"] for row in rows})


async def wait_until_migrated(*, patience_s: float) -> None:
    """Return once nothing is missing; a migration that still runs is waited for. What a newer program added is no hindrance.

    Raises:
        NotMigrated: something is still missing after so many seconds.
        DatabaseUnavailable: temporary.
    """
    deadline = time.monotonic() + patience_s
    while missing := await missing_migrations():
        if time.monotonic() >= deadline:
            raise NotMigrated(f"The database lacks {len(missing)} of this program's migrations: run `draftdesk migrate`.")
        log.warning("db.waits_for_migrations", count=len(missing))
        await asyncio.sleep(LOOK_PAUSE_S)
