"""One whole Draftdesk in processes of its own: servers, stand-in, API and worker, with a shop."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from service.embedded.programs import api_url
from service.embedded.ready import free_port
from service.embedded.stack import Stack
from service.settings import Settings
from tests.processes.desk import Desk, make_desk
from tests.standin_control import StandInControl

QUIET_RELAY_S = 300.0
"""The API here relays nothing after its start: a test that is about the relay runs an API of its own."""


@pytest.fixture(scope="session")
def running() -> Iterator[Desk]:
    """Everything that `draftdesk up` runs, on ports of its own."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-processes-"))
    folder.chmod(0o711)
    given = dataclasses.replace(
        Settings.from_env({}),
        data_dir=folder / "servers",
        relay_interval_s=QUIET_RELAY_S,
        # What waits in an API process ends with it, and here no relay takes it up.
        coalesce_pause_s=0.0,
        port=0,
        metrics_port=free_port(),
        pool_size=5,
    )
    with Stack(given, given.data_dir, quiet=True) as stack:
        started = stack.start_stand_in(stack.start_servers())
        desk = make_desk(started, folder)
        started = stack.start_api(started)
        stack.start_worker(started)
        yield dataclasses.replace(desk, settings=started, url=api_url(started))
    shutil.rmtree(folder)


@pytest_asyncio.fixture
async def desk(running: Desk) -> AsyncIterator[Desk]:
    """The same, with a stand-in that has forgotten the earlier test."""
    await asyncio.to_thread(running.stand_in.reset)
    yield running
    await asyncio.to_thread(running.stand_in.reset)


@pytest_asyncio.fixture
async def http(running: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the shop's key; give it whole URLs."""
    headers = {"authorization": f"Bearer {running.api_key}"}
    limits = httpx2.Limits(max_connections=200)
    async with httpx2.AsyncClient(headers=headers, timeout=30, limits=limits, trust_env=False) as client:
        yield client


@pytest.fixture
def stand_in(desk: Desk) -> StandInControl:
    """The control side of this desk's stand-in."""
    return desk.stand_in
