"""`draftdesk relay` beside APIs that run without one."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import httpx2

from tests.embedded.running import eventually
from tests.processes.desk import Desk
from tests.processes.lone import behind_proxy, lone
from tests.programs import draftdesk, running_api

SEVERAL_PASSES_S = 1.0


async def test_relay_when_the_apis_run_none_then_it_sends_what_they_could_not(
    desk: Desk, http: httpx2.AsyncClient, tmp_path: Path
) -> None:
    quick = dataclasses.replace(desk.settings, relay_interval_s=0.1, relay_head_start_s=0.0)
    with behind_proxy(quick.redis_url) as (proxy, redis_url):
        without_relay = dataclasses.replace(quick, redis_url=redis_url, has_relay=False)
        with running_api(without_relay, tmp_path) as url:
            proxy.refuse()
            suggestion_id = await desk.post(http, url=url)
            assert eventually(lambda: "jobs.broker_unavailable" in logs_of_apis(tmp_path))
            proxy.pass_on()
            await asyncio.sleep(SEVERAL_PASSES_S)
            assert (await desk.suggestion(http, suggestion_id))["status"] == "pending"

            with lone("relay", ["service", "relay"], quick, tmp_path) as relay:
                suggestion = await desk.final(http, suggestion_id)

                assert (suggestion["status"], suggestion["attempt"]) == ("ready", 1)
                assert relay.ending(15) == 0


def logs_of_apis(folder: Path) -> str:
    return "".join(log.read_text() for log in folder.glob("api-*.log"))


def test_relay_when_no_servers_are_named_then_one_sentence() -> None:
    ended = draftdesk("relay")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "draftdesk: DATABASE_URL and REDIS_URL must be set; `draftdesk up` starts servers of its own\n"
