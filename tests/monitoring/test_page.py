"""The metrics pages: what Redis and Postgres hold is on them, and they are served while one of both is away."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from litestar import Litestar
from prometheus_client.parser import text_string_to_metric_families

from service import __version__
from service.db.engine import fetch
from service.jobs import DraftJob, JobSender
from service.monitoring import MetricsPage
from service.monitoring.families import families_of
from service.monitoring.readings import Readings
from service.settings import Settings
from tests.factories import ShopAtWork
from tests.queues import hanging_broker
from tests.storing import put_status, store_suggestion

TOKEN = "a-token-of-some-length"


@pytest.fixture
def with_token(app: Litestar) -> Iterator[None]:
    """The API as it is with a token in its settings."""
    app.state.metrics_token = TOKEN
    yield
    app.state.metrics_token = ""


Values = dict[tuple[str, tuple[str, ...]], float]


def values_of(page: bytes) -> Values:
    """Return each sample by its name and its label values."""
    families = text_string_to_metric_families(page.decode())
    return {(each.name, tuple(each.labels.values())): each.value for family in families for each in family.samples}


async def read(settings: Settings) -> Values:
    return values_of(await MetricsPage(settings.redis_url, "").render())


async def test_page_when_a_job_is_queued_then_it_is_ready_and_its_age_is_told(spoilable: Settings, shop: ShopAtWork) -> None:
    before = await read(spoilable)
    sender = JobSender(spoilable.redis_url)
    assert sender.send_all([DraftJob(await store_suggestion(shop))])
    sender.close()

    after = await read(spoilable)

    ready = ("draftdesk_queue_messages", ("suggestions", "ready"))
    assert (before[ready], after[ready]) == (0, 1)
    assert before["draftdesk_queue_oldest_seconds", ("suggestions",)] == 0
    assert after["draftdesk_queue_oldest_seconds", ("suggestions",)] > 0
    assert after["draftdesk_workers_live", ()] == 0
    assert after["draftdesk_queue_persistence_ok", ()] == 1
    assert after["draftdesk_queue_memory_bytes", ()] > 0


async def test_page_when_a_customer_waits_then_the_oldest_is_told_and_no_batch(settings: Settings, shop: ShopAtWork) -> None:
    await fetch("UPDATE suggestion SET status = 'skipped' WHERE status IN ('pending', 'queued', 'drafting')")
    waiting, of_batch = await store_suggestion(shop), await store_suggestion(shop, from_="other@customer.example")
    await fetch("UPDATE suggestion SET created_at = $2 WHERE id = $1", waiting, datetime.now(UTC) - timedelta(minutes=10))
    await fetch(
        "UPDATE suggestion SET created_at = $2, priority = 20 WHERE id = $1", of_batch, datetime.now(UTC) - timedelta(hours=5)
    )

    found = await read(settings)

    assert found["draftdesk_suggestions_waiting", ("pending",)] == 2
    assert 600 <= found["draftdesk_suggestions_oldest_waiting_seconds", ()] < 3600


async def test_page_when_a_suggestion_has_failed_then_it_is_a_dead_letter(settings: Settings, shop: ShopAtWork) -> None:
    before = await read(settings)
    await put_status(await store_suggestion(shop), "failed")

    after = await read(settings)

    letters = ("draftdesk_dead_letters", ())
    assert after[letters] == before[letters] + 1


async def test_page_when_redis_hangs_then_the_rest_is_there_and_it_is_said(settings: Settings, shop: ShopAtWork) -> None:
    await put_status(await store_suggestion(shop), "failed")

    with hanging_broker() as redis_url:
        found = await read(dataclasses.replace(settings, redis_url=redis_url))

    assert found["draftdesk_reading_ok", ("redis",)] == 0
    assert found["draftdesk_reading_ok", ("postgres",)] == 1
    assert ("draftdesk_workers_live", ()) not in found
    assert found["draftdesk_dead_letters", ()] >= 1
    assert ("draftdesk_webhooks_received_total", ("stored", "standard")) in found


def test_families_when_nothing_answered_then_build_and_both_sources_are_told() -> None:
    samples = {
        (each.name, *each.labels.values()): each.value for family in families_of(Readings(None, None)) for each in family.samples
    }

    assert samples == {
        ("draftdesk_build_info", __version__): 1,
        ("draftdesk_reading_ok", "redis"): 0,
        ("draftdesk_reading_ok", "postgres"): 0,
    }


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_metrics_when_a_proxy_passes_a_stranger_on_then_401(client: httpx2.AsyncClient, header: str) -> None:
    response = await client.get("/metrics", headers={header: "203.0.113.7"})

    assert response.status_code == 401
    assert "draftdesk_" not in response.text


@pytest.mark.usefixtures("with_token")
@pytest.mark.parametrize(
    ("authorization", "status"),
    [(f"Bearer {TOKEN}", 200), (f"Bearer {TOKEN}x", 401), ("Bearer ", 401), (f"Basic {TOKEN}", 401), ("", 401), ("Bearer ü", 401)],
)
async def test_metrics_when_a_token_is_set_then_only_who_sends_it_reads(
    client: httpx2.AsyncClient, authorization: str, status: int
) -> None:
    response = await client.get("/metrics", headers=[(b"authorization", authorization.encode())])

    assert response.status_code == status
