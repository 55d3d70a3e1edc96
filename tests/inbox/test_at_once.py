"""Many calls at the same moment: nothing is lost, nothing is there twice."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx2

from tests.api.receiving import LIVE, deliver, deliver_mail, deliveries, messages, suggestions, threads
from tests.factories import ShopAtWork, mailgun_fields, urlencoded


async def test_identical_calls_when_a_hundred_come_at_once_then_one_message(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    call = shop.signed()

    responses = await asyncio.gather(*(deliver(client, shop.standard_path, call) for _ in range(100)))

    assert {response.status_code for response in responses} == {200}
    assert Counter(response.json()["outcome"] for response in responses) == {"stored": 1, "duplicate": 99}
    assert [len(rows) for rows in (await deliveries(shop), await messages(shop), await suggestions(shop))] == [1, 1, 1]


async def test_mailgun_when_a_hundred_identical_calls_come_at_once_then_one_message(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    call = urlencoded(mailgun_fields())

    responses = await asyncio.gather(*(deliver(client, shop.mailgun_path, call) for _ in range(100)))

    assert Counter(response.json()["outcome"] for response in responses) == {"stored": 1, "duplicate": 99}
    assert len(await messages(shop)) == 1


async def test_one_mail_when_fifty_deliveries_bring_it_at_once_then_one_message(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    body = shop.signed().body

    responses = await asyncio.gather(*(deliver(client, shop.standard_path, shop.signed_bytes(body)) for _ in range(50)))

    assert Counter(response.json()["outcome"] for response in responses) == {"stored": 1, "duplicate": 49}
    assert Counter(row["outcome"] for row in await deliveries(shop)) == {"stored": 1, "duplicate": 49}
    assert [len(rows) for rows in (await messages(shop), await suggestions(shop), await threads(shop))] == [1, 1, 1]


async def test_thread_when_twenty_mails_of_it_come_at_once_then_all_are_stored_and_one_suggestion_lives(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>")

    calls = [shop.signed(in_reply_to="<root@x>", text=f"Mail {number}") for number in range(20)]
    responses = await asyncio.gather(*(deliver(client, shop.standard_path, call) for call in calls))

    [thread] = await threads(shop)
    statuses = [row["status"] for row in await suggestions(shop)]
    assert Counter(response.status_code for response in responses) == {200: 20}
    assert (len(await messages(shop)), thread["version"]) == (21, 21)
    assert len([status for status in statuses if status in LIVE]) == 1
    assert Counter(statuses)["superseded"] == 20


async def test_customer_when_twenty_first_mails_come_at_once_then_one_customer_and_twenty_threads(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await asyncio.gather(*(deliver_mail(client, shop) for _ in range(20)))

    found = await threads(shop)
    assert (len(found), len({row["customer"] for row in found}), {row["version"] for row in found}) == (20, 1, {1})
    assert {row["status"] in LIVE for row in await suggestions(shop)} == {True}


async def test_shops_when_mail_comes_for_two_at_once_then_nothing_is_mixed(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    await asyncio.gather(*(deliver_mail(client, each, text=each.slug) for _ in range(10) for each in (shop, other_shop)))

    for each in (shop, other_shop):
        assert [row["text"] for row in await messages(each)] == [each.slug] * 10
