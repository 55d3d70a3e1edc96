"""A thread over HTTP: its customer, its messages oldest first, its suggestions newest first."""

from __future__ import annotations

import asyncio

import httpx2

from tests.api.receiving import deliver_mail, threads
from tests.factories import ShopAtWork


async def test_thread_when_it_has_mails_then_messages_rise_and_suggestions_fall(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>", text="first")
    await deliver_mail(client, shop, in_reply_to="<root@x>", text="second")
    [row] = await threads(shop)

    response = await client.get(f"/v1/threads/{row['id']}", headers=shop.auth)

    thread = response.json()
    assert response.status_code == 200
    assert (thread["id"], thread["version"], thread["subject"]) == (str(row["id"]), 2, "Where is my parcel?")
    assert thread["customer"] == {"email": "ada@customer.example", "name": "Ada Customer", "is_vip": False}
    assert [message["text"] for message in thread["messages"]] == ["first", "second"]
    assert [suggestion["message_id"] for suggestion in thread["suggestions"]] == [m["id"] for m in thread["messages"]][::-1]
    assert thread["suggestions"][1]["status"] == "superseded"


async def test_thread_when_it_has_over_a_hundred_mails_then_the_newest_hundred(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>", text="0")
    for start in range(1, 104, 4):
        calls = [deliver_mail(client, shop, in_reply_to="<root@x>", text=str(start + offset)) for offset in range(4)]
        await asyncio.gather(*calls)
    [row] = await threads(shop)

    thread = (await client.get(f"/v1/threads/{row['id']}", headers=shop.auth)).json()
    ids = [message["id"] for message in thread["messages"]]
    assert (len(ids), ids) == (100, sorted(ids))
    assert "0" not in {message["text"] for message in thread["messages"]}
    assert len(thread["suggestions"]) == 100
