"""Agents at work: keys that may write, drafts that are ready, and the calls that agents make."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx2

from service.db.engine import fetch
from service.shops.service import create_key
from tests.factories import ShopAtWork
from tests.storing import store_suggestion, suggestion_row

DRAFT = "Hello Ada, your parcel is on its way. The test shop"


async def writer(shop: ShopAtWork) -> dict[str, str]:
    """Return the headers of a key that may write."""
    return {"authorization": f"Bearer {await create_key(shop.id, name='agents', scopes=('read', 'write'))}"}


async def ready(shop: ShopAtWork, *, body: str = DRAFT, **fields: Any) -> UUID:
    """Store a mail whose draft is ready; return the suggestion's id."""
    suggestion_id = await store_suggestion(shop, **fields)
    await make_ready(suggestion_id, body=body)
    return suggestion_id


async def make_ready(suggestion_id: UUID, *, body: str = DRAFT) -> None:
    """Do as if a worker had drafted this."""
    await fetch(
        """UPDATE suggestion SET status = 'ready', kind = 'ai', body = $2, next_send_at = NULL, started_at = now(),
           finished_at = now(), version = version + 1 WHERE id = $1""",
        suggestion_id,
        body,
    )


async def failed(shop: ShopAtWork, **fields: Any) -> UUID:
    """Store a mail whose suggestion has failed; return its id."""
    suggestion_id = await store_suggestion(shop, **fields)
    await fetch(
        """UPDATE suggestion SET status = 'failed', kind = 'fallback', reason_code = 'provider_down', body = 'We will write soon.',
           next_send_at = NULL, finished_at = now(), version = version + 1 WHERE id = $1""",
        suggestion_id,
    )
    return suggestion_id


async def let_claim_lapse(suggestion_id: UUID) -> None:
    """Do as if the claim had ended a while ago."""
    await fetch("UPDATE suggestion SET claimed_until = now() - interval '1 s' WHERE id = $1", suggestion_id)


async def version_of(suggestion_id: UUID) -> str:
    """Return the ETag that a reader sees."""
    return f'"{(await suggestion_row(suggestion_id))["version"]}"'


async def post(
    client: httpx2.AsyncClient, auth: dict[str, str], path: str, *, if_match: str | None = None, key: str | None = None, **body: Any
) -> httpx2.Response:
    """Make a call as agent Anna, unless the body says who."""
    headers = {**auth, **({"if-match": if_match} if if_match else {}), **({"idempotency-key": key} if key else {})}
    return await client.post(path, json={"agent": "anna", **body}, headers=headers)


async def action(
    client: httpx2.AsyncClient, auth: dict[str, str], suggestion_id: UUID, name: str, **options: Any
) -> httpx2.Response:
    """Claim, release, resolve or regenerate."""
    return await post(client, auth, f"/v1/suggestions/{suggestion_id}/{name}", **options)


async def resolve(
    client: httpx2.AsyncClient, auth: dict[str, str], suggestion_id: UUID, outcome: str = "accepted", **options: Any
) -> httpx2.Response:
    """Resolve at the version as it is now."""
    if_match = options.pop("if_match", None) or await version_of(suggestion_id)
    return await action(client, auth, suggestion_id, "resolve", if_match=if_match, outcome=outcome, **options)


async def of_thread(suggestion_id: UUID) -> list[Any]:
    """Return all suggestions of a suggestion's thread, oldest first."""
    row = await suggestion_row(suggestion_id)
    return list(await fetch("SELECT * FROM suggestion WHERE thread = $1 ORDER BY id", row["thread"]))


async def outbound(suggestion_id: UUID) -> list[Any]:
    """Return what was sent in a suggestion's thread, oldest first."""
    row = await suggestion_row(suggestion_id)
    return list(await fetch("SELECT * FROM message WHERE thread = $1 AND direction = 'out' ORDER BY id", row["thread"]))


async def at_once(*calls: Any) -> list[httpx2.Response]:
    """Make calls at the same moment."""
    return list(await asyncio.gather(*calls))
