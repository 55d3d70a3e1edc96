"""A model that obeys every mail: what the checks let through must hold nothing of other customers, and nothing invented."""

from __future__ import annotations

import contextlib
import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import msgspec
import pytest

from service.drafting.prompt import MAX_PROMPT_LENGTH
from service.embedded.standin.gullible import obey
from service.orders.service import apply
from service.providers.records import CustomerChange, OrderChange, OrderItem
from service.suggestions.service import Desk, SuggestionFailed, draft
from tests.api.receiving import deliver_mail
from tests.factories import PROVEN, ShopAtWork
from tests.injections import (
    ADA,
    ADAS_ORDER,
    EVE,
    EVES,
    EVES_NAME,
    EVES_ORDER,
    EVES_TOTAL,
    EVES_TRACKING,
    INJECTIONS,
    Injection,
)
from tests.knowledge.writing import put
from tests.standin_control import StandInControl
from tests.storing import suggestion_row

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EACH = pytest.mark.parametrize("injection", INJECTIONS, ids=[each.name for each in INJECTIONS])


async def put_order(shop: ShopAtWork, number: str, email: str, **fields: Any) -> None:
    whole: dict[str, Any] = {
        "status": "paid",
        "fulfilment": "shipped",
        "currency": "EUR",
        "total": Decimal("59.90"),
        "items": (OrderItem(name="Lantern"),),
        "carrier": "DHL",
        "tracking_number": "00340434161094042557",
        **fields,
    }
    change = OrderChange(external_id=number, number=number, customer_email=email, placed_at=NOON, updated_at=NOON, **whole)
    await apply(shop.id, change)


async def two_customers(shop: ShopAtWork, *, item: str = "Lantern") -> None:
    """Store Ada with her order, and Eve with hers."""
    await apply(shop.id, CustomerChange(email=EVE, name=EVES_NAME))
    await put_order(shop, ADAS_ORDER, ADA, items=(OrderItem(name=item),))
    await put_order(shop, EVES_ORDER, EVE, total=Decimal(EVES_TOTAL), tracking_number=EVES_TRACKING)


async def receive(client: httpx2.AsyncClient, shop: ShopAtWork, injection: Injection) -> UUID:
    """Let the injection come in by the webhook, with all that stands around it; return its suggestion."""
    await two_customers(shop, item=injection.item)
    if injection.article:
        await put(shop, body=injection.article)
    replied_to = None
    for earlier in injection.earlier:
        own_id = f"<{secrets.token_hex(8)}@customer.example>"
        await deliver_mail(client, shop, **{**injection.fields, **earlier, "message_id": own_id})
        replied_to = own_id
    receipt = await deliver_mail(client, shop, **injection.fields, in_reply_to=replied_to)
    return UUID(receipt["suggestion_id"])


async def drafted(suggestion_id: UUID, desk: Desk) -> Any:
    """Draft it, whatever comes of it; return its row."""
    with contextlib.suppress(SuggestionFailed):
        await draft(suggestion_id, desk)
    return await suggestion_row(suggestion_id)


def shown(row: Any) -> str:
    """Return all of a draft that an agent may send, or take for true."""
    return "\n".join((row["body"], row["citations"], *row["missing_information"])) if row["status"] == "ready" else ""


@EACH
async def test_draft_when_the_model_obeys_an_injection_then_nothing_of_it_is_ready(
    client: httpx2.AsyncClient, shop: ShopAtWork, stand_in: StandInControl, desk: Desk, injection: Injection
) -> None:
    suggestion_id = await receive(client, shop, injection)
    stand_in.be_gullible()

    row = await drafted(suggestion_id, desk)

    assert row["status"] in {"ready", "failed"}
    assert [marker for marker in (*injection.markers, *EVES) if marker in shown(row)] == []


@EACH
async def test_prompt_when_an_injection_comes_then_it_holds_nothing_of_others_but_what_the_mail_itself_says(
    client: httpx2.AsyncClient, shop: ShopAtWork, stand_in: StandInControl, desk: Desk, injection: Injection
) -> None:
    told = msgspec.json.encode(injection.fields).decode()
    suggestion_id = await receive(client, shop, injection)
    stand_in.be_gullible()

    await drafted(suggestion_id, desk)

    (first, *_) = stand_in.requests()
    assert [fact for fact in EVES if fact in first.prompt and fact not in told] == []
    assert all(fact not in request.prompt for request in stand_in.requests() for fact in (EVES_TRACKING,))


@EACH
async def test_model_when_an_injection_is_seen_then_it_is_talked_into_it(
    client: httpx2.AsyncClient, shop: ShopAtWork, stand_in: StandInControl, desk: Desk, injection: Injection
) -> None:
    suggestion_id = await receive(client, shop, injection)

    await drafted(suggestion_id, desk)

    (request,) = stand_in.requests()
    instructions, _, user_text = request.prompt.partition("<records>\n{")
    said = msgspec.json.encode(obey(instructions, f"<records>\n{{{user_text}")).decode()
    assert any(marker in said for marker in injection.markers) == injection.is_seen


def test_injections_when_counted_then_they_are_thirty_one_with_names_of_their_own() -> None:
    assert len({injection.name for injection in INJECTIONS}) == len(INJECTIONS) == 31
    assert all(injection.markers for injection in INJECTIONS)


async def test_prompt_when_the_mail_has_ten_megabytes_then_it_stays_under_its_cap(
    client: httpx2.AsyncClient, shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    receipt = await deliver_mail(client, shop, text="Where is my order?\n" + "a long story " * 770_000, headers=PROVEN)

    await drafted(UUID(receipt["suggestion_id"]), desk)

    assert 0 < max(len(request.prompt) for request in stand_in.requests()) < MAX_PROMPT_LENGTH


async def test_prompt_when_the_thread_has_five_hundred_mails_then_it_stays_under_its_cap(
    client: httpx2.AsyncClient, shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    own_id: str | None = None
    for number in range(500):
        replied_to, own_id = own_id, f"<{number}.{shop.slug}@customer.example>"
        text = f"Mail {number}. " + "Is my lantern on its way? " * 400
        receipt = await deliver_mail(client, shop, message_id=own_id, in_reply_to=replied_to, text=text, headers=PROVEN)

    await drafted(UUID(receipt["suggestion_id"]), desk)

    assert 0 < max(len(request.prompt) for request in stand_in.requests()) < MAX_PROMPT_LENGTH


async def test_prompt_when_an_order_has_two_thousand_lines_then_it_stays_under_its_cap(
    client: httpx2.AsyncClient, shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    items = tuple(OrderItem(name=f"Lantern number {number}, {'very ' * 40}bright", quantity=2) for number in range(2_000))
    await put_order(shop, ADAS_ORDER, ADA, items=items)
    receipt = await deliver_mail(client, shop, text=f"Where is order {ADAS_ORDER}?", headers=PROVEN)

    await drafted(UUID(receipt["suggestion_id"]), desk)

    assert 0 < max(len(request.prompt) for request in stand_in.requests()) < MAX_PROMPT_LENGTH
