"""Which thread a mail joins, and what it overtakes there."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.api.receiving import deliver_mail, messages, suggestions, threads
from tests.factories import ShopAtWork
from tests.storing import put_status


async def thread_of(shop: ShopAtWork, message_id: str) -> Any:
    """Return the thread of a stored message, named by its Message-ID."""
    return next(row["thread"] for row in await messages(shop) if row["rfc_message_id"] == message_id)


async def statuses(shop: ShopAtWork) -> list[tuple[str, str | None]]:
    """Return status and reason of each suggestion, oldest first; queued counts as pending."""
    rows = await suggestions(shop)
    return [("pending" if row["status"] == "queued" else row["status"], row["reason_code"]) for row in rows]


@pytest.mark.parametrize(
    "fields",
    [
        {"in_reply_to": "<root@x>"},
        {"in_reply_to": "root@x"},
        {"references": ["<root@x>"]},
        {"references": "<unknown@x> <root@x>"},
        {"in_reply_to": "<unknown@x>", "references": "<root@x> <unknown2@x>"},
    ],
)
async def test_mail_when_it_names_an_earlier_one_then_it_joins_its_thread(
    client: httpx2.AsyncClient, shop: ShopAtWork, fields: dict[str, Any]
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>", subject="Parcel")
    await deliver_mail(client, shop, message_id="<reply@x>", subject="Another subject", **fields)

    [thread] = await threads(shop)
    assert (thread["version"], thread["subject"]) == (2, "Parcel")
    assert {row["thread"] for row in await messages(shop)} == {thread["id"]}


@pytest.mark.parametrize("fields", [{}, {"in_reply_to": "<unknown@x>"}, {"subject": "Re: Where is my parcel?"}])
async def test_mail_when_it_names_none_that_we_know_then_a_new_thread(
    client: httpx2.AsyncClient, shop: ShopAtWork, fields: dict[str, Any]
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>")
    await deliver_mail(client, shop, **fields)

    assert [row["version"] for row in await threads(shop)] == [1, 1]


async def test_mail_when_its_references_name_two_threads_then_the_newest_reference_counts(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<first@x>")
    await deliver_mail(client, shop, message_id="<second@x>")

    await deliver_mail(client, shop, message_id="<by-references@x>", references="<first@x> <second@x>")
    await deliver_mail(client, shop, message_id="<by-reply@x>", references="<first@x> <second@x>", in_reply_to="<first@x>")

    assert await thread_of(shop, "by-references@x") == await thread_of(shop, "second@x")
    assert await thread_of(shop, "by-reply@x") == await thread_of(shop, "first@x")


async def test_mail_when_it_names_another_shops_message_then_it_does_not_join(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    await deliver_mail(client, other_shop, message_id="<root@x>")
    await deliver_mail(client, shop, in_reply_to="<root@x>")

    assert [row["version"] for row in await threads(other_shop)] == [1]
    assert [row["version"] for row in await threads(shop)] == [1]
    assert {row["shop"] for row in await messages(shop)} == {shop.id}


async def test_mail_when_another_sender_names_the_message_then_it_does_not_join(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>")
    await deliver_mail(client, shop, from_="eve@evil.example", in_reply_to="<root@x>")

    assert [row["version"] for row in await threads(shop)] == [1, 1]
    assert await statuses(shop) == [("pending", None), ("pending", None)]


@pytest.mark.parametrize("status", ["pending", "queued", "drafting", "ready"])
async def test_newer_mail_when_a_suggestion_is_live_then_it_is_superseded(
    client: httpx2.AsyncClient, shop: ShopAtWork, status: str
) -> None:
    first = await deliver_mail(client, shop, message_id="<root@x>")
    await put_status(first["suggestion_id"], status)

    await deliver_mail(client, shop, in_reply_to="<root@x>")

    old, new = await suggestions(shop)
    assert (old["status"], old["reason_code"], old["lease_token"], old["next_send_at"]) == ("superseded", "superseded", None, None)
    assert old["finished_at"] is not None
    assert new["status"] in {"pending", "queued"}


@pytest.mark.parametrize("status", ["failed", "skipped", "superseded"])
async def test_newer_mail_when_a_suggestion_is_over_then_it_stays_as_it_is(
    client: httpx2.AsyncClient, shop: ShopAtWork, status: str
) -> None:
    first = await deliver_mail(client, shop, message_id="<root@x>")
    await put_status(first["suggestion_id"], status)
    [before] = await suggestions(shop)

    await deliver_mail(client, shop, in_reply_to="<root@x>")

    old, _ = await suggestions(shop)
    assert dict(old) == dict(before)


async def test_newer_mail_when_it_is_of_another_thread_then_nothing_is_superseded(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    for _ in range(2):
        await deliver_mail(client, shop)

    assert await statuses(shop) == [("pending", None), ("pending", None)]


@pytest.mark.parametrize(
    ("headers", "machine_class"),
    [([["Auto-Submitted", "auto-replied"]], "auto_reply"), ([["List-Id", "<x>"]], "bulk"), ([["Return-Path", "<>"]], "bounce")],
)
async def test_machine_mail_when_it_joins_a_thread_then_it_is_skipped_and_supersedes_nothing(
    client: httpx2.AsyncClient, shop: ShopAtWork, headers: list[list[str]], machine_class: str
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>")

    receipt = await deliver_mail(client, shop, in_reply_to="<root@x>", headers=headers)

    [thread] = await threads(shop)
    assert (receipt["outcome"], receipt["reason"]) == ("stored", "machine_mail")
    assert [row["machine_class"] for row in await messages(shop)] == [None, machine_class]
    assert await statuses(shop) == [("pending", None), ("skipped", "machine_mail")]
    assert thread["version"] == 2
    assert (await suggestions(shop))[1]["finished_at"] is not None


async def test_machine_mail_when_a_person_writes_after_it_then_only_the_persons_is_live(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop, message_id="<root@x>")
    await deliver_mail(client, shop, in_reply_to="<root@x>", headers=[["Auto-Submitted", "auto-replied"]])
    await deliver_mail(client, shop, in_reply_to="<root@x>")

    assert await statuses(shop) == [("superseded", "superseded"), ("skipped", "machine_mail"), ("pending", None)]
