"""Signed mail comes in over HTTP and is stored; everything else is answered with what is wrong."""

from __future__ import annotations

import httpx2

from service.db.engine import fetch
from tests.factories import ShopAtWork


async def test_standard_when_signed_then_stored_with_a_pending_or_queued_suggestion(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    call = shop.signed(text="Where is order #1042?")

    response = await client.post(shop.standard_path, content=call.body, headers=call.headers)

    assert response.status_code == 200
    assert response.json()["outcome"] == "stored"
    rows = await fetch("SELECT status FROM suggestion WHERE shop = $1", shop.id)
    assert [row["status"] in {"pending", "queued"} for row in rows] == [True]


async def test_standard_when_sent_twice_then_one_message(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    call = shop.signed()

    outcomes = [
        (await client.post(shop.standard_path, content=call.body, headers=call.headers)).json()["outcome"] for _ in range(2)
    ]

    assert outcomes == ["stored", "duplicate"]
    assert len(await fetch("SELECT id FROM message WHERE shop = $1", shop.id)) == 1
