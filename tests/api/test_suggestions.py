"""Suggestions over HTTP: pages without gaps, filters, one row with its message, and what is refused."""

from __future__ import annotations

import base64
from typing import Any, get_args

import httpx2
import pytest

from service.api.suggestion_schemas import StatusName
from service.inbox.queries import MAX_TEXT_LENGTH
from tests.api.receiving import assert_problem, deliver_mail
from tests.factories import ShopAtWork
from tests.storing import put_status, store_suggestion, suggestion_row


async def page_of(client: httpx2.AsyncClient, shop: ShopAtWork, **params: Any) -> dict[str, Any]:
    response = await client.get("/v1/suggestions", params=params, headers=shop.auth)
    assert response.status_code == 200, response.text
    page: dict[str, Any] = response.json()
    return page


async def test_list_when_mail_arrives_while_paging_then_no_row_twice_and_none_missing(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    stored = [str(await store_suggestion(shop)) for _ in range(10)]

    seen: list[str] = []
    page = await page_of(client, shop, limit=3)
    while True:
        seen.extend(item["id"] for item in page["items"])
        if page["next_cursor"] is None:
            break
        await store_suggestion(shop)
        page = await page_of(client, shop, limit=3, cursor=page["next_cursor"])

    assert seen == stored[::-1]


@pytest.mark.parametrize(("count", "limit", "has_more"), [(0, 1, False), (3, 3, False), (3, 2, True), (1, 200, False)])
async def test_list_when_the_page_is_full_or_not_then_the_cursor_says_whether_there_is_more(
    client: httpx2.AsyncClient, shop: ShopAtWork, count: int, limit: int, has_more: bool
) -> None:
    for _ in range(count):
        await store_suggestion(shop)

    page = await page_of(client, shop, limit=limit)
    assert len(page["items"]) == min(count, limit)
    assert (page["next_cursor"] is not None) == has_more


async def test_list_when_a_status_is_asked_for_then_only_those_on_every_page(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    stored = [await store_suggestion(shop) for _ in range(6)]
    for each in stored[::2]:
        await put_status(each, "ready")

    first = await page_of(client, shop, status="ready", limit=2)
    second = await page_of(client, shop, status="ready", limit=2, cursor=first["next_cursor"])
    assert [item["id"] for item in first["items"] + second["items"]] == [str(each) for each in stored[::2]][::-1]
    assert {item["status"] for item in first["items"] + second["items"]} == {"ready"}
    assert second["next_cursor"] is None


@pytest.mark.parametrize("status", get_args(StatusName))
async def test_list_when_the_status_is_one_of_the_life_cycles_then_it_is_taken(
    client: httpx2.AsyncClient, shop: ShopAtWork, status: str
) -> None:
    await put_status(await store_suggestion(shop), status)

    assert [item["status"] for item in (await page_of(client, shop, status=status))["items"]] == [status]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=ten",
        "limit=1.5",
        "limit=",
        "limit=99999999999999999999999",
        "status=SECRETWORD",
        "status=READY",
        "status=ready&status=SECRETWORD",
        "cursor=SECRETWORD",
        "cursor=%00",
        "cursor=%FF",
        "cursor=" + "A" * 101,
        "cursor=" + "A" * 50_000,
        "cursor=AAAA",
        "cursor=!!!!" + base64.urlsafe_b64encode(bytes(16)).decode().rstrip("="),
    ],
)
async def test_list_when_a_parameter_is_not_what_it_takes_then_400_without_an_echo(
    client: httpx2.AsyncClient, shop: ShopAtWork, query: str
) -> None:
    problem = assert_problem(await client.get(f"/v1/suggestions?{query}", headers=shop.auth), 400)

    assert query.partition("=")[0] in problem["detail"]
    assert "SECRETWORD" not in str(problem)


async def test_get_when_it_is_there_then_it_comes_with_its_message_and_etag(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop, message_id="<m1@x>", text="Where is it?", subject="Parcel")
    row = await suggestion_row(suggestion_id)

    response = await client.get(f"/v1/suggestions/{suggestion_id}", headers=shop.auth)

    detail = response.json()
    assert (response.status_code, response.headers["etag"]) == (200, f'"{row["version"]}"')
    assert (detail["suggestion"]["id"], detail["suggestion"]["status"]) == (str(suggestion_id), "pending")
    assert (detail["suggestion"]["is_vip"], detail["suggestion"]["attempt"], detail["suggestion"]["citations"]) == (False, 0, [])
    assert (detail["message"]["text"], detail["message"]["subject"]) == ("Where is it?", "Parcel")
    assert detail["message"]["id"] == detail["suggestion"]["message_id"]


async def test_get_when_the_text_is_very_long_then_it_is_cut_and_its_length_said(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id = await store_suggestion(shop, text="x" * (MAX_TEXT_LENGTH + 5))

    message = (await client.get(f"/v1/suggestions/{suggestion_id}", headers=shop.auth)).json()["message"]
    assert (len(message["text"]), message["text_length"]) == (MAX_TEXT_LENGTH, MAX_TEXT_LENGTH + 5)


async def test_get_when_the_version_rises_then_the_etag_changes(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    first = await deliver_mail(client, shop, message_id="<root@x>")
    path = f"/v1/suggestions/{first['suggestion_id']}"
    before = (await client.get(path, headers=shop.auth)).headers["etag"]

    await deliver_mail(client, shop, in_reply_to="<root@x>")

    after = await client.get(path, headers=shop.auth)
    assert after.headers["etag"] != before
    assert after.json()["suggestion"]["status"] == "superseded"


@pytest.mark.parametrize("path", ["/v1/suggestions/not-a-uuid", "/v1/suggestions/%00", "/v1/suggestions/1/2", "/v1/threads/x"])
async def test_get_when_the_id_is_malformed_then_404(client: httpx2.AsyncClient, shop: ShopAtWork, path: str) -> None:
    assert_problem(await client.get(path, headers=shop.auth), 404)
