"""Whether the database is there and has our schema."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import asyncpg

from service.db.engine import fetch
from service.db.piccolo_app import APP_CONFIG

_ID = re.compile(r'^ID = "([^"]+)"$', re.MULTILINE)


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
