"""The real servers that every test shares: PostgreSQL, Valkey, the stand-in model, and the API in this process."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from litestar import Litestar

from service.embedded.account import lower_account
from service.embedded.stack import Stack
from service.embedded.valkey import Valkey
from service.settings import Settings
from tests.factories import ShopAtWork, make_shop
from tests.standin_control import StandInControl

QUIET_RELAY_S = 86_400.0
"""The API in this process relays nothing by itself: a test that wants a pass makes one."""


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Settings that name real, migrated, empty servers. One start for the whole run; tests keep apart by shop."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-tests-"))
    folder.chmod(0o711)
    given = dataclasses.replace(
        Settings.from_env({}),
        data_dir=folder / "servers",
        relay_interval_s=QUIET_RELAY_S,
        coalesce_pause_s=0.0,
        port=0,
        metrics_port=0,
    )
    with Stack(given, given.data_dir, quiet=True) as stack:
        started = stack.start_stand_in(stack.start_servers())
        os.environ["DATABASE_URL"] = started.database_url
        os.environ["REDIS_URL"] = started.redis_url
        asyncio.run(_migrate())
        yield started
    shutil.rmtree(folder)


@pytest.fixture
def spoilable(settings: Settings) -> Iterator[Settings]:
    """The settings with a Valkey that is only this test's."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-valkey-"))
    folder.chmod(0o711)
    server = Valkey(folder, lower_account("nobody"))
    yield dataclasses.replace(settings, redis_url=server.start())
    server.stop()
    shutil.rmtree(folder)


async def _migrate() -> None:
    from service.db.engine import connection_pool  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.db.migrate import migrate  # noqa: PLC0415

    async with connection_pool():
        await migrate()


@pytest_asyncio.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    """The API, started; its database pool is open on the tests' event loop."""
    from service.app import create_app  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs

    api = create_app(settings)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # One task enters and leaves the lifespan, as a server does; a fixture's two halves run in two.
        async with api.lifespan():
            started.set()
            await stop.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        task.result()
    yield api
    stop.set()
    await task


@pytest_asyncio.fixture(scope="session")
async def client(app: Litestar) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client of the API in this process."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url="http://draftdesk.example") as http:
        yield http


@pytest_asyncio.fixture
async def shop(app: Litestar) -> ShopAtWork:
    """A new shop with a source of each provider and an API key."""
    assert app.state.publisher is not None
    return await make_shop()


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[StandInControl]:
    """The control side of the stand-in model, without faults and requests before and after."""
    control = StandInControl(settings.openai_base_url.removesuffix("/v1"))
    control.reset()
    yield control
    control.reset()
