"""The actor that moves batches on, and a worker with live mail beside a batch: processes of their own, and real queues."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from service.embedded.programs import api_url
from service.embedded.ready import free_port
from service.embedded.stack import Stack
from service.settings import Settings
from tests.processes.desk import Desk, make_desk
from tests.programs import draftdesk
from tests.waiting import until

MAILS = 120
THINKING_S = 0.4


@pytest.fixture(scope="module")
def running() -> Iterator[Desk]:
    """Everything that `draftdesk up` runs, with a relay that hurries, and a shop."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-batches-"))
    folder.chmod(0o711)
    given = dataclasses.replace(
        Settings.from_env({}),
        data_dir=folder / "servers",
        relay_interval_s=0.2,
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
async def http(running: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with a key that may write."""
    urls = {"DATABASE_URL": running.settings.database_url, "REDIS_URL": running.settings.redis_url}
    ended = await asyncio.to_thread(draftdesk, "key", "create", "--shop", "desk", "--scope", "write", "--scope", "read", **urls)
    headers = {"authorization": f"Bearer {ended.stdout.strip()}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as client:
        yield client


@pytest_asyncio.fixture
async def drafted(running: Desk, http: httpx2.AsyncClient) -> list[str]:
    """Suggestions whose drafts are ready, and from now on a model that takes its time."""
    await asyncio.to_thread(running.stand_in.reset)
    ids = [await running.post(http, from_=f"customer-{number}@x.example") for number in range(MAILS)]

    async def are_ready() -> bool:
        return await statuses(running, ids) == ["ready"] * MAILS

    await until(are_ready, 60)
    await asyncio.to_thread(running.stand_in.think, THINKING_S)
    return ids


async def statuses(desk: Desk, ids: list[str]) -> list[str]:
    rows = await desk.rows("SELECT status FROM suggestion WHERE id = ANY($1::uuid[]) ORDER BY id", ids)
    return [row["status"] for row in rows]


async def batch(desk: Desk, http: httpx2.AsyncClient, batch_id: str) -> dict[str, Any]:
    response = await http.get(f"{desk.url}/v1/batches/{batch_id}")
    found: dict[str, Any] = response.raise_for_status().json()
    return found


async def started_batch(desk: Desk, http: httpx2.AsyncClient) -> str:
    """Have all drafted again; return the batch's id once its first drafts are there."""
    body = {"agent": "anna", "filter": {"status": "ready"}}
    response = await http.post(f"{desk.url}/v1/batches", json=body)
    batch_id: str = response.raise_for_status().json()["id"]

    async def has_begun() -> bool:
        return bool((await batch(desk, http, batch_id))["drafted"] >= 5)

    await until(has_begun)
    return batch_id


async def test_batch_when_live_mail_comes_then_it_is_drafted_first_and_the_batch_still_finishes(
    running: Desk, http: httpx2.AsyncClient, drafted: list[str]
) -> None:
    batch_id = await started_batch(running, http)

    live = [await running.post(http, from_=f"live-{number}@x.example") for number in range(5)]
    finals = [(await running.final(http, each))["status"] for each in live]
    seen = await batch(running, http, batch_id)

    assert finals == ["ready"] * 5
    assert seen["waiting"] > MAILS // 3
    await asyncio.to_thread(running.stand_in.think, 0)

    async def is_finished() -> bool:
        return bool((await batch(running, http, batch_id))["state"] == "finished")

    await until(is_finished, 60)
    told = await batch(running, http, batch_id)
    assert (told["total"], told["drafted"], told["failed"], told["skipped"]) == (MAILS, MAILS, 0, {})
    assert await statuses(running, drafted) == ["superseded"] * MAILS


async def test_batch_when_it_is_cancelled_in_the_middle_then_every_thread_has_one_draft_and_nothing_waits(
    running: Desk, http: httpx2.AsyncClient, drafted: list[str]
) -> None:
    assert len(drafted) == MAILS
    batch_id = await started_batch(running, http)

    await http.post(f"{running.url}/v1/batches/{batch_id}/cancel")

    async def is_quiet() -> bool:
        return bool((await batch(running, http, batch_id))["waiting"] == 0)

    await until(is_quiet)
    told = await batch(running, http, batch_id)
    assert told["state"] == "cancelled"
    assert told["superseded"] > MAILS // 2
    rows = await running.rows("SELECT count(*) FILTER (WHERE status = 'ready') AS drafts FROM suggestion GROUP BY thread")
    assert [row["drafts"] for row in rows] == [1] * len(rows)


async def test_batch_when_every_attempt_at_its_step_meets_a_bug_then_it_has_failed_and_says_so(
    running: Desk, http: httpx2.AsyncClient
) -> None:
    suggestion_id = await running.post(http, from_="bug@x.example")
    message_id = (await running.final(http, suggestion_id))["message_id"]
    await running.rows(
        """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF NEW.batch IS NOT NULL THEN RAISE EXCEPTION 'a bug'; END IF; RETURN NEW; END $$"""
    )
    await running.rows("CREATE TRIGGER refuse BEFORE INSERT ON suggestion FOR EACH ROW EXECUTE FUNCTION refuse()")
    response = await http.post(f"{running.url}/v1/batches", json={"agent": "anna", "message_ids": [message_id]})
    batch_id: str = response.raise_for_status().json()["id"]

    async def has_ended() -> bool:
        return bool((await batch(running, http, batch_id))["state"] != "running")

    await until(has_ended, 60)
    await running.rows("DROP TRIGGER refuse ON suggestion")

    told = await batch(running, http, batch_id)
    assert (told["state"], told["error"], told["expanded"]) == ("failed", "RaiseError", 0)
    assert (await running.suggestion(http, suggestion_id))["status"] == "ready"
