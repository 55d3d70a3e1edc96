"""Batches as a shop asks for them, and their steps as a worker takes them."""

from __future__ import annotations

import secrets
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from service.batches import service
from service.batches.advancing import advance
from service.batches.queries import get_batch
from service.batches.types import Batch, Filter, NewBatch, StepOutcome
from service.db.engine import fetch
from service.db.unit_of_work import unit_of_work
from service.drafting.provider_batch import ProviderBatches
from service.suggestions.service import Desk
from tests.factories import ShopAtWork
from tests.storing import store_mail


async def ask(shop: ShopAtWork, wanted: list[UUID] | Filter, **options: Any) -> UUID:
    """Make a batch; return its id."""
    new = NewBatch(wanted=wanted if isinstance(wanted, Filter) else tuple(wanted), created_by="anna", **options)
    async with unit_of_work():
        return (await service.create(shop.id, new)).id


async def step(batch_id: UUID, desk: Desk) -> StepOutcome:
    """Take a step now, whenever it is due."""
    await make_due(batch_id)
    return await advance(batch_id, desk=desk, open_provider=no_provider)


def no_provider() -> AbstractAsyncContextManager[ProviderBatches]:
    """Fail: an ordinary batch has nothing to do with the provider's."""
    raise AssertionError("the provider was asked")


async def make_due(batch_id: UUID) -> None:
    """Do as if the pause were over."""
    await fetch("UPDATE batch SET next_step_at = now() WHERE id = $1 AND next_step_at IS NOT NULL", batch_id)


async def told(shop: ShopAtWork, batch_id: UUID) -> Batch:
    """Return a batch as the shop sees it."""
    found = await get_batch(shop.id, batch_id)
    assert found is not None
    return found


async def mail(shop: ShopAtWork, **fields: Any) -> UUID:
    """Store the mail of a customer of its own; return the message's id. Its suggestion is ended, as if it had been overtaken."""
    receipt = await store_mail(shop, **{"from_": f"{secrets.token_hex(6)}@customer.example", **fields})
    assert receipt.message_id is not None
    await fetch("UPDATE suggestion SET status = 'superseded', next_send_at = NULL WHERE id = $1", receipt.suggestion_id)
    return receipt.message_id


async def many_mails(shop: ShopAtWork, count: int) -> list[UUID]:
    """Store so many mails with their drafts ready, faster than one by one; return the messages' ids, oldest first."""
    template = await mail(shop)
    await fetch(
        """
        WITH new_thread AS (
            INSERT INTO thread (id, shop, customer, subject, version, created_at, updated_at)
            SELECT uuidv7(), shop, customer, subject, 1, now(), now()
            FROM thread, generate_series(1, $2) WHERE id = (SELECT thread FROM message WHERE id = $1)
            RETURNING id, shop
        ), new_message AS (
            INSERT INTO message (id, shop, thread, direction, rfc_message_id, reference_ids, sender, sender_name, recipient,
                                 subject, text, trust_reasons, received_at)
            SELECT uuidv7(), new_thread.shop, new_thread.id, 'in', new_thread.id || '@many.example', '{}', sender, '',
                   recipient, subject, text, '{}', now()
            FROM new_thread, message WHERE message.id = $1
            RETURNING id, shop, thread
        )
        INSERT INTO suggestion (id, shop, thread, message, status, kind, body, created_at, finished_at)
        SELECT uuidv7(), shop, thread, id, 'ready', 'ai', 'Hello', now(), now() FROM new_message
        """,
        template,
        count,
    )
    # Statements that were planned for the few rows of earlier tests are planned anew, as they are when tables grow.
    for table in ("thread", "message", "suggestion"):
        await fetch(f"ANALYZE {table}")
    rows = await fetch("SELECT id FROM message WHERE shop = $1 AND id <> $2 ORDER BY id", shop.id, template)
    return [row["id"] for row in rows]


async def of_message(message_id: UUID) -> list[Any]:
    """Return a message's suggestions, oldest first."""
    return list(await fetch("SELECT * FROM suggestion WHERE message = $1 ORDER BY id", message_id))


async def of_batch(batch_id: UUID) -> list[Any]:
    """Return a batch's suggestions, in the order in which they were made."""
    return list(await fetch("SELECT * FROM suggestion WHERE batch = $1 ORDER BY id", batch_id))


async def message_of(suggestion_id: UUID) -> UUID:
    """Return the message that a suggestion answers."""
    (row,) = await fetch("SELECT message FROM suggestion WHERE id = $1", suggestion_id)
    found: UUID = row["message"]
    return found
