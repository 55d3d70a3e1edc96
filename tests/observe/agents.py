"""Agents at work: what people and programs do with drafts, and what they read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx2

from tests.observe.desk import ObservedDesk

AGENT = "observer"
BATCH_S = 120.0
"""The provider's batch is still with it when all is over."""

READ = (
    *("/v1/suggestions", "/v1/batches", "/v1/stats", "/v1/dead-letters", "/v1/deliveries"),
    *("/health/ready", "/health/live"),
)

_PLACES = "SELECT thread::text AS thread, message::text AS message FROM suggestion WHERE id = ANY($1::uuid[])"


async def work(desk: ObservedDesk, http: httpx2.AsyncClient, ids: Sequence[str]) -> None:
    """Deal with the first eleven of these drafts, and have some drafted again: at once, and as a file for the provider."""
    await decide(http, ids[:7])
    answered, *again = await desk.shop.rows(_PLACES, ids[7:11])
    await _call(http, f"/v1/threads/{answered['thread']}/messages", {"agent": AGENT, "text": "It is on its way."})
    messages = [row["message"] for row in again]
    await _call(http, "/v1/batches", {"agent": AGENT, "message_ids": messages[:2]})
    await asyncio.to_thread(desk.stand_in.script_batches, seconds=BATCH_S)
    await _call(http, "/v1/batches", {"agent": AGENT, "message_ids": messages[2:], "is_provider_batch": True})


async def decide(http: httpx2.AsyncClient, ids: Sequence[str]) -> None:
    """Edit one draft, reject one, accept the others."""
    edited, rejected, *accepted = ids
    await _resolve(http, edited, outcome="edited", final_body="Your parcel will be with you tomorrow.")
    await _resolve(http, rejected, outcome="rejected", reason="not what was asked")
    for each in accepted:
        await _resolve(http, each, outcome="accepted")


async def _resolve(http: httpx2.AsyncClient, suggestion_id: str, **decision: str) -> None:
    found = (await http.get(f"/v1/suggestions/{suggestion_id}")).raise_for_status()
    await _call(http, f"/v1/suggestions/{suggestion_id}/resolve", {"agent": AGENT, **decision}, if_match=found.headers["etag"])


async def _call(http: httpx2.AsyncClient, path: str, body: object, *, if_match: str = "") -> None:
    (await http.post(path, json=body, headers={"if-match": if_match} if if_match else {})).raise_for_status()


async def look_around(http: httpx2.AsyncClient) -> None:
    """What people and programs read, and what they ask for in vain."""
    for path in READ:
        (await http.get(path)).raise_for_status()
    await http.get("/v1/suggestions/00000000-0000-7000-8000-000000000000")
    await http.get("/no/such/path")
    await http.get("/v1/suggestions", headers={"authorization": "Bearer nobody"})
