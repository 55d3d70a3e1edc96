"""The whole road with a real worker: once for many calls, again after faults, and what it leaves in Valkey."""

from __future__ import annotations

import asyncio
import secrets

import httpx2
import msgspec

from service.drafting import fallback_text
from tests.factories import mail_fields
from tests.processes.desk import Desk
from tests.queues import QueueReader
from tests.standin_control import Fault, StandInControl
from tests.waiting import until

DAY_MS = 24 * 60 * 60 * 1000


def unique_text() -> str:
    return f"Where is my parcel? My code is {secrets.token_hex(8)}."


async def test_webhook_when_the_same_mail_is_signed_anew_each_time_then_one_message_all_the_same(
    desk: Desk, http: httpx2.AsyncClient, stand_in: StandInControl
) -> None:
    fields = mail_fields(text=unique_text())
    calls = [desk.signed(**fields) for _ in range(30)]

    answers = await asyncio.gather(
        *(http.post(desk.url + desk.webhook_path, content=call.body, headers=call.headers) for call in calls)
    )

    receipts = [msgspec.json.decode(answer.content) for answer in answers]
    assert sorted(receipt["outcome"] for receipt in receipts) == ["duplicate"] * 29 + ["stored"]
    (stored,) = [receipt for receipt in receipts if receipt["outcome"] == "stored"]
    await desk.final(http, stored["suggestion_id"])
    assert sum(fields["text"] in request.prompt for request in stand_in.requests()) == 1


async def test_worker_when_the_model_fails_twice_then_the_third_attempt_is_ready(
    desk: Desk, http: httpx2.AsyncClient, stand_in: StandInControl
) -> None:
    text = unique_text()
    stand_in.script(Fault("server_error", times=2, match=text))

    suggestion = await desk.final(http, await desk.post(http, text=text), within_s=40)

    assert (suggestion["status"], suggestion["kind"], suggestion["attempt"]) == ("ready", "ai", 3)
    calls = await desk.rows("SELECT error_type FROM model_call WHERE suggestion = $1 ORDER BY id", suggestion["id"])
    assert [call["error_type"] for call in calls] == ["http_500", "http_500", None]
    first, second, third = (request.at for request in stand_in.requests() if text in request.prompt)
    assert (second - first).total_seconds() >= 2
    assert (third - second).total_seconds() >= 4


async def test_worker_when_it_is_asked_to_wait_then_the_next_call_is_not_earlier(
    desk: Desk, http: httpx2.AsyncClient, stand_in: StandInControl
) -> None:
    text = unique_text()
    stand_in.script(Fault("rate_limit", retry_after="6", match=text))

    suggestion = await desk.final(http, await desk.post(http, text=text), within_s=40)

    assert (suggestion["status"], suggestion["attempt"]) == ("ready", 2)
    first, second = (request.at for request in stand_in.requests() if text in request.prompt)
    assert (second - first).total_seconds() >= 6


async def test_result_when_the_draft_is_ready_then_it_is_kept_for_a_day(desk: Desk, http: httpx2.AsyncClient) -> None:
    with QueueReader(desk.settings.redis_url) as queues:
        before = set(queues.results())
        await desk.final(http, await desk.post(http, text=unique_text()))

        async def is_kept() -> bool:
            return len(set(queues.results()) - before) == 1

        await until(is_kept)
        (name,) = set(queues.results()) - before
        result, ttl_ms = queues.results()[name]

    assert name.startswith("draftdesk-results:suggestions:draft_suggestion:")
    assert result == {"outcome": "ready"}
    assert DAY_MS - 60_000 < ttl_ms <= DAY_MS


async def test_dead_letter_when_the_provider_refuses_then_it_lies_in_dramatiqs_too(
    desk: Desk, http: httpx2.AsyncClient, stand_in: StandInControl
) -> None:
    text = unique_text()
    stand_in.script(Fault("bad_request", match=text))

    suggestion = await desk.final(http, await desk.post(http, text=text))

    assert (suggestion["status"], suggestion["kind"], suggestion["reason_code"]) == ("failed", "fallback", "provider_refused")
    assert ((suggestion["language"], suggestion["body"]), suggestion["attempt"]) == (fallback_text("en", "The desk"), 1)
    with QueueReader(desk.settings.redis_url) as queues:

        async def is_dead() -> bool:
            return any(letter["kwargs"] == {"suggestion_id": suggestion["id"]} for letter in queues.dead_letters("suggestions"))

        await until(is_dead)


async def test_metrics_when_drafts_were_made_then_worker_and_api_serve_them(desk: Desk, http: httpx2.AsyncClient) -> None:
    await desk.final(http, await desk.post(http, text=unique_text()))

    async def of_worker() -> str:
        return (await http.get(f"http://127.0.0.1:{desk.settings.metrics_port}/metrics")).text

    async def is_counted() -> bool:
        # The draft is saved a moment before it is counted.
        page = await of_worker()
        return "draftdesk_attempts_total" in page and value_of(page, "draftdesk_jobs_in_progress") == 0

    await until(is_counted)
    page = await of_worker()
    assert value_of(page, 'draftdesk_suggestions_total{reason="",status="ready"}') >= 1
    assert value_of(page, 'draftdesk_attempts_total{error_type="",outcome="ready"}') >= 1
    assert value_of(page, 'draftdesk_message_to_suggestion_seconds_count{priority="normal"}') >= 1
    page = (await http.get(f"{desk.url}/metrics")).text
    assert value_of(page, 'draftdesk_webhooks_received_total{outcome="stored",provider="standard"}') >= 1
    assert value_of(page, 'draftdesk_webhook_duration_seconds_count{provider="standard"}') >= 1


def value_of(page: str, series: str) -> float:
    """Return the value of one series of a page of metrics."""
    (value,) = [line.rpartition(" ")[2] for line in page.splitlines() if line.rpartition(" ")[0] == series]
    return float(value)
