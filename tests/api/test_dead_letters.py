"""Dead letters over HTTP: the list, the retry, and the same answer for a call that is sent again."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import httpx2
import msgspec
import pytest

from service.db.engine import fetch
from service.settings import Settings
from tests.api.agents import action, at_once, post, writer
from tests.api.receiving import assert_problem
from tests.factories import ShopAtWork
from tests.queues import QueueReader
from tests.storing import suggestion_row
from tests.suggestions.letters import dead_letter
from tests.suggestions.spending import add_call, add_suggestion
from tests.waiting import until

PATH = "/v1/dead-letters"


async def listed(client: httpx2.AsyncClient, shop: ShopAtWork, **params: Any) -> list[dict[str, Any]]:
    response = await client.get(PATH, params=params, headers=shop.auth)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["causes"]
    return found


async def retry(client: httpx2.AsyncClient, auth: dict[str, str], *, key: str | None = None, **body: Any) -> httpx2.Response:
    return await client.post(f"{PATH}/retry", json=body, headers={**auth, **({"idempotency-key": key} if key else {})})


async def test_list_when_letters_are_dead_then_each_cause_is_told_in_full(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await add_call(shop, await add_suggestion(shop), cost_usd="0.0012345")
    suggestion_id = await dead_letter(shop, from_="ada@x.example", subject="Late" * 100, vip=True)
    row = msgspec.to_builtins(dict(await suggestion_row(suggestion_id)))

    [cause] = await listed(client, shop)

    [letter] = cause.pop("letters")
    assert cause == {
        "reason_code": "provider_down",
        "error": "timeout",
        "count": 1,
        "vip_count": 1,
        "overtaken_count": 0,
        "oldest_wait_since": row["waiting_since"],
        "estimated_cost_usd": "0.001235",
        "next_cursor": None,
    }
    assert letter == {
        "id": str(suggestion_id),
        "thread_id": row["thread"],
        "message_id": row["message"],
        "sender": "ada@x.example",
        "subject": "Late" * 50,
        "is_vip": True,
        "waiting_since": row["waiting_since"],
        "attempt": 4,
        "failed_at": row["finished_at"],
        "retried_at": None,
        "claimed_until": None,
    }


async def test_list_when_a_reason_or_an_error_is_asked_then_these_alone(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    for reason, error in (("provider_down", "timeout"), ("provider_down", "http_500"), ("poison", "timeout")):
        await dead_letter(shop, reason=reason, error=error)

    by_reason = await listed(client, shop, reason_code="provider_down")
    by_error = await listed(client, shop, reason_code="provider_down", error="timeout")

    assert {(each["reason_code"], each["error"]) for each in by_reason} == {
        ("provider_down", "timeout"),
        ("provider_down", "http_500"),
    }
    assert [(each["reason_code"], each["error"], each["count"]) for each in by_error] == [("provider_down", "timeout", 1)]


async def test_list_when_cursors_are_followed_then_every_letter_of_the_cause_once(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    ids = [await dead_letter(shop, error="é\n", waited_s=90 - number) for number in range(5)]
    await dead_letter(shop, reason="poison")

    first, _ = await listed(client, shop, limit=2)
    [second] = await listed(client, shop, limit=2, cursor=first["next_cursor"])
    [third] = await listed(client, shop, limit=2, cursor=second["next_cursor"])

    assert [letter["id"] for page in (first, second, third) for letter in page["letters"]] == [str(each) for each in ids]
    assert [page["count"] for page in (first, second, third)] == [5, 5, 5]
    assert third["next_cursor"] is None


async def test_list_when_an_agent_holds_one_then_it_says_until_when(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id = await dead_letter(shop)
    claimed = await action(client, await writer(shop), suggestion_id, "claim")

    [cause] = await listed(client, shop)

    assert cause["letters"][0]["claimed_until"] == claimed.json()["claimed_until"]


def cursor_of(*place: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 101},
        {"reason_code": "bad luck"},
        {"error": "timeout"},
        {"reason_code": "poison", "error": "a\0b"},
        {"reason_code": "poison", "error": "x" * 501},
        {"cursor": "x"},
        {"cursor": "ü"},
        {"cursor": cursor_of("poison", "e", "2026-11-25T00:00:00Z")},
        {"cursor": cursor_of("bad luck", "e", "2026-11-25T00:00:00Z", uuid4())},
        {"cursor": cursor_of("poison", "a\0b", "2026-11-25T00:00:00Z", uuid4())},
        {"cursor": cursor_of("poison", "e", "2026-11-25T00:00:00", uuid4())},
        {"cursor": cursor_of("poison", "e", 5, uuid4())},
        {"cursor": cursor_of("poison", "e", "0001-01-01T00:00:00+14:00", uuid4())},
        {"cursor": cursor_of("poison", "e", "9999-12-31T23:59:59-14:00", uuid4())},
        {"cursor": base64.urlsafe_b64encode(b"[" * 2_000).decode()},
        {"cursor": base64.urlsafe_b64encode(b'["poison","\xff"]').decode()},
    ],
)
async def test_list_when_the_query_is_wrong_then_400(client: httpx2.AsyncClient, shop: ShopAtWork, params: dict[str, Any]) -> None:
    assert_problem(await client.get(PATH, params=params, headers=shop.auth), 400)


async def test_retry_when_letters_are_named_then_they_are_sent_and_the_others_say_why(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork, settings: Settings
) -> None:
    dead, held, foreign, auth = await dead_letter(shop), await dead_letter(shop), await dead_letter(other_shop), await writer(shop)
    await action(client, auth, held, "claim")

    response = await retry(client, auth, suggestion_ids=[str(each) for each in (dead, held, foreign)])

    assert (response.status_code, response.json()) == (
        200,
        {
            "put_back": [str(dead)],
            "not_put_back": [
                {"suggestion_id": str(held), "why": "claimed"},
                {"suggestion_id": str(foreign), "why": "not_found"},
            ],
            "left": 0,
        },
    )

    async def is_queued() -> bool:
        return bool((await suggestion_row(dead))["status"] == "queued")

    await until(is_queued)
    with QueueReader(settings.redis_url) as queues:
        assert queues.count(dead) == 1


async def test_retry_when_an_agent_has_answered_the_thread_then_it_stays(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await dead_letter(shop), await writer(shop)
    await post(client, auth, f"/v1/threads/{(await suggestion_row(suggestion_id))['thread']}/messages", text="It is on its way.")

    response = await retry(client, auth, suggestion_ids=[str(suggestion_id)])

    assert response.json()["not_put_back"] == [{"suggestion_id": str(suggestion_id), "why": "answered"}]
    [cause] = await listed(client, shop)
    assert (cause["count"], cause["overtaken_count"]) == (0, 1)


async def test_retry_when_an_agent_has_edited_it_then_it_stays(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await dead_letter(shop), await writer(shop)
    etag = f'"{(await suggestion_row(suggestion_id))["version"]}"'
    await action(client, auth, suggestion_id, "resolve", if_match=etag, outcome="edited", final_body="Hello")

    response = await retry(client, auth, suggestion_ids=[str(suggestion_id)])

    assert response.json()["not_put_back"] == [{"suggestion_id": str(suggestion_id), "why": "resolved"}]


async def test_retry_when_a_whole_cause_is_named_then_it_says_how_many_are_left(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    old, young, auth = await dead_letter(shop, waited_s=90), await dead_letter(shop, waited_s=10), await writer(shop)

    first = await retry(client, auth, reason_code="provider_down", error="timeout", limit=1)
    rest = await retry(client, auth, reason_code="provider_down")

    assert first.json() == {"put_back": [str(old)], "not_put_back": [], "left": 1}
    assert rest.json() == {"put_back": [str(young)], "not_put_back": [], "left": 0}
    assert await listed(client, shop) == []


async def test_retry_when_twenty_calls_with_one_key_come_at_once_then_one_is_done_and_all_answer_alike(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    ids, auth = [await dead_letter(shop, waited_s=90 - number) for number in range(4)], await writer(shop)

    responses = await at_once(*(retry(client, auth, key="k1", reason_code="provider_down", limit=2) for _ in range(20)))

    assert {response.content for response in responses} == {responses[0].content}
    assert responses[0].json()["put_back"] == [str(each) for each in ids[:2]]
    assert [(await suggestion_row(each))["status"] for each in ids[2:]] == ["failed", "failed"]
    assert_problem(await retry(client, auth, key="k1", reason_code="provider_down", limit=3), 422)


async def test_retry_when_the_key_only_reads_then_403(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id = await dead_letter(shop)

    assert_problem(await retry(client, shop.auth, suggestion_ids=[str(suggestion_id)]), 403)
    assert (await suggestion_row(suggestion_id))["status"] == "failed"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"suggestion_ids": []},
        {"suggestion_ids": [str(uuid4()) for _ in range(101)]},
        {"suggestion_ids": ["1"]},
        {"suggestion_ids": [str(uuid4())], "reason_code": "poison"},
        {"suggestion_ids": [str(uuid4())], "error": "timeout"},
        {"reason_code": "bad luck"},
        {"reason_code": "poison", "limit": 0},
        {"reason_code": "poison", "limit": 1001},
        {"reason_code": "poison", "error": "a\0b"},
        {"error": "timeout"},
        [],
    ],
)
async def test_retry_when_the_body_is_wrong_then_400_and_nothing_is_done(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: Any
) -> None:
    await dead_letter(shop, reason="poison")

    response = await client.post(f"{PATH}/retry", json=body, headers=await writer(shop))

    assert_problem(response, 400)
    [row] = await fetch("SELECT status FROM suggestion WHERE shop = $1", shop.id)
    assert row["status"] == "failed"
