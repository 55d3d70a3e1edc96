"""Send webhooks, and read what they left in the database."""

from __future__ import annotations

from typing import Any

import httpx2

from service.commands.mail_file import SignedCall
from service.db.engine import fetch
from tests.factories import ShopAtWork

LIVE = {"pending", "queued", "drafting", "ready"}


async def deliver(client: httpx2.AsyncClient, path: str, call: SignedCall) -> httpx2.Response:
    """Post a call as its provider does."""
    return await client.post(path, content=call.body, headers=call.headers)


async def deliver_mail(client: httpx2.AsyncClient, shop: ShopAtWork, **fields: Any) -> dict[str, Any]:
    """Post a signed mail of the standard format; return the receipt of a 200."""
    response = await deliver(client, shop.standard_path, shop.signed(**fields))
    assert response.status_code == 200, response.text
    receipt: dict[str, Any] = response.json()
    return receipt


async def deliveries(shop: ShopAtWork) -> list[Any]:
    """Return a shop's deliveries, oldest first."""
    return list(await fetch("SELECT * FROM delivery WHERE shop = $1 ORDER BY id", shop.id))


async def messages(shop: ShopAtWork) -> list[Any]:
    """Return a shop's messages, oldest first."""
    return list(await fetch("SELECT * FROM message WHERE shop = $1 ORDER BY id", shop.id))


async def suggestions(shop: ShopAtWork) -> list[Any]:
    """Return a shop's suggestions, oldest first."""
    return list(await fetch("SELECT * FROM suggestion WHERE shop = $1 ORDER BY id", shop.id))


async def threads(shop: ShopAtWork) -> list[Any]:
    """Return a shop's threads, oldest first."""
    return list(await fetch("SELECT * FROM thread WHERE shop = $1 ORDER BY id", shop.id))


async def stored_count(shop: ShopAtWork) -> int:
    """Count all rows that webhooks have left for a shop."""
    tables = ("delivery", "customer", "thread", "message", "suggestion")
    counts = " + ".join(f"(SELECT count(*) FROM {table} WHERE shop = $1)" for table in tables)
    rows = await fetch(f"SELECT {counts} AS count", shop.id)
    return int(rows[0]["count"])


def assert_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    """Check that an answer is a problem of RFC 9457 with this status; return it."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["title"]
    return problem
