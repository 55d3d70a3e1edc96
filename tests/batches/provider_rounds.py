"""A provider's batch in the database and with the stand-in, as its tests need it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2

from service.batches import provider
from service.batches import provider_statements as statements
from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.drafting.provider_batch import ProviderBatches
from service.settings import Settings
from service.suggestions.service import Desk
from tests.factories import ShopAtWork
from tests.storing import store_suggestion, suggestion_row
from tests.waiting import until


async def add_batch(shop: ShopAtWork, *texts: str) -> tuple[UUID, list[UUID]]:
    """Store a provider's batch with a suggestion for each mail, as it is once every message has its suggestion."""
    batch_id = uuid7()
    await fetch("INSERT INTO batch (id, shop, is_provider_batch) VALUES ($1, $2, true)", batch_id, shop.id)
    suggestion_ids = [await store_suggestion(shop, text=text) for text in texts]
    await fetch(
        "UPDATE suggestion SET batch = $2, priority = 20, next_send_at = NULL WHERE id = ANY($1::uuid[])", suggestion_ids, batch_id
    )
    return batch_id, suggestion_ids


async def batch_row(batch_id: UUID) -> Any:
    """Return the whole row."""
    return await fetch_row("SELECT * FROM batch WHERE id = $1", batch_id)


def mail() -> str:
    """Return a text like no other, so that a fault finds it."""
    return f"Where is my parcel? My code is {secrets.token_hex(8)}."


async def advance(batch_id: UUID, desk: Desk, batches: ProviderBatches) -> float | None:
    """Move a batch on by one step."""
    return await provider.advance(batch_id, desk=desk, provider=batches)


async def run_of(batch_id: UUID) -> statements.ProviderRun:
    """Return the batch as a step reads it."""
    run = await statements.read_run(batch_id)
    assert run is not None
    return run


async def is_due(suggestion_id: UUID) -> bool:
    """Whether a suggestion goes the ordinary way: the relay sends it at its next pass."""
    row = await suggestion_row(suggestion_id)
    return row["status"] in {"pending", "queued"} and row["next_send_at"] is not None and row["next_send_at"] <= datetime.now(UTC)


async def status_of(suggestion_id: UUID) -> str:
    """Return a suggestion's status."""
    return str((await suggestion_row(suggestion_id))["status"])


async def finish(batch_id: UUID, desk: Desk, batches: ProviderBatches) -> None:
    """Move a batch on until nothing of it is with the provider."""

    async def is_over() -> bool:
        return await advance(batch_id, desk, batches) is None

    await until(is_over)


async def until_ended(batch_id: UUID, batches: ProviderBatches) -> None:
    """Wait until the provider has done its work."""
    provider_batch_id = (await batch_row(batch_id))["provider_batch_id"]

    async def has_ended() -> bool:
        return (await batches.get(provider_batch_id)).state == "ended"

    await until(has_ended)


def at_provider(settings: Settings, what: str) -> list[dict[str, Any]]:
    """Return what lies with the stand-in: `files` or `batches`."""
    answer = httpx2.get(f"{settings.openai_base_url}/{what}?limit=100", headers={"authorization": "Bearer any"}, trust_env=False)
    found: list[dict[str, Any]] = answer.raise_for_status().json()["data"]
    return found
