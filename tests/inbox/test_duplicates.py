"""The same mail twice is one message; a used Mailgun token on another content is an attack."""

from __future__ import annotations

import httpx2

from service.commands.mail_file import SignedCall
from tests.api.receiving import assert_problem, deliver, deliver_mail, deliveries, messages, stored_count, suggestions
from tests.factories import ShopAtWork, mailgun_fields, urlencoded
from tests.providers.calls import Part, multipart, signed_standard


async def test_delivery_when_it_comes_twice_then_the_second_changes_nothing(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    call = shop.signed()
    first = (await deliver(client, shop.standard_path, call)).json()
    rows = await stored_count(shop)

    second = await deliver(client, shop.standard_path, call)

    assert (second.status_code, second.json()) == (200, {"outcome": "duplicate", "reason": "delivery_seen"})
    assert first["outcome"] == "stored"
    assert await stored_count(shop) == rows


async def test_delivery_when_a_retry_is_signed_anew_then_it_is_a_duplicate(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    body, secret = shop.signed().body, shop.standard.secrets[0]
    calls = [signed_standard(body, secret, age_s=age_s, call_id="msg_1") for age_s in (60, 0)]

    assert [(await deliver(client, shop.standard_path, call)).json()["outcome"] for call in calls] == ["stored", "duplicate"]
    assert len(await deliveries(shop)) == 1


async def test_delivery_when_its_id_is_very_long_then_a_retry_is_still_a_duplicate(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    call = signed_standard(shop.signed().body, shop.standard.secrets[0], call_id="msg_" + "x" * 5_000)

    assert [(await deliver(client, shop.standard_path, call)).json()["outcome"] for _ in range(2)] == ["stored", "duplicate"]


async def test_message_when_two_deliveries_bring_it_then_the_second_says_duplicate(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    fields = {"message_id": "<m1@customer.example>", "text": "Hello"}

    first, second = await deliver_mail(client, shop, **fields), await deliver_mail(client, shop, **fields)

    assert first["outcome"] == "stored"
    assert second == {"outcome": "duplicate", "reason": "message_id_seen"}
    assert [row["outcome"] for row in await deliveries(shop)] == ["stored", "duplicate"]
    assert (len(await messages(shop)), len(await suggestions(shop))) == (1, 1)


async def test_message_when_it_went_to_two_mailboxes_then_two_messages(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    for recipient in ("support@shop.example", "sales@shop.example"):
        await deliver_mail(client, shop, message_id="<m1@customer.example>", to=recipient)

    assert [row["recipient"] for row in await messages(shop)] == ["support@shop.example", "sales@shop.example"]
    assert len({row["thread"] for row in await messages(shop)}) == 2
    assert len(await suggestions(shop)) == 2


async def test_message_when_two_shops_get_it_then_each_has_it(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    for each in (shop, other_shop):
        assert (await deliver_mail(client, each, message_id="<m1@customer.example>"))["outcome"] == "stored"


async def test_mailgun_when_its_retry_is_encoded_otherwise_then_it_is_a_duplicate(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    fields = mailgun_fields()

    receipts = [(await deliver(client, shop.mailgun_path, call)).json() for call in (urlencoded(fields), multipart(fields))]

    assert [receipt["outcome"] for receipt in receipts] == ["stored", "duplicate"]


async def test_mailgun_when_a_used_token_comes_with_another_text_then_401_and_nothing_new(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    fields = mailgun_fields()
    await deliver(client, shop.mailgun_path, urlencoded(fields))
    rows = await stored_count(shop)

    for change in (
        {"body-plain": "Refund me"},
        {"from": "eve@evil.example"},
        {"recipient": "sales@shop.example"},
        {"from": "", "sender": ""},
    ):
        assert_problem(await deliver(client, shop.mailgun_path, urlencoded({**fields, **change})), 401)
    assert await stored_count(shop) == rows


async def test_mailgun_when_a_truncated_call_is_used_again_then_only_the_same_bytes_count(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    whole = multipart(mailgun_fields(), Part("attachment-1", b"x", filename="a.txt"))
    broken = SignedCall(whole.headers, whole.body[:-5])

    outcomes = [(await deliver(client, shop.mailgun_path, broken)).json()["outcome"] for _ in range(2)]

    assert outcomes == ["failed", "duplicate"]
    assert_problem(await deliver(client, shop.mailgun_path, whole), 401)


async def test_mailgun_when_two_sources_share_a_key_then_a_token_counts_once_in_each(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    call = urlencoded(mailgun_fields())

    for path in (shop.mailgun_path, other_shop.mailgun_path):
        assert (await deliver(client, path, call)).json()["outcome"] == "stored"
