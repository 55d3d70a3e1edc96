"""A database of its own beside the one that the other tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from service.settings import Settings
from tests.databases import empty_database


@pytest_asyncio.fixture
async def empty_database_url(settings: Settings) -> AsyncIterator[str]:
    """The URL of a database without any table."""
    async with empty_database(settings) as url:
        yield url
