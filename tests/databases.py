"""Databases of their own beside the one that the tests share."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from service.settings import Settings


@asynccontextmanager
async def empty_database(settings: Settings) -> AsyncIterator[str]:
    """Yield the URL of a new database without any table; drop it afterwards."""
    name = f"empty_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(f"CREATE DATABASE {name}")
    yield urlsplit(settings.database_url)._replace(path=f"/{name}").geturl()
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()
