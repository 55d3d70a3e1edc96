"""Whether the sender is proven, as it is stored with the message: by Mailgun's word or a trusted host's, and nobody else's."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import msgspec
import pytest

from service.shops.sources import create_source
from service.shops.types import Provider, Source
from tests.api.receiving import deliver, messages
from tests.factories import MAILGUN_KEY, ShopAtWork, mail_fields, mailgun_fields, standard_headers, urlencoded

RESULTS = "mx.shop.example; dkim=pass header.d=customer.example; spf=fail smtp.mailfrom=x@y.example"
MAILGUN_HEADERS = [["From", "Ada <ada@customer.example>"], ["X-Mailgun-Spf", "Pass"], ["Message-Id", "<1@customer.example>"]]


async def trust_of(shop: ShopAtWork) -> tuple[str, list[str]]:
    """Return what is stored with the only message."""
    [row] = await messages(shop)
    return row["trust"], row["trust_reasons"]


async def source_of(shop: ShopAtWork, provider: Provider, *trusted_hosts: str) -> Source:
    secret = MAILGUN_KEY if provider == "mailgun" else ""
    return await create_source(shop.id, provider=provider, name="proof", secret=secret, trusted_hosts=trusted_hosts)


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [
        (("mx.shop.example",), ("verified", ["dkim_aligned", "spf_fail"])),
        (("MX.Shop.example", "other.example"), ("verified", ["dkim_aligned", "spf_fail"])),
        (("other.example",), ("unverified", ["untrusted_host"])),
        ((), ("unverified", ["untrusted_host"])),
    ],
)
async def test_standard_when_a_host_vouches_then_its_word_counts_only_if_it_is_trusted(
    client: httpx2.AsyncClient, shop: ShopAtWork, trusted: tuple[str, ...], expected: tuple[str, list[str]]
) -> None:
    source = await source_of(shop, "standard", *trusted)
    headers = [["Authentication-Results", RESULTS], ["From", "Ada <ada@customer.example>"]]
    await post_standard(client, source, headers=headers)

    assert await trust_of(shop) == expected


async def post_standard(client: httpx2.AsyncClient, source: Source, **fields: Any) -> None:
    body = msgspec.json.encode(mail_fields(**fields))
    signature = standard_headers(body, source.secrets[0], call_id="msg_proof", sent_at=str(int(time.time())))
    response = await client.post(f"/webhooks/standard/{source.id}", content=body, headers=signature)
    assert response.json()["outcome"] == "stored"


@pytest.mark.parametrize(
    ("trusted", "sender", "expected"),
    [
        (("mailgun",), "ada@customer.example", ("verified", ["spf_aligned"])),
        (("mailgun",), "bounce@sender.example", ("unverified", ["spf_unaligned"])),
        ((), "ada@customer.example", ("unverified", ["no_results"])),
    ],
)
async def test_mailgun_when_its_spam_filter_is_trusted_then_spf_of_the_from_domain_counts(
    client: httpx2.AsyncClient, shop: ShopAtWork, trusted: tuple[str, ...], sender: str, expected: tuple[str, list[str]]
) -> None:
    source = await source_of(shop, "mailgun", *trusted)
    headers = msgspec.json.encode(MAILGUN_HEADERS).decode()
    fields = {**mailgun_fields(), "sender": sender, "message-headers": headers}
    await deliver(client, f"/webhooks/mailgun/{source.id}", urlencoded(fields))

    assert await trust_of(shop) == expected


@pytest.mark.parametrize("provider", ["mailgun", "standard"])
async def test_sender_when_he_writes_results_in_mailguns_name_then_they_do_not_count(
    client: httpx2.AsyncClient, shop: ShopAtWork, provider: Provider
) -> None:
    source = await source_of(shop, provider, "mailgun")
    headers = [["Authentication-Results", RESULTS.replace("mx.shop.example", "mailgun")], ["From", "Ada <ada@customer.example>"]]
    if provider == "mailgun":
        fields = {**mailgun_fields(), "message-headers": msgspec.json.encode([*headers, ["Message-Id", "<1@x>"]]).decode()}
        await deliver(client, f"/webhooks/mailgun/{source.id}", urlencoded(fields))
    else:
        await post_standard(client, source, headers=headers)

    assert await trust_of(shop) == ("unverified", ["untrusted_host"])


async def test_message_when_read_by_the_api_then_its_trust_has_reasons(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    receipt = (await deliver(client, shop.mailgun_path, urlencoded(mailgun_fields()))).json()

    detail = (await client.get(f"/v1/suggestions/{receipt['suggestion_id']}", headers=shop.auth)).json()

    assert (detail["message"]["trust"], detail["message"]["trust_reasons"]) == ("unverified", ["no_results"])


async def test_own_mail_when_it_is_from_a_mailbox_of_the_shop_then_no_draft(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await create_source(shop.id, provider="standard", name="sales", mailboxes=("Sales@shop.example",))
    source = await source_of(shop, "standard")

    await post_standard(client, source, from_="sales@shop.example")

    [row] = await messages(shop)
    assert row["machine_class"] == "own_mail"


async def test_own_mail_when_it_comes_from_where_it_goes_to_then_no_draft(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    source = await source_of(shop, "standard")

    await post_standard(client, source, from_="Support@shop.example", to="support@shop.example")

    [row] = await messages(shop)
    assert row["machine_class"] == "own_mail"
