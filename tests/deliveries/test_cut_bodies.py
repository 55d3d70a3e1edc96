"""What is kept of a call with attachments: each byte once, and the whole when it is asked for."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime
from email.message import EmailMessage

import httpx2
import pytest

from service.commands.mail_file import SignedCall, signed_call
from service.db.engine import fetch
from service.deliveries.purge import purge
from service.deliveries.queries import find_kept_call
from service.shops.sources import create_source
from service.shops.types import Provider
from tests.api.receiving import deliver, deliveries
from tests.deliveries.test_purge import make_older
from tests.factories import MAILGUN_KEY, ShopAtWork

PICTURES = [secrets.token_bytes(60_000), secrets.token_bytes(90_000)]


def mail_with(*pictures: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ada@customer.example", "support@shop.example", "Broken mug"
    mail["Message-ID"] = f"<{secrets.token_hex(8)}@customer.example>"
    mail.set_content("See the pictures.")
    for number, each in enumerate(pictures):
        mail.add_attachment(each, maintype="image", subtype="png", filename=f"{number}.png")
    return mail.as_bytes()


async def post(client: httpx2.AsyncClient, shop: ShopAtWork, provider: Provider, mail: bytes) -> SignedCall:
    """Post a mail as its provider does; return the call."""
    secret = MAILGUN_KEY if provider == "mailgun" else ""
    source = await create_source(shop.id, provider=provider, name="pictures", secret=secret)
    call = signed_call(mail, provider=provider, secret=source.secrets[0])
    response = await deliver(client, f"/webhooks/{provider}/{source.id}", call)
    assert response.json()["outcome"] == "stored"
    return call


@pytest.mark.parametrize("provider", ["mime", "mailgun", "standard", "postmark"])
async def test_delivery_when_it_has_pictures_then_they_are_kept_once_and_the_call_whole(
    client: httpx2.AsyncClient, shop: ShopAtWork, provider: Provider
) -> None:
    call = await post(client, shop, provider, mail_with(*PICTURES))

    [row] = await deliveries(shop)
    kept = await find_kept_call(shop.id, row["id"])
    [listed] = (await client.get("/v1/deliveries", headers=shop.auth)).json()["items"]
    assert len(row["body"]) < 5_000
    assert kept is not None
    assert kept.call.body == call.body
    assert listed["size_bytes"] == len(call.body)


async def test_delivery_when_its_message_was_deleted_then_it_is_not_whole_any_more(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await post(client, shop, "mime", mail_with(*PICTURES))
    await fetch("DELETE FROM message WHERE shop = $1", shop.id)

    [row] = await deliveries(shop)
    assert await find_kept_call(shop.id, row["id"]) is None


async def test_purge_when_a_delivery_goes_then_the_pictures_stay(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await post(client, shop, "mime", mail_with(*PICTURES))
    await make_older(shop, days=8)

    await purge(now=datetime.now(UTC))

    contents = await fetch("SELECT content FROM attachment WHERE shop = $1 ORDER BY position", shop.id)
    assert [row["content"] for row in contents] == PICTURES


async def test_delivery_when_the_same_mail_comes_again_then_its_duplicate_is_whole_too(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    mail = mail_with(*PICTURES)
    await post(client, shop, "mime", mail)
    source = await create_source(shop.id, provider="mime", name="again")
    call = signed_call(mail, provider="mime", secret=source.secrets[0])

    response = await deliver(client, f"/webhooks/mime/{source.id}", call)

    duplicate = (await deliveries(shop))[-1]
    kept = await find_kept_call(shop.id, duplicate["id"])
    assert response.json()["outcome"] == "duplicate"
    assert kept is not None
    assert kept.call.body == mail
    assert base64.b64encode(PICTURES[0][:57]) in kept.call.body
