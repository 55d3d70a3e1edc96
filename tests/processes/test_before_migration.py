"""Programs that start before `draftdesk migrate` wait for it and take no job until then."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from service.embedded.programs import worker_command
from service.embedded.ready import answers_ok, free_port
from service.settings import Settings
from tests.databases import empty_database
from tests.embedded.running import eventually
from tests.processes.desk import Desk
from tests.processes.lone import lone
from tests.programs import draftdesk


@pytest_asyncio.fixture
async def unmigrated(desk: Desk) -> AsyncIterator[Settings]:
    """Settings that name a database without tables."""
    async with empty_database(desk.settings) as url:
        yield dataclasses.replace(desk.settings, database_url=url, metrics_port=free_port())


@pytest.mark.parametrize(
    ("command", "beginning"),
    [
        pytest.param(worker_command(), "Worker process is ready for action", id="worker", marks=pytest.mark.fault),
        pytest.param(["service", "relay"], "relay.started", id="relay"),
    ],
)
def test_program_when_it_starts_before_the_migration_then_it_begins_after_it(
    unmigrated: Settings, tmp_path: Path, command: list[str], beginning: str
) -> None:
    with lone("program", command, unmigrated, tmp_path) as program:
        assert program.says("db.waits_for_migrations")
        assert not program.said(beginning)

        migrated = draftdesk("migrate", DATABASE_URL=unmigrated.database_url, REDIS_URL=unmigrated.redis_url)

        assert migrated.returncode == 0
        assert program.says(beginning)
        assert program.ending(20) == 0


@pytest.mark.fault
async def test_metrics_when_the_worker_waits_for_the_migration_then_its_page_says_what_is_missing(
    unmigrated: Settings, tmp_path: Path, http: httpx2.AsyncClient
) -> None:
    with lone("worker", worker_command(), unmigrated, tmp_path) as program:
        assert program.says("db.waits_for_migrations")
        assert eventually(lambda: answers_ok(unmigrated.metrics_port, "/metrics"))

        response = await http.get(f"http://127.0.0.1:{unmigrated.metrics_port}/metrics")

        assert response.status_code == 200
        assert 'draftdesk_reading_ok{source="postgres"} 0.0' in response.text
        assert program.ending(20) == 0
