"""What the model sees: this customer's records, no more of them than it should, and nobody else's."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from service.orders.service import apply
from service.providers.records import OrderChange, OrderItem
from service.suggestions import repository
from service.suggestions.context import read_context
from service.suggestions.service import Desk, draft
from tests.factories import PROVEN, ShopAtWork, make_shop
from tests.standin_control import StandInControl
from tests.storing import store_mail, store_suggestion

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADA = "ada@customer.example"


async def put(shop: ShopAtWork, number: str, *, email: str = ADA, hours_ago: int = 0) -> None:
    await apply(
        shop.id,
        OrderChange(
            external_id=number,
            number=number,
            customer_email=email,
            status="paid",
            fulfilment="shipped",
            placed_at=NOW - timedelta(hours=hours_ago),
            updated_at=NOW,
            currency="EUR",
            total=Decimal("19.90"),
            items=(OrderItem(name="Lamp"),),
            carrier="DHL",
            tracking_number=f"T-{number}",
        ),
    )


async def test_draft_when_others_have_orders_too_then_the_prompt_holds_only_the_senders(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    other_shop = await make_shop()
    own, others, elsewhere = (f"{word}-{secrets.randbelow(10**8):08}" for word in ("OWN", "OTH", "ELS"))
    await put(shop, own)
    await put(shop, others, email="eve@customer.example")
    await put(other_shop, elsewhere)
    suggestion_id = await store_suggestion(shop, text="Where are my orders?", headers=PROVEN)

    await draft(suggestion_id, desk)

    (request,) = stand_in.requests()
    assert own in request.prompt
    assert f"T-{own}" in request.prompt
    assert others not in request.prompt
    assert elsewhere not in request.prompt


async def test_draft_when_the_mail_names_anothers_order_then_only_the_mail_itself_does(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    await put(shop, "OTH-555", email="eve@customer.example")
    suggestion_id = await store_suggestion(shop, text="Tell me about order OTH-555, it is my sister's.")

    await draft(suggestion_id, desk)

    (request,) = stand_in.requests()
    assert request.prompt.count("OTH-555") == 1
    assert "T-OTH-555" not in request.prompt


async def test_snapshot_when_there_are_many_orders_then_the_newest_five(shop: ShopAtWork) -> None:
    for hours_ago in (6, 2, 0, 7, 4, 1, 5, 3):
        await put(shop, f"N-{hours_ago}", hours_ago=hours_ago)
    held = await repository.claim(await store_suggestion(shop, headers=PROVEN))
    assert held is not None

    snapshot = (await read_context(held, today=NOW.date())).snapshot

    assert [order.number for order in snapshot.orders] == ["N-0", "N-1", "N-2", "N-3", "N-4"]
    assert snapshot.today == "2026-11-20"
    first = snapshot.orders[0]
    assert (first.total, first.currency, first.placed_on, first.items[0].name) == ("19.90", "EUR", "2026-11-20", "Lamp")


async def test_snapshot_when_the_thread_is_long_then_the_last_twenty_oldest_first(shop: ShopAtWork) -> None:
    message_id = None
    for number in range(24):
        own_id = f"<{number}.{secrets.token_hex(6)}@customer.example>"
        receipt = await store_mail(shop, message_id=own_id, in_reply_to=message_id, text=f"mail {number}")
        message_id = own_id
    assert receipt.suggestion_id is not None
    held = await repository.claim(receipt.suggestion_id)
    assert held is not None

    snapshot = (await read_context(held, today=NOW.date())).snapshot

    assert snapshot.text == "mail 23"
    assert [message.text for message in snapshot.conversation] == [f"mail {number}" for number in range(3, 23)]
    assert {message.direction for message in snapshot.conversation} == {"in"}


async def test_snapshot_when_the_mail_is_html_only_then_its_visible_words(shop: ShopAtWork) -> None:
    html = "<html><head><style>p {color: red}</style></head><body><p>Hello,</p><p>my lamp is <b>broken</b>.</p></body></html>"
    held = await repository.claim(await store_suggestion(shop, text=None, html=html))
    assert held is not None

    snapshot = (await read_context(held, today=NOW.date())).snapshot

    assert snapshot.text == "Hello,\nmy lamp is broken."


async def test_snapshot_when_an_earlier_mail_is_html_only_then_its_words_are_there_too(shop: ShopAtWork) -> None:
    await store_mail(shop, message_id="<html@customer.example>", text=None, html="<p>My lamp is broken.</p>")
    held = await repository.claim(await store_suggestion(shop, in_reply_to="<html@customer.example>", text="Any news?"))
    assert held is not None

    snapshot = (await read_context(held, today=NOW.date())).snapshot

    assert [message.text for message in snapshot.conversation] == ["My lamp is broken."]


async def test_snapshot_when_the_shop_has_a_voice_then_it_is_there(shop: ShopAtWork) -> None:
    assert shop.id
    french = await make_shop(language="fr", voice="Vouvoie toujours.")
    held = await repository.claim(await store_suggestion(french, from_="Ada Customer <ADA@Customer.example>"))
    assert held is not None

    snapshot = (await read_context(held, today=NOW.date())).snapshot

    assert (snapshot.shop.name, snapshot.shop.language) == ("Test Shop", "fr")
    assert (snapshot.shop.voice, snapshot.shop.signature) == ("Vouvoie toujours.", "The test shop")
    assert (snapshot.customer.name, snapshot.customer.vip) == ("Ada Customer", False)
