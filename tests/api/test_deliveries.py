"""Deliveries over HTTP: listed without their bodies, and read again when they had failed."""

from __future__ import annotations

import asyncio

import httpx2
import msgspec
import pytest

from service.db.engine import fetch
from service.shops.service import create_key
from tests.api.receiving import assert_problem, deliver, deliver_mail, deliveries, messages, suggestions
from tests.factories import ShopAtWork, mail_fields, make_shop


@pytest.fixture
async def writer(shop: ShopAtWork) -> dict[str, str]:
    """The headers of a key that may write."""
    return {"authorization": f"Bearer {await create_key(shop.id, name='writer', scopes=('read', 'write'))}"}


async def failed_delivery(client: httpx2.AsyncClient, shop: ShopAtWork) -> str:
    """Leave a delivery that could not be read, and then mend what it holds, as a new version of the program would."""
    response = await deliver(client, shop.standard_path, shop.signed_bytes(b"not json"))
    assert response.json() == {"outcome": "failed", "reason": "bad_json"}
    (row,) = await deliveries(shop)
    await fetch("UPDATE delivery SET body = $2 WHERE id = $1", row["id"], msgspec.json.encode(mail_fields(text="Mended")))
    return str(row["id"])


async def test_list_when_there_are_several_then_newest_first_and_no_bodies(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)
    await deliver(client, shop.standard_path, shop.signed_bytes(b"{"))

    page = (await client.get("/v1/deliveries", headers=shop.auth)).json()

    assert [(item["outcome"], item["reason"], item["provider"]) for item in page["items"]] == [
        ("failed", "bad_json", "standard"),
        ("stored", None, "standard"),
    ]
    assert page["items"][0]["size_bytes"] == 1
    assert page["next_cursor"] is None
    assert "body" not in page["items"][0]


async def test_list_when_paged_then_every_delivery_once(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    for _ in range(5):
        await deliver_mail(client, shop)
    seen: list[str] = []
    cursor = None

    for _ in range(3):
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/deliveries", params=params, headers=shop.auth)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert cursor is None
    assert seen == sorted((str(row["id"]) for row in await deliveries(shop)), reverse=True)


async def test_list_when_only_failed_are_asked_then_only_they(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)
    delivery_id = await failed_delivery_after(client, shop)

    page = (await client.get("/v1/deliveries?failed=true", headers=shop.auth)).json()

    assert [item["id"] for item in page["items"]] == [delivery_id]


async def failed_delivery_after(client: httpx2.AsyncClient, shop: ShopAtWork) -> str:
    await deliver(client, shop.standard_path, shop.signed_bytes(b"{"))
    return str((await deliveries(shop))[-1]["id"])


async def test_list_when_another_shop_asks_then_nothing(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)
    other = await make_shop()

    assert (await client.get("/v1/deliveries", headers=other.auth)).json()["items"] == []


async def test_replay_when_the_payload_can_be_read_now_then_the_mail_is_stored_with_its_time(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str]
) -> None:
    delivery_id = await failed_delivery(client, shop)

    receipt = (await client.post(f"/v1/deliveries/{delivery_id}/replay", headers=writer)).json()

    (row,) = await deliveries(shop)
    (message,) = await messages(shop)
    (suggestion,) = await suggestions(shop)
    assert receipt == {"outcome": "stored", "message_id": str(message["id"]), "suggestion_id": str(suggestion["id"])}
    assert (row["outcome"], row["reason"]) == ("stored", None)
    assert (message["text"], message["received_at"], message["delivery"]) == ("Mended", row["received_at"], row["id"])
    assert suggestion["status"] in {"pending", "queued"}


async def test_replay_when_it_still_cannot_be_read_then_it_stays_failed(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str]
) -> None:
    delivery_id = await failed_delivery_after(client, shop)

    response = await client.post(f"/v1/deliveries/{delivery_id}/replay", headers=writer)

    assert (response.status_code, response.json()) == (200, {"outcome": "failed", "reason": "bad_json"})
    assert [row["outcome"] for row in await deliveries(shop)] == ["failed"]


async def test_replay_when_asked_ten_times_at_once_then_one_message(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str]
) -> None:
    delivery_id = await failed_delivery(client, shop)

    responses = await asyncio.gather(*(client.post(f"/v1/deliveries/{delivery_id}/replay", headers=writer) for _ in range(10)))

    assert {response.status_code for response in responses} <= {200, 409}
    assert len(await messages(shop)) == 1
    assert len(await suggestions(shop)) == 1
    assert [row["outcome"] for row in await deliveries(shop)] == ["stored"]


async def test_replay_when_it_is_stored_already_then_conflict(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str]
) -> None:
    await deliver_mail(client, shop)
    (row,) = await deliveries(shop)

    assert_problem(await client.post(f"/v1/deliveries/{row['id']}/replay", headers=writer), 409)


async def test_replay_when_the_key_only_reads_then_forbidden(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    delivery_id = await failed_delivery(client, shop)

    assert_problem(await client.post(f"/v1/deliveries/{delivery_id}/replay", headers=shop.auth), 403)
    assert await messages(shop) == []


async def test_replay_when_it_is_another_shops_then_not_found(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    delivery_id = await failed_delivery(client, shop)
    other = await make_shop()
    key = await create_key(other.id, name="writer", scopes=("admin",))

    response = await client.post(f"/v1/deliveries/{delivery_id}/replay", headers={"authorization": f"Bearer {key}"})

    assert_problem(response, 404)
    assert await messages(shop) == []
