"""Large bodies: 49 MB are mail, 51 MB are refused and leave nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import msgspec
import pytest

from service.commands.mail_file import SignedCall
from service.shops.sources import create_source
from service.shops.types import Provider
from tests.api.receiving import assert_problem, deliver, deliveries, messages, stored_count
from tests.factories import ShopAtWork, mail_fields, mailgun_fields, urlencoded
from tests.providers.calls import Part, multipart

MEGABYTE = 1_000_000


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), MEGABYTE):
        yield body[start : start + MEGABYTE]


async def test_standard_when_it_is_49_mb_then_all_of_it_is_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    call = shop.signed(text="x" * 49 * MEGABYTE)

    response = await deliver(client, shop.standard_path, call)

    [message], [delivery] = await messages(shop), await deliveries(shop)
    assert (response.status_code, response.json()["outcome"]) == (200, "stored")
    assert (len(message["text"]), len(delivery["body"])) == (49 * MEGABYTE, len(call.body))


async def test_mailgun_when_an_attachment_has_49_mb_then_it_is_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    file = Part("attachment-1", b"\r\n--\xff" * (49 * MEGABYTE // 5), filename="a.bin")

    response = await deliver(client, shop.mailgun_path, multipart(mailgun_fields(), file))

    assert (response.status_code, response.json()["outcome"]) == (200, "stored")


async def test_mailgun_when_the_text_has_49_mb_then_it_is_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    response = await deliver(client, shop.mailgun_path, urlencoded({**mailgun_fields(), "body-plain": "x" * 49 * MEGABYTE}))

    assert (response.status_code, response.json()["outcome"]) == (200, "stored")


@pytest.mark.parametrize(
    ("provider", "status"), [("standard", 413), ("mime", 413), ("shopify", 413), ("mailgun", 406), ("postmark", 403)]
)
async def test_webhook_when_it_is_51_mb_then_what_ends_the_providers_retries_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, provider: Provider, status: int
) -> None:
    call = shop.signed_bytes(msgspec.json.encode(mail_fields(text="x" * 51 * MEGABYTE)))
    secret = "key-for-tests-only" if provider in {"mailgun", "shopify"} else ""
    source = await create_source(shop.id, provider=provider, name="large", secret=secret)

    refused = assert_problem(await deliver(client, f"/webhooks/{provider}/{source.id}", call), status)

    assert refused["detail"] == "body: larger than 50 MB; sending it again changes nothing"
    assert await stored_count(shop) == 0


async def test_webhook_when_51_mb_come_without_a_length_then_413_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    call = SignedCall(shop.signed().headers, b"x" * 51 * MEGABYTE)

    assert_problem(await client.post(shop.standard_path, content=in_pieces(call.body), headers=call.headers), 413)
    assert await stored_count(shop) == 0
