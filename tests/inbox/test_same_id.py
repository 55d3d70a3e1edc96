"""The same Message-ID with other words: kept and flagged, so that nobody can hide another's mail by guessing its id."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import httpx2
import pytest

from tests.api.receiving import deliver_mail, deliveries, messages, suggestions
from tests.factories import ShopAtWork, make_shop

FIRST = {"message_id": "<m1@customer.example>", "text": "Where is my parcel?"}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Refund me"},
        {"subject": "Another"},
        {"from_": "eve@stranger.example"},
        {"attachments": [{"filename": "a.txt", "content_type": "text/plain", "content": base64.b64encode(b"x").decode()}]},
    ],
)
async def test_mail_when_its_id_is_taken_by_another_then_it_is_kept_and_flagged(
    client: httpx2.AsyncClient, shop: ShopAtWork, change: dict[str, Any]
) -> None:
    await deliver_mail(client, shop, **FIRST)

    receipt = await deliver_mail(client, shop, **{**FIRST, **change})

    first, second = await messages(shop)
    assert receipt["outcome"] == "stored"
    assert (first["same_id_as"], second["same_id_as"]) == (None, first["id"])
    assert second["rfc_message_id"].endswith("@same-id.invalid")
    assert len(await suggestions(shop)) == 2


async def test_flagged_mail_when_it_comes_again_then_it_is_a_duplicate(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    for text in ("one", "two", "three"):
        await deliver_mail(client, shop, **{**FIRST, "text": text})

    outcomes = [(await deliver_mail(client, shop, **{**FIRST, "text": text}))["outcome"] for text in ("three", "two", "one")]

    assert outcomes == ["duplicate"] * 3
    assert len(await messages(shop)) == 3
    assert [row["outcome"] for row in await deliveries(shop)] == ["stored"] * 3 + ["duplicate"] * 3


@pytest.mark.parametrize(
    "change",
    [
        {"text": "  Where is\r\nmy parcel? \n"},
        {"message_id": "m1@CUSTOMER.example"},
        {"message_id": " <m1@customer.example> "},
        {"from_": "ADA@customer.example"},
        {"headers": [["Received", "from another"]]},
        {"html": "<p>Where is my parcel?</p>"},
    ],
)
async def test_mail_when_it_is_the_same_on_another_way_then_it_is_a_duplicate(
    client: httpx2.AsyncClient, shop: ShopAtWork, change: dict[str, Any]
) -> None:
    await deliver_mail(client, shop, **FIRST)

    receipt = await deliver_mail(client, shop, **{**FIRST, **change})

    assert receipt == {"outcome": "duplicate", "reason": "message_id_seen"}
    assert len(await messages(shop)) == 1


async def test_mail_when_twenty_copies_and_a_forgery_come_at_once_then_two_messages(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    calls = [deliver_mail(client, shop, **FIRST) for _ in range(20)]
    calls.insert(9, deliver_mail(client, shop, **{**FIRST, "text": "Forged", "from_": "eve@stranger.example"}))

    receipts = await asyncio.gather(*calls)

    stored = await messages(shop)
    assert sorted(row["text"] for row in stored) == ["Forged", "Where is my parcel?"]
    assert sum(row["same_id_as"] is not None for row in stored) == 1
    assert sorted(receipt["outcome"] for receipt in receipts) == ["duplicate"] * 19 + ["stored"] * 2


async def test_mail_when_its_second_id_is_taken_too_then_it_is_still_kept(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop, **FIRST)
    await deliver_mail(client, shop, **{**FIRST, "text": "Other words"})
    second_id = (await messages(shop))[1]["rfc_message_id"]
    other = await make_shop()

    await deliver_mail(client, other, **{**FIRST, "from_": "eve@stranger.example"})
    await deliver_mail(client, other, message_id=f"<{second_id}>", from_="eve@stranger.example")
    receipt = await deliver_mail(client, other, **{**FIRST, "text": "Other words"})

    assert receipt["outcome"] == "stored"
    assert [row["text"] for row in await messages(other)][-1] == "Other words"


async def test_flagged_mail_when_read_by_the_api_then_it_says_so(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    first = await deliver_mail(client, shop, **FIRST)
    second = await deliver_mail(client, shop, **{**FIRST, "text": "Other words"})

    detail = (await client.get(f"/v1/suggestions/{second['suggestion_id']}", headers=shop.auth)).json()

    assert detail["message"]["same_id_as_id"] == first["message_id"]
