"""Good mail becomes a delivery, a customer, a thread, a message and a suggestion, whichever provider brings it."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import msgspec
import pytest

from service.commands.mail_file import SignedCall
from service.db.engine import fetch
from service.orders.service import apply
from service.providers.records import CustomerChange
from tests.api.receiving import deliver, deliver_mail, deliveries, messages, suggestions, threads
from tests.factories import ShopAtWork, mailgun_fields, urlencoded
from tests.providers.calls import Part, multipart

TEXT = "Stra\u00dfe, \U0001f600 and \u65e5\u672c\u8a9e"


async def test_standard_when_it_is_a_mail_then_every_row_says_what_the_mail_said(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    call = shop.signed(message_id="<m1@customer.example>", from_="Ada <ADA@Customer.Example>", text=TEXT, html="<p>x</p>")

    response = await deliver(client, shop.standard_path, call)

    receipt = response.json()
    [delivery] = await deliveries(shop)
    [customer] = await fetch("SELECT * FROM customer WHERE shop = $1", shop.id)
    [thread], [message], [suggestion] = await threads(shop), await messages(shop), await suggestions(shop)
    assert (response.status_code, receipt["outcome"]) == (200, "stored")
    assert {"message_id": str(message["id"]), "suggestion_id": str(suggestion["id"])}.items() <= receipt.items()
    assert (delivery["outcome"], delivery["reason"], bytes(delivery["body"])) == ("stored", None, call.body)
    assert delivery["dedupe_key"] == call.headers["webhook-id"]
    assert msgspec.json.decode(delivery["headers"])["webhook-signature"] == call.headers["webhook-signature"]
    assert (customer["email"], customer["name"], customer["vip"]) == ("ada@customer.example", "Ada", False)
    assert (thread["customer"], thread["subject"], thread["version"]) == (customer["id"], "Where is my parcel?", 1)
    assert (message["thread"], message["delivery"], message["direction"]) == (thread["id"], delivery["id"], "in")
    assert (message["rfc_message_id"], message["text"], message["html"]) == ("m1@customer.example", TEXT, "<p>x</p>")
    assert (suggestion["message"], suggestion["thread"], suggestion["priority"]) == (message["id"], thread["id"], 10)
    assert suggestion["status"] in {"pending", "queued"}
    assert (suggestion["attempt"], suggestion["kind"], suggestion["body"]) == (0, None, None)


async def test_standard_when_the_call_carries_credentials_then_they_are_not_kept(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    call = shop.signed()
    secret = {"Authorization": "Bearer secret", "Cookie": "secret"}

    await client.post(shop.standard_path, content=call.body, headers={**call.headers, **secret})

    [delivery] = await deliveries(shop)
    assert "secret" not in delivery["headers"]


@pytest.mark.parametrize("encoded", [urlencoded, multipart])
async def test_mailgun_when_it_is_a_mail_then_it_is_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, encoded: Callable[[dict[str, str]], SignedCall]
) -> None:
    call = encoded({**mailgun_fields(token="t1"), "body-plain": TEXT, "from": "Ada <ADA@Customer.Example>"})

    response = await deliver(client, shop.mailgun_path, call)

    [delivery], [message], [suggestion] = await deliveries(shop), await messages(shop), await suggestions(shop)
    assert (response.status_code, response.json()["outcome"]) == (200, "stored")
    assert (delivery["dedupe_key"], delivery["outcome"], bytes(delivery["body"])) == ("t1", "stored", call.body)
    assert (message["sender"], message["text"], message["html"]) == ("ada@customer.example", TEXT, None)
    assert suggestion["status"] in {"pending", "queued"}


async def test_mailgun_when_it_has_attachments_then_the_raw_call_keeps_them(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    file = Part("attachment-1", b"\x00\xff" * 1_000, filename="photo.jpg", content_type="image/jpeg")
    call = multipart(mailgun_fields(), file)

    response = await deliver(client, shop.mailgun_path, call)

    [delivery] = await deliveries(shop)
    assert response.json()["outcome"] == "stored"
    assert file.value in bytes(delivery["body"])


async def test_suggestion_when_the_customer_is_a_vip_then_it_has_priority_0(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await apply(shop.id, CustomerChange(email="VIP@customer.example", name="Vera", vip=True))

    await deliver_mail(client, shop, from_="Somebody Else <Vip@Customer.example>")

    [suggestion] = await suggestions(shop)
    [customer] = await fetch("SELECT * FROM customer WHERE shop = $1", shop.id)
    assert suggestion["priority"] == 0
    assert (customer["name"], customer["vip"]) == ("Vera", True)


async def test_customer_when_another_shop_knows_the_address_then_each_has_its_own(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    await apply(other_shop.id, CustomerChange(email="ada@customer.example", vip=True))

    await deliver_mail(client, shop)

    [suggestion] = await suggestions(shop)
    assert suggestion["priority"] == 10
