"""A Draftdesk in processes for each fault test: the servers are one session's, the API and worker each test's own."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from service.jobs.state import MARK_KEY
from service.settings import Settings
from tests.faults import report as reporting
from tests.faults.desk import FaultDesk
from tests.faults.report import Report
from tests.faults.servers import Servers, Ways

FAILURE = pytest.StashKey[str]()
LOG_LINES = 40


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Keep why a test failed, for its row."""
    if call.excinfo is not None and call.when == "call":
        item.stash[FAILURE] = (str(call.excinfo.value) or call.excinfo.typename).splitlines()[0][:300]
    return (yield)


def show_logs(desk: FaultDesk) -> None:
    """Print the end of every program's log, for whoever has to find out why."""
    for each in (*desk.apis, *desk.workers):
        sys.stdout.write(f"--- {each.name} (pid {each.pid})\n" + "\n".join(each.log().splitlines()[-LOG_LINES:]) + "\n")


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """The test's row in the table."""
    made = Report()
    yield made
    reporting.append(made.row(request.node.stash.get(FAILURE, None)))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Postgres, Valkey, the model and a shop; a test may do to them what it likes."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-faults-"))
    folder.chmod(0o711)
    # Everything as in production but the pause for further mails of a thread, which only makes each test longer.
    given = dataclasses.replace(Settings.from_env({}), data_dir=folder / "servers", coalesce_pause_s=0.0, port=0, pool_size=5)
    with Servers.running(folder, given) as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def ways(servers: Servers) -> Iterator[tuple[Ways, Ways]]:
    """The APIs' ways and the workers'."""
    with ExitStack() as stack:
        yield stack.enter_context(servers.ways()), stack.enter_context(servers.ways())


@pytest_asyncio.fixture
async def bare_desk(request: pytest.FixtureRequest, servers: Servers, ways: tuple[Ways, Ways]) -> AsyncIterator[FaultDesk]:
    """A desk without any API and worker, before servers that are well and have nothing to do."""
    await servers.start_all()
    for each in ways:
        each.pass_on()
    await asyncio.to_thread(servers.shop.stand_in.reset)
    servers.client.config_set("maxmemory", 0)
    headers = {"authorization": f"Bearer {servers.shop.api_key}"}
    limits = httpx2.Limits(max_connections=200)
    async with httpx2.AsyncClient(headers=headers, timeout=30, limits=limits, trust_env=False) as http:
        desk = FaultDesk(servers, *ways, http)
        # What an earlier test left behind when it failed is nobody's work.
        await desk.rows(
            "UPDATE suggestion SET status = 'skipped', reason_code = 'superseded' WHERE status IN ('pending', 'queued', 'drafting')"
        )
        servers.wipe()
        # As where Draftdesk has run before: else the relay takes the empty Valkey for one that has lost its queues.
        servers.client.set(MARK_KEY, 1)
        yield desk
        if FAILURE in request.node.stash:
            show_logs(desk)
        desk.remove_programs()
        await desk.close()


@pytest_asyncio.fixture
async def desk(bare_desk: FaultDesk) -> FaultDesk:
    """A desk with one API and one worker."""
    await asyncio.gather(bare_desk.start_api(), bare_desk.start_worker())
    return bare_desk
