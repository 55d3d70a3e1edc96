"""`draftdesk queue inspect`: what waits, who works, and what was given up."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
import redis
from dramatiq.brokers.redis import RedisBroker

from service.db.engine import fetch
from service.db.ids import uuid7
from service.jobs import DraftJob, Priority, Queue, message_of
from service.settings import Settings
from tests.factories import ShopAtWork
from tests.programs import draftdesk
from tests.queues import hanging_broker, refusing_broker
from tests.storing import store_suggestion
from tests.suggestions.letters import fail

TRACEBACK = """Traceback (most recent call last):
  File "service/drafting/model.py", line 1, in ask
    raise Late
service.drafting.errors.ModelUnavailable: Dear Sir
"""


@pytest.fixture
def worker(spoilable: Settings) -> Iterator[RedisBroker]:
    """A worker's broker, with a Valkey that is only this test's."""
    client = redis.Redis.from_url(spoilable.redis_url)
    yield RedisBroker(client=client, middleware=[])
    client.close()


def send(worker: RedisBroker, *, delay_ms: int | None = None, sent_s_ago: float = 0, traceback: str = "") -> UUID:
    """Send a job to the queue of all; return its suggestion's id, of which there is none."""
    suggestion_id = uuid7()
    options = {"traceback": traceback, "retries": 2} if traceback else {}
    sent_at_ms = int((time.time() - sent_s_ago) * 1000)
    message = message_of(DraftJob(suggestion_id, Priority.NORMAL)).copy(message_timestamp=sent_at_ms, options=options)
    worker.enqueue(message, delay=delay_ms)
    return suggestion_id


def take(worker: RedisBroker, count: int) -> None:
    """Do as a worker that fetches so many."""
    assert len(worker.do_fetch(Queue.SUGGESTIONS, count)) == count


def give_up(worker: RedisBroker) -> None:
    """Do as a worker whose next job has failed for good."""
    redis_id = worker.client.lindex(f"dramatiq:{Queue.SUGGESTIONS}", 0)
    take(worker, 1)
    worker.do_nack(Queue.SUGGESTIONS, redis_id)


async def inspect(settings: Settings, *args: str, **given: str) -> subprocess.CompletedProcess[str]:
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, **given}
    return await asyncio.to_thread(draftdesk, "queue", "inspect", *args, **urls)


async def parts(settings: Settings, *args: str) -> list[list[list[str]]]:
    """Return what was printed: its parts, their lines, their cells."""
    ended = await inspect(settings, *args)
    assert (ended.returncode, ended.stderr) == (0, "")
    return [
        [[cell.strip() for cell in line.split("  ") if cell] for line in part.splitlines()] for part in ended.stdout.split("\n\n")
    ]


async def test_inspect_when_the_queues_are_empty_then_every_queue_has_a_line_and_no_worker_lives(
    spoilable: Settings, shop: ShopAtWork
) -> None:
    assert shop.id

    backlog, queues, workers = await parts(spoilable)

    assert [line[0] for line in backlog] == ["state", "pending", "queued", "drafting", "with the provider"]
    assert queues[1:] == [[str(queue), "0", "-", "0", "-", "0", "-", "0", "0", "-"] for queue in Queue]
    assert workers == [["no worker lives"]]


async def test_inspect_when_messages_wait_then_each_kind_is_counted_with_its_age(
    spoilable: Settings, shop: ShopAtWork, worker: RedisBroker
) -> None:
    assert shop.id
    give_up_s, delayed_s, taken_s, ready_s = 9 * 3_600 + 30, 7 * 3_600 + 30, 5 * 3_600 + 30, 3 * 3_600 + 30
    send(worker, sent_s_ago=give_up_s)
    give_up(worker)
    worker.client.zadd(f"dramatiq:{Queue.SUGGESTIONS}.XQ", dict.fromkeys(await dead_ids(worker), (time.time() - 7_230) * 1000))
    for sent_s_ago in (60, taken_s):
        send(worker, sent_s_ago=sent_s_ago)
    take(worker, 2)
    for sent_s_ago in (60, ready_s, 60):
        send(worker, sent_s_ago=sent_s_ago)
    send(worker, sent_s_ago=delayed_s, delay_ms=3_600_000)

    _, queues, workers = await parts(spoilable)

    assert queues[1] == ["suggestions", "3", "3 h 0 min", "1", "7 h 0 min", "2", "5 h 0 min", "0", "1", "2 h 0 min"]
    assert [(line[0], line[2]) for line in workers] == [("worker", "holds"), (worker.broker_id, "2")]


async def dead_ids(worker: RedisBroker) -> list[bytes]:
    found: list[bytes] = await asyncio.to_thread(worker.client.zrange, f"dramatiq:{Queue.SUGGESTIONS}.XQ", 0, -1)  # type: ignore[arg-type]
    return found


async def test_inspect_when_a_worker_is_silent_then_what_it_held_is_stranded(
    spoilable: Settings, shop: ShopAtWork, worker: RedisBroker
) -> None:
    assert shop.id
    send(worker)
    take(worker, 1)
    worker.client.zadd("dramatiq:__heartbeats__", {worker.broker_id: (time.time() - 60) * 1000})

    _, queues, workers = await parts(spoilable)

    assert queues[1] == ["suggestions", "0", "-", "0", "-", "0", "-", "1", "0", "-"]
    assert workers == [["no worker lives"]]


async def test_inspect_when_an_api_has_sent_something_then_it_is_no_worker(
    spoilable: Settings, shop: ShopAtWork, worker: RedisBroker
) -> None:
    assert shop.id
    worker.broker_id = f"sender-{worker.broker_id}"
    send(worker)

    *_, workers = await parts(spoilable)

    assert workers == [["no worker lives"]]


async def test_inspect_when_the_dead_are_asked_for_then_the_newest_with_what_their_rows_say_now(
    spoilable: Settings, shop: ShopAtWork, worker: RedisBroker
) -> None:
    gone = send(worker, traceback=TRACEBACK)
    failed = await store_suggestion(shop)
    await fail(failed, reason="bad_output")
    worker.enqueue(message_of(DraftJob(failed)))
    for at_s in (100, 200):
        give_up(worker)
        newest = (await dead_ids(worker))[-1]
        worker.client.zadd(f"dramatiq:{Queue.SUGGESTIONS}.XQ", {newest: at_s * 1000})

    *_, all_ = await parts(spoilable, "--dead", "10")
    *_, last = await parts(spoilable, "--dead", "1")

    assert all_[0] == ["dead since", "suggestion", "actor", "attempts", "exception", "the row now"]
    assert all_[1:] == [
        ["1970-01-01 00:03:20", str(failed), "draft_suggestion", "1", "-", "failed, bad_output"],
        ["1970-01-01 00:01:40", str(gone), "draft_suggestion", "3", "service.drafting.errors.ModelUnavailable", "gone"],
    ]
    assert last == all_[:2]


async def test_inspect_when_nothing_was_given_up_then_it_says_so(spoilable: Settings, shop: ShopAtWork) -> None:
    assert shop.id
    *_, dead = await parts(spoilable, "--dead", "10")

    assert dead == [["Dramatiq has given up nothing"]]


async def test_inspect_when_what_lies_there_is_no_message_then_it_is_counted_all_the_same(
    spoilable: Settings, shop: ShopAtWork, worker: RedisBroker
) -> None:
    assert shop.id
    for number, raw in enumerate((b"\xff\x00", b"{", b'{"actor_name": 7}', b"[" * 100_000, b'{"kwargs": {"suggestion_id": "x"}}')):
        worker.do_enqueue(Queue.SUGGESTIONS, f"m{number}", raw)
    give_up(worker)

    _, queues, _, dead = await parts(spoilable, "--dead", "10")

    assert queues[1][:3] == ["suggestions", "4", "-"]
    assert dead[1][1:] == ["-", "-", "1", "-", "-"]


async def test_inspect_when_suggestions_wait_then_they_are_counted_by_state(spoilable: Settings, shop: ShopAtWork) -> None:
    before, *_ = await parts(spoilable)
    for status in ("queued", "queued", "drafting", "pending"):
        suggestion_id = await store_suggestion(shop)
        # Pending, and never due: its batch is with the provider.
        await fetch(
            "UPDATE suggestion SET status = $2, next_send_at = NULL, created_at = 'epoch' WHERE id = $1", suggestion_id, status
        )

    after, *_ = await parts(spoilable)

    added = {
        new[0]: int(new[1].replace(",", "")) - int(old[1].replace(",", "")) for old, new in zip(before[1:], after[1:], strict=True)
    }
    assert added == {"pending": 0, "queued": 2, "drafting": 1, "with the provider": 1}
    assert all(" d " in line[2] for line in after[2:])


@pytest.mark.parametrize("broker", [refusing_broker, hanging_broker])
async def test_inspect_when_redis_is_away_then_the_rows_are_told_and_one_sentence(
    settings: Settings, shop: ShopAtWork, broker: Callable[[], AbstractContextManager[str]]
) -> None:
    assert shop.id
    with broker() as url:
        ended = await inspect(settings, REDIS_URL=url)

    assert ended.returncode == 1
    assert ended.stdout.startswith("state")
    assert ended.stderr in {f"draftdesk: Redis does not answer: {kind}\n" for kind in ("ConnectionError", "TimeoutError")}


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:port/0"])
async def test_inspect_when_no_redis_is_named_then_one_sentence(settings: Settings, shop: ShopAtWork, url: str) -> None:
    assert shop.id

    ended = await inspect(settings, REDIS_URL=url)

    assert (ended.returncode, ended.stderr) == (1, "draftdesk: REDIS_URL names no Redis\n")
