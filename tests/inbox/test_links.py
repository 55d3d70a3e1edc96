"""Threads found by our own Message-IDs, threads that are only linked, and bounces that find what they bounced."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx2
import pytest

from service.db.engine import fetch
from service.db.ids import uuid7
from tests.api.receiving import deliver_mail, messages, suggestions, threads
from tests.factories import ShopAtWork


async def reply_id_of(client: httpx2.AsyncClient, shop: ShopAtWork, receipt: dict[str, Any]) -> str:
    """Return the Message-ID that the API gives for the reply to a mail."""
    detail = await client.get(f"/v1/suggestions/{receipt['suggestion_id']}", headers=shop.auth)
    return f"<{detail.json()['reply_message_id']}>"


async def send_reply(shop: ShopAtWork, thread_id: UUID, message_id: str) -> UUID:
    """Put an outbound message into a thread, as the shop's own reply."""
    reply_id = uuid7()
    await fetch(
        "INSERT INTO message (id, shop, thread, direction, rfc_message_id, sender, recipient, text)"
        " VALUES ($1, $2, $3, 'out', $4, 'support@shop.example', 'ada@customer.example', 'It ships today.')",
        reply_id,
        shop.id,
        thread_id,
        message_id.strip("<>"),
    )
    return reply_id


@pytest.mark.parametrize("field", ["in_reply_to", "references"])
async def test_answer_when_it_quotes_our_own_id_then_it_joins_although_we_never_saw_the_reply(
    client: httpx2.AsyncClient, shop: ShopAtWork, field: str
) -> None:
    first = await deliver_mail(client, shop)
    ours = await reply_id_of(client, shop, first)

    await deliver_mail(client, shop, **{field: ours})

    [thread] = await threads(shop)
    assert thread["version"] == 2


async def test_answer_when_our_id_and_another_thread_are_quoted_then_our_id_counts(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    first = await deliver_mail(client, shop, message_id="<first@x>")
    await deliver_mail(client, shop, message_id="<second@x>")
    ours = await reply_id_of(client, shop, first)

    await deliver_mail(client, shop, message_id="<third@x>", in_reply_to="<second@x>", references=[ours])

    by_id = {row["rfc_message_id"]: row["thread"] for row in await messages(shop)}
    assert by_id["third@x"] == by_id["first@x"]


async def test_answer_when_our_id_is_guessed_then_a_new_thread_without_a_link(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)
    [thread] = await threads(shop)

    await deliver_mail(client, shop, in_reply_to=f"<dd.{thread['id'].hex}.{uuid7().hex}.{'a' * 16}@shop.example>")

    assert [row["linked_thread"] for row in await threads(shop)] == [None, None]


async def test_answer_when_another_shops_id_is_quoted_then_neither_joined_nor_linked(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    theirs = await reply_id_of(client, other_shop, await deliver_mail(client, other_shop))

    await deliver_mail(client, shop, in_reply_to=theirs)

    [thread] = await threads(shop)
    assert (thread["version"], thread["linked_thread"]) == (1, None)


@pytest.mark.parametrize("is_ours", [True, False])
async def test_stranger_when_he_quotes_a_thread_then_he_gets_one_of_his_own_that_is_linked(
    client: httpx2.AsyncClient, shop: ShopAtWork, is_ours: bool
) -> None:
    first = await deliver_mail(client, shop, message_id="<root@x>")
    quoted = await reply_id_of(client, shop, first) if is_ours else "<root@x>"

    receipt = await deliver_mail(client, shop, from_="eve@stranger.example", in_reply_to=quoted)

    old, new = await threads(shop)
    detail = (await client.get(f"/v1/threads/{new['id']}", headers=shop.auth)).json()
    assert (old["version"], new["linked_thread"], detail["linked_thread_id"]) == (1, old["id"], str(old["id"]))
    assert receipt["outcome"] == "stored"
    assert {row["status"] for row in await suggestions(shop)} <= {"pending", "queued"}


async def test_sender_when_one_of_several_quoted_threads_is_his_then_he_joins_that(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<hers@x>", from_="bea@customer.example")
    await deliver_mail(client, shop, message_id="<his@x>")

    await deliver_mail(client, shop, in_reply_to="<hers@x>", references="<his@x> <hers@x>")

    hers, his = await threads(shop)
    assert (hers["version"], his["version"]) == (1, 2)


@pytest.mark.parametrize("case", [str.upper, str.lower])
async def test_mail_when_a_gateway_changed_the_ids_domain_then_it_still_joins(
    client: httpx2.AsyncClient, shop: ShopAtWork, case: Any
) -> None:
    await deliver_mail(client, shop, message_id="<Root@Mail.Example>")

    await deliver_mail(client, shop, in_reply_to=f"<Root@{case('mail.example')}>")

    assert [row["version"] for row in await threads(shop)] == [2]


BOUNCE = {"from_": "MAILER-DAEMON@mx.customer.example", "headers": [["Return-Path", "<>"]], "subject": "Undelivered"}


async def test_bounce_when_it_gives_back_our_reply_then_it_is_found_from_both_ends(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    first = await deliver_mail(client, shop)
    ours = await reply_id_of(client, shop, first)
    [thread] = await threads(shop)
    reply_id = await send_reply(shop, thread["id"], ours)

    await deliver_mail(client, shop, text=f"Your mail came back.\n\nMessage-ID: {ours}\nSubject: x", **BOUNCE)

    old, new = await threads(shop)
    bounce = (await messages(shop))[-1]
    shown = (await client.get(f"/v1/threads/{old['id']}", headers=shop.auth)).json()["messages"][-1]
    assert (bounce["machine_class"], bounce["bounced_message"], bounce["thread"]) == ("bounce", reply_id, new["id"])
    assert (new["linked_thread"], old["version"]) == (old["id"], 1)
    assert (shown["id"], shown["bounce_id"]) == (str(reply_id), str(bounce["id"]))


async def test_bounce_when_we_never_saw_the_reply_then_its_thread_is_linked(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    ours = await reply_id_of(client, shop, await deliver_mail(client, shop))

    await deliver_mail(client, shop, text=f"Message-ID: {ours}", **BOUNCE)

    old, new = await threads(shop)
    assert (new["linked_thread"], (await messages(shop))[-1]["bounced_message"]) == (old["id"], None)


async def test_bounce_when_it_names_a_customers_mail_then_that_has_not_bounced(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>")

    await deliver_mail(client, shop, text="Message-ID: <root@x>", **BOUNCE)

    assert (await messages(shop))[-1]["bounced_message"] is None


async def test_bounce_when_stored_then_it_is_skipped_and_the_customers_suggestion_lives(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    ours = await reply_id_of(client, shop, await deliver_mail(client, shop))

    receipt = await deliver_mail(client, shop, text=f"Message-ID: {ours}", **BOUNCE)

    live, skipped = await suggestions(shop)
    assert receipt["reason"] == "machine_mail"
    assert live["status"] in {"pending", "queued"}
    assert (skipped["status"], skipped["reason_code"]) == ("skipped", "machine_mail")
