"""The broker is away when mail comes: the mail is taken all the same, and drafted when the broker is back."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.processes.desk import Desk
from tests.programs import running_api
from tests.proxy import Proxy
from tests.queues import QueueReader
from tests.waiting import until

MAILS = 8


@pytest.fixture(scope="module")
def proxy(running: Desk) -> Iterator[Proxy]:
    port = urlsplit(running.settings.redis_url).port
    assert port is not None
    with Proxy(port) as made:
        yield made


@pytest.fixture(scope="module")
def api(running: Desk, proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API with a quick relay, whose way to the broker leads through the proxy; the worker's own does not."""
    parts = urlsplit(running.settings.redis_url)
    through_proxy = parts._replace(netloc=f":{parts.password}@127.0.0.1:{proxy.port}").geturl()
    settings = dataclasses.replace(running.settings, redis_url=through_proxy, relay_interval_s=0.2, relay_head_start_s=0.5)
    with running_api(settings, tmp_path_factory.mktemp("api")) as url:
        yield url


@pytest.mark.parametrize("trouble", ["refuse", "hang"])
async def test_webhook_when_the_broker_is_away_then_it_is_taken_and_drafted_when_the_broker_is_back(
    desk: Desk, http: httpx2.AsyncClient, proxy: Proxy, api: str, trouble: Literal["refuse", "hang"]
) -> None:
    earlier = await desk.post(http, url=api)
    assert (await desk.final(http, earlier))["status"] == "ready"
    asked_before = desk.stand_in.seen().count

    getattr(proxy, trouble)()
    ids = await asyncio.gather(*(desk.post(http, url=api) for _ in range(MAILS)))
    health = await http.get(f"{api}/health/ready")

    async def all_are_pending() -> bool:
        return [(await desk.suggestion(http, each))["status"] for each in ids] == ["pending"] * MAILS

    # The relay takes them for an instant, finds that it cannot send, and puts them back.
    await until(all_are_pending)
    assert (health.status_code, health.json()["status"], health.json()["broker"]) == (200, "degraded", "unreachable")
    assert desk.stand_in.seen().count == asked_before

    proxy.pass_on()
    finals = [await desk.final(http, each) for each in ids]

    assert [(each["status"], each["attempt"]) for each in finals] == [("ready", 1)] * MAILS
    assert desk.stand_in.seen().count == asked_before + MAILS


async def test_queue_when_valkey_has_lost_everything_then_the_relay_sends_again(
    desk: Desk, http: httpx2.AsyncClient, proxy: Proxy, api: str
) -> None:
    assert proxy.port
    suggestion_id = await desk.post(http)
    await desk.final(http, suggestion_id)
    # As if the job had been queued an hour ago and Valkey had been wiped since: nothing is left of it there.
    await desk.rows(
        "UPDATE suggestion SET status = 'queued', attempt = 0, next_send_at = now() - interval '1 s' WHERE id = $1", suggestion_id
    )
    with QueueReader(desk.settings.redis_url) as queues:

        async def is_ready() -> bool:
            return bool((await desk.suggestion(http, suggestion_id))["status"] == "ready")

        await until(is_ready)
        assert api
        assert queues.messages("suggestions") == []
