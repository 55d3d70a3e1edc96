"""The relay's pass: what is due is sent, what is not is left, and the hopeless are buried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
import pytest_asyncio

from service.db.engine import fetch
from service.drafting import fallback_text
from service.jobs import DraftJob, JobSender, Publisher
from service.relay import relay_once, run_relay
from service.settings import Settings
from service.suggestions import repository
from service.suggestions.sending import mark_queued
from tests.factories import ShopAtWork, make_shop
from tests.queues import QueueReader, refusing_broker
from tests.storing import let_lease_lapse, put_status, store_suggestion, suggestion_row
from tests.waiting import until


@pytest.fixture
def queues(settings: Settings) -> Iterator[QueueReader]:
    with QueueReader(settings.redis_url) as reader:
        yield reader


@pytest_asyncio.fixture
async def alone(shop: ShopAtWork) -> ShopAtWork:
    """A shop that is the only one with rows for the relay: those of earlier tests are put far away."""
    await fetch("UPDATE suggestion SET next_send_at = now() + interval '1 day' WHERE shop <> $1", shop.id)
    await fetch("UPDATE suggestion SET lease_until = now() + interval '1 day' WHERE shop <> $1 AND status = 'drafting'", shop.id)
    await fetch(
        "UPDATE suggestion SET claimed_until = now() + interval '1 day' WHERE shop <> $1 AND claimed_by IS NOT NULL", shop.id
    )
    await fetch("UPDATE suggestion SET recheck_at = NULL WHERE shop <> $1", shop.id)
    return shop


@pytest_asyncio.fixture
async def publisher(settings: Settings) -> AsyncIterator[Publisher]:
    made = Publisher(JobSender(settings.redis_url), mark_queued)
    yield made
    await made.close()


@pytest.fixture
def sender(settings: Settings) -> Iterator[JobSender]:
    """The breaker that a pass looks at."""
    made = JobSender(settings.redis_url)
    yield made
    made.close()


async def test_relay_when_one_step_of_it_fails_then_the_others_go_on(alone: ShopAtWork, publisher: Publisher) -> None:
    suggestion_id = await store_suggestion(alone)
    await make_due(suggestion_id)
    # What a recheck reads is not there: a draft whose orders have changed cannot be compared.
    other = await store_suggestion(alone, from_="eve@customer.example")
    await fetch("UPDATE suggestion SET status = 'ready', recheck_at = now() WHERE id = $1", other)
    await fetch("ALTER TABLE refund RENAME TO hidden_refund")
    task = asyncio.create_task(run_relay(publisher, interval_s=0.05, per_second=1000))

    async def is_sent() -> bool:
        return bool((await suggestion_row(suggestion_id))["status"] == "queued")

    await until(is_sent)
    await fetch("ALTER TABLE hidden_refund RENAME TO refund")
    await make_recheck_due(other)

    async def is_compared() -> bool:
        return bool((await suggestion_row(other))["status"] == "superseded")

    await until(is_compared)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def make_recheck_due(suggestion_id: UUID) -> None:
    await fetch("UPDATE suggestion SET recheck_at = now() WHERE id = $1", suggestion_id)


async def make_due(*suggestion_ids: UUID) -> None:
    await fetch("UPDATE suggestion SET next_send_at = now() - interval '1 s' WHERE id = ANY($1::uuid[])", list(suggestion_ids))


async def test_pass_when_a_placeholder_is_due_then_it_is_sent(alone: ShopAtWork, publisher: Publisher, queues: QueueReader) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)

    assert await relay_once(publisher) == 1

    row = await suggestion_row(suggestion_id)
    assert queues.count(suggestion_id) == 1
    assert (row["status"], row["sends"]) == ("queued", 1)
    assert row["queued_at"] is not None
    assert await relay_once(publisher) == 0


async def test_pass_when_a_placeholder_is_in_its_head_start_then_it_is_left(
    alone: ShopAtWork, publisher: Publisher, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=60)

    assert await relay_once(publisher) == 0
    assert queues.count(suggestion_id) == 0
    assert (await suggestion_row(suggestion_id))["status"] == "pending"


@pytest.mark.parametrize("status", ["ready", "failed", "skipped", "superseded"])
async def test_pass_when_it_is_final_then_it_is_left(alone: ShopAtWork, publisher: Publisher, status: str) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)
    await put_status(suggestion_id, status)

    assert await relay_once(publisher) == 0


async def test_pass_when_the_customer_is_a_vip_then_it_goes_to_the_vips_queue(
    alone: ShopAtWork, publisher: Publisher, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)
    await fetch("UPDATE suggestion SET priority = 0 WHERE id = $1", suggestion_id)

    await relay_once(publisher)

    assert len(queues.messages("suggestions_vip", suggestion_id)) == 1


async def test_pass_when_the_queue_has_lost_a_row_then_it_is_sent_again_ever_more_rarely(
    alone: ShopAtWork, publisher: Publisher, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)
    waits = []
    for _ in range(4):
        await make_due(suggestion_id)
        assert await relay_once(publisher) == 1
        (row,) = await fetch("SELECT next_send_at - now() AS wait FROM suggestion WHERE id = $1", suggestion_id)
        waits.append(row["wait"])

    assert queues.count(suggestion_id) == 4
    assert (await suggestion_row(suggestion_id))["status"] == "queued"
    for shorter, longer in pairwise(waits):
        assert longer > shorter + timedelta(seconds=30)


async def test_pass_when_a_lease_has_lapsed_then_the_row_is_free_and_sent(
    alone: ShopAtWork, publisher: Publisher, queues: QueueReader
) -> None:
    suggestion_id = await store_suggestion(alone)
    dead = await repository.claim(suggestion_id)
    assert dead is not None
    await let_lease_lapse(suggestion_id)

    assert await relay_once(publisher) == 1

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["lease_token"], row["attempt"]) == ("queued", None, 1)
    assert queues.count(suggestion_id) == 1
    next_one = await repository.claim(suggestion_id)
    assert next_one is not None
    assert next_one.attempt == 2


async def test_pass_when_a_lease_is_held_then_the_row_is_left(alone: ShopAtWork, publisher: Publisher) -> None:
    suggestion_id = await store_suggestion(alone, head_start_s=0)
    held = await repository.claim(suggestion_id)
    assert held is not None

    assert await relay_once(publisher) == 0
    assert (await suggestion_row(suggestion_id))["lease_token"] == held.lease_token


async def test_pass_when_four_workers_have_died_then_it_is_buried_as_poison(
    alone: ShopAtWork, publisher: Publisher, queues: QueueReader
) -> None:
    french = await make_shop(language="fr")
    suggestion_id = await store_suggestion(french, text="Guten Tag, wo bleibt mein Paket? Ich warte schon zwei Wochen.")
    for _ in range(4):
        assert await repository.claim(suggestion_id) is not None
        await let_lease_lapse(suggestion_id)

    assert await relay_once(publisher) == 0

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["kind"], row["reason_code"], row["error"]) == ("failed", "fallback", "poison", "worker_died")
    assert (row["language"], row["body"]) == fallback_text("de", "The test shop")
    assert row["finished_at"] is not None
    assert (row["lease_token"], row["next_send_at"]) == (None, None)
    assert queues.count(suggestion_id) == 0
    assert alone.id != french.id


async def test_pass_when_the_broker_goes_away_then_the_rows_are_due_again(alone: ShopAtWork, queues: QueueReader) -> None:
    ids = [await store_suggestion(alone, head_start_s=0) for _ in range(3)]
    with refusing_broker() as url:
        sender = JobSender(url)
        away = Publisher(sender, mark_queued)

        assert await relay_once(away) == 0
        # The breaker is open: the second pass does not even take them.
        assert await relay_once(away) == 0
        await away.close()

    rows = await fetch("SELECT status, next_send_at <= now() AS is_due FROM suggestion WHERE id = ANY($1::uuid[])", ids)
    assert [(row["status"], row["is_due"]) for row in rows] == [("pending", True)] * 3
    assert [queues.count(suggestion_id) for suggestion_id in ids] == [0, 0, 0]


async def test_pass_when_the_broker_is_away_then_the_hopeless_are_buried_all_the_same(alone: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(alone)
    await repository.claim(suggestion_id)
    await fetch("UPDATE suggestion SET attempt = 4 WHERE id = $1", suggestion_id)
    await let_lease_lapse(suggestion_id)
    with refusing_broker() as url:
        sender = JobSender(url)
        sender.send_all([DraftJob(suggestion_id)])
        away = Publisher(sender, mark_queued)

        await relay_once(away)
        await away.close()

    assert (await suggestion_row(suggestion_id))["reason_code"] == "poison"


async def test_passes_when_several_run_at_once_then_each_row_is_sent_once(
    alone: ShopAtWork, publisher: Publisher, queues: QueueReader, settings: Settings
) -> None:
    ids = [await store_suggestion(alone, head_start_s=0) for _ in range(40)]
    other = Publisher(JobSender(settings.redis_url), mark_queued)

    sent = await asyncio.gather(*(relay_once(each) for each in (publisher, other, publisher, other)))
    await other.close()

    assert sum(sent) == 40
    assert [queues.count(suggestion_id) for suggestion_id in ids] == [1] * 40


async def test_relay_when_a_pass_has_failed_then_the_next_one_works(alone: ShopAtWork, publisher: Publisher) -> None:
    suggestion_id = await store_suggestion(alone)
    task = asyncio.create_task(run_relay(publisher, interval_s=0.05, per_second=1000))
    await fetch("ALTER TABLE suggestion RENAME TO hidden")
    await asyncio.sleep(0.2)
    await fetch("ALTER TABLE hidden RENAME TO suggestion")
    await make_due(suggestion_id)

    async def is_sent() -> bool:
        return bool((await suggestion_row(suggestion_id))["status"] == "queued")

    await until(is_sent)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
