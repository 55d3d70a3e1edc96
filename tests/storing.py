"""Mail that is stored without a publisher: its suggestion stays `pending` until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.deliveries.service import receive
from service.deliveries.types import Receipt
from service.inbox.types import Schedule
from service.providers.standard import authenticate
from service.providers.types import WebhookCall
from service.shops.sources import find_source
from tests.factories import ShopAtWork


async def store_mail(shop: ShopAtWork, *, head_start_s: float = 3600, pause_s: float = 0.0, **fields: Any) -> Receipt:
    """Receive a signed mail as the route does, and send nothing."""
    signed = shop.signed(**fields)
    call = WebhookCall(headers=signed.headers, body=signed.body, received_at=datetime.now(UTC))
    source = await find_source(shop.standard.id)
    assert source is not None
    return await receive(source, call, authenticate(call, source.secrets), schedule=Schedule(head_start_s, pause_s))


async def store_suggestion(shop: ShopAtWork, *, head_start_s: float = 3600, **fields: Any) -> UUID:
    """Receive a signed mail; return its suggestion's id."""
    receipt = await store_mail(shop, head_start_s=head_start_s, **fields)
    assert receipt.suggestion_id is not None
    return receipt.suggestion_id


async def suggestion_row(suggestion_id: UUID) -> Any:
    """Return the whole row."""
    return await fetch_row("SELECT * FROM suggestion WHERE id = $1", suggestion_id)


async def put_status(suggestion_id: UUID, status: str) -> None:
    """Put a suggestion into a status, whatever the life cycle says."""
    await fetch("UPDATE suggestion SET status = $2 WHERE id = $1", suggestion_id, status)


async def let_lease_lapse(suggestion_id: UUID) -> None:
    """Do as if the worker that holds this had died a while ago."""
    await fetch("UPDATE suggestion SET lease_until = now() - interval '1 s' WHERE id = $1", suggestion_id)


async def model_calls(suggestion_id: UUID) -> list[Any]:
    """Return the requests to the model for a suggestion, oldest first."""
    return list(await fetch("SELECT * FROM model_call WHERE suggestion = $1 ORDER BY id", suggestion_id))
