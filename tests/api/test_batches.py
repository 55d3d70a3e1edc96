"""Batches over HTTP: made, listed, followed, cancelled; and bad input refused with a sentence."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from service.batches.advancing import advance
from service.db.engine import fetch, fetch_row
from service.suggestions.service import Desk
from tests.api.agents import at_once, failed, ready, writer
from tests.api.receiving import assert_problem
from tests.batches.asking import message_of, no_provider, of_batch
from tests.factories import ShopAtWork, make_shop
from tests.storing import suggestion_row
from tests.suggestions.conftest import desk, leases, model

__all__ = ["desk", "leases", "model"]

PATH = "/v1/batches"


async def post(client: httpx2.AsyncClient, auth: dict[str, str], *, key: str | None = None, **body: Any) -> httpx2.Response:
    headers = {**auth, **({"idempotency-key": key} if key else {})}
    return await client.post(PATH, json={"agent": "anna", **body}, headers=headers)


async def made(client: httpx2.AsyncClient, auth: dict[str, str], **body: Any) -> dict[str, Any]:
    response = await post(client, auth, **body)
    assert response.status_code == 201, response.text
    batch: dict[str, Any] = response.json()
    return batch


async def got(client: httpx2.AsyncClient, shop: ShopAtWork, batch_id: str) -> dict[str, Any]:
    response = await client.get(f"{PATH}/{batch_id}", headers=shop.auth)
    assert response.status_code == 200, response.text
    batch: dict[str, Any] = response.json()
    return batch


async def count(shop: ShopAtWork) -> int:
    row = await fetch_row("SELECT count(*) FROM batch WHERE shop = $1", shop.id)
    return int(row["count"])


async def test_create_when_messages_are_named_then_the_batch_is_told_in_full_and_has_not_begun(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id = await ready(shop)
    message_id = await message_of(suggestion_id)

    batch = await made(client, await writer(shop), message_ids=[str(message_id), str(uuid4())], instruction="Be brief")

    assert batch.pop("id")
    assert batch.pop("created_at")
    assert batch == {
        "state": "running",
        "is_provider_batch": False,
        "instruction": "Be brief",
        "created_by": "anna",
        "total": 2,
        "expanded": 0,
        "drafted": 0,
        "failed": 0,
        "waiting": 0,
        "superseded": 0,
        "skipped": {},
        "error": None,
        "finished_at": None,
    }
    assert (await suggestion_row(suggestion_id))["status"] == "ready"


async def test_create_when_a_filter_is_given_then_what_it_matches_is_counted(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await ready(shop)
    bad = await failed(shop)

    batch = await made(client, await writer(shop), filter={"status": "failed"})

    assert (batch["total"], batch["instruction"]) == (1, None)
    row = await fetch_row("SELECT messages FROM batch WHERE id = $1", UUID(batch["id"]))
    assert row["messages"] == [await message_of(bad)]


async def test_create_when_a_reason_is_given_then_only_failures_match(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await ready(shop)
    await failed(shop)
    auth = await writer(shop)

    assert (await made(client, auth, filter={"reason_code": "provider_down"}))["total"] == 1
    assert (await made(client, auth, filter={"reason_code": "budget"}))["total"] == 0
    assert (await made(client, auth, filter={}))["total"] == 2
    assert (await made(client, auth, filter={"since": "2020-01-01", "until": "2020-01-31"}))["state"] == "finished"


async def test_create_when_ten_thousand_messages_are_named_then_the_body_has_room_for_them(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    ids = [str(uuid4()) for _ in range(10_000)]
    auth = await writer(shop)

    assert (await made(client, auth, message_ids=ids))["total"] == 10_000
    assert_problem(await post(client, auth, message_ids=[*ids, str(uuid4())]), 400)
    assert await count(shop) == 1


async def test_create_when_the_call_is_sent_again_with_its_key_then_one_batch(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    auth, body = await writer(shop), {"message_ids": [str(uuid4())]}

    first, *others = await at_once(*(post(client, auth, key="k1", **body) for _ in range(5)))

    assert first.status_code == 201
    assert [other.content for other in others] == [first.content] * 4
    assert await count(shop) == 1
    assert_problem(await post(client, auth, key="k1", message_ids=[str(uuid4())]), 422)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message_ids": []},
        {"message_ids": ["no-id"]},
        {"message_ids": "all"},
        {"message_ids": [str(uuid4())], "filter": {}},
        {"filter": {"status": "superseded"}},
        {"filter": {"status": "ready", "reason_code": "budget"}},
        {"filter": {"reason_code": "mood"}},
        {"filter": {"since": "yesterday"}},
        {"filter": {"since": "2026-02-01", "until": "2026-01-01"}},
        {"filter": {"since": "2026-01-01", "until": "2026-12-31"}},
        {"filter": {"stauts": "failed"}},
        {"message_ids": [str(uuid4())], "instruction": "x" * 1001},
        {"message_ids": [str(uuid4())], "instruction": "a\0b"},
        {"message_ids": [str(uuid4())], "instruction": 7},
        {"message_ids": [str(uuid4())], "agent": " "},
        {"message_ids": [str(uuid4())], "agent": None},
        {"message_ids": [str(uuid4())], "is_provider_batch": "yes"},
    ],
)
async def test_create_when_the_body_is_not_what_it_takes_then_400_and_no_batch(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: dict[str, Any]
) -> None:
    assert_problem(await post(client, await writer(shop), **body), 400)
    assert await count(shop) == 0


async def test_batches_when_the_key_may_only_read_then_it_makes_and_cancels_none(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    batch = await made(client, await writer(shop), message_ids=[str(uuid4())])

    assert_problem(await post(client, shop.auth, message_ids=[str(uuid4())]), 403)
    assert_problem(await client.post(f"{PATH}/{batch['id']}/cancel", headers=shop.auth), 403)
    assert_problem(await client.get(f"{PATH}/{batch['id']}"), 401)
    assert (await got(client, shop, batch["id"]))["state"] == "running"


async def test_get_when_it_has_moved_on_then_each_message_is_counted_once(
    client: httpx2.AsyncClient, shop: ShopAtWork, desk: Desk
) -> None:
    olds = [await ready(shop) for _ in range(5)]
    ids = [str(await message_of(each)) for each in olds]
    batch = await made(client, await writer(shop), message_ids=[*ids, str(uuid4()), str(uuid4())])
    await advance(UUID(batch["id"]), desk=desk, open_provider=no_provider)
    for row, status in zip(await of_batch(UUID(batch["id"])), ("ready", "failed", "superseded", "queued", "drafting"), strict=True):
        await fetch("UPDATE suggestion SET status = $2 WHERE id = $1", row["id"], status)

    told = await got(client, shop, batch["id"])

    assert (told["total"], told["expanded"], told["skipped"]) == (7, 7, {"not_found": 2})
    assert (told["drafted"], told["failed"], told["superseded"], told["waiting"]) == (1, 1, 1, 2)
    assert (told["state"], told["finished_at"]) == ("running", None)


async def test_list_when_there_are_several_then_newest_first_page_by_page(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    auth = await writer(shop)
    ids = [(await made(client, auth, message_ids=[str(uuid4())]))["id"] for _ in range(3)]
    await made(client, await writer(await make_shop()), message_ids=[str(uuid4())])

    first = (await client.get(PATH, params={"limit": 2}, headers=shop.auth)).json()
    second = (await client.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]}, headers=shop.auth)).json()

    assert [each["id"] for each in first["items"]] == ids[:0:-1]
    assert ([each["id"] for each in second["items"]], second["next_cursor"]) == (ids[:1], None)


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 51}, {"cursor": "!"}])
async def test_list_when_the_page_is_not_one_then_400(client: httpx2.AsyncClient, shop: ShopAtWork, params: dict[str, Any]) -> None:
    assert_problem(await client.get(PATH, params=params, headers=shop.auth), 400)


async def test_cancel_when_it_waits_then_the_old_draft_is_back_in_the_answers_moment(
    client: httpx2.AsyncClient, shop: ShopAtWork, desk: Desk
) -> None:
    old = await ready(shop)
    auth = await writer(shop)
    batch = await made(client, auth, message_ids=[str(await message_of(old))])
    await advance(UUID(batch["id"]), desk=desk, open_provider=no_provider)

    response = await client.post(f"{PATH}/{batch['id']}/cancel", headers=auth)

    told = response.json()
    assert (response.status_code, told["state"], told["waiting"], told["superseded"]) == (200, "cancelled", 0, 1)
    assert (await suggestion_row(old))["status"] == "ready"
    again = await client.post(f"{PATH}/{batch['id']}/cancel", headers=auth)
    assert (again.status_code, again.json()) == (200, told)


async def test_cancel_when_it_is_finished_then_409(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    auth = await writer(shop)
    batch = await made(client, auth, filter={})

    assert "finished" in assert_problem(await client.post(f"{PATH}/{batch['id']}/cancel", headers=auth), 409)["detail"]


async def test_batch_when_it_is_another_shops_or_none_then_the_same_404(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    other = await make_shop()
    theirs = await made(client, await writer(other), message_ids=[str(uuid4())])
    auth = await writer(shop)

    for batch_id in (theirs["id"], str(uuid4())):
        problem = assert_problem(await client.get(f"{PATH}/{batch_id}", headers=auth), 404)
        assert problem["detail"] == f"There is no batch {batch_id}"
        assert_problem(await client.post(f"{PATH}/{batch_id}/cancel", headers=auth), 404)
    assert (await got(client, other, theirs["id"]))["state"] == "running"
