"""A provider's batch with a real relay and a real worker: from the call that asks for it to its drafts."""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
from pathlib import Path

import httpx2

from tests.processes.desk import Desk
from tests.processes.lone import lone
from tests.programs import draftdesk
from tests.standin_control import StandInControl
from tests.waiting import until

# Steps that ask the provider how it stands are a minute apart; a step at work has leased the batch for longer.
_NO_WAITING = """
UPDATE batch SET next_step_at = now()
WHERE id = $1 AND next_step_at BETWEEN now() + interval '30 s' AND now() + interval '60 s'
"""


def writing_key(desk: Desk) -> str:
    urls = {"DATABASE_URL": desk.settings.database_url, "REDIS_URL": desk.settings.redis_url}
    return draftdesk("key", "create", "--shop", "desk", "--scope", "read", "--scope", "write", **urls).stdout.strip()


async def test_provider_batch_when_asked_for_then_the_worker_fetches_its_drafts(
    desk: Desk, http: httpx2.AsyncClient, stand_in: StandInControl, tmp_path: Path
) -> None:
    text = f"Where is my parcel? My code is {secrets.token_hex(8)}."
    suggestion_id = await desk.post(http, text=text)
    await desk.final(http, suggestion_id)
    [row] = await desk.rows("SELECT message FROM suggestion WHERE id = $1", suggestion_id)
    wanted = {"agent": "tests", "message_ids": [str(row["message"])], "is_provider_batch": True}
    auth = {"authorization": f"Bearer {writing_key(desk)}"}
    made = (await http.post(f"{desk.url}/v1/batches", json=wanted, headers=auth)).raise_for_status().json()

    async def is_over() -> bool:
        await desk.rows(_NO_WAITING, made["id"])
        found = (await http.get(f"{desk.url}/v1/batches/{made['id']}")).json()
        return bool(found["state"] != "running")

    with lone("relay", ["service", "relay"], dataclasses.replace(desk.settings, relay_interval_s=0.2), tmp_path):
        await until(is_over, 60)

    found = (await http.get(f"{desk.url}/v1/batches/{made['id']}")).json()
    assert (found["state"], found["drafted"], found["error"]) == ("finished", 1, None)
    requests = await asyncio.to_thread(stand_in.requests)
    assert [request.path for request in requests if text in request.prompt] == ["/v1/responses", "/v1/batches"]
