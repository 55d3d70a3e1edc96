"""Authentic but odd Mailgun calls: always 200 with the delivery kept raw."""

from __future__ import annotations

from typing import Any

import httpx2
import msgspec
import pytest

from service.commands.mail_file import SignedCall
from tests.api.receiving import deliver, deliveries, messages
from tests.factories import ShopAtWork, mailgun_fields, urlencoded
from tests.providers.calls import Part, multipart

MANY_HEADERS = msgspec.json.encode([[f"X-{number}", "v"] for number in range(10_000)]).decode()


@pytest.mark.parametrize("cut", [3, 30, 600])
async def test_truncated_when_the_signature_came_before_the_break_then_200_and_the_reason(
    client: httpx2.AsyncClient, shop: ShopAtWork, cut: int
) -> None:
    whole = multipart(mailgun_fields(), Part("attachment-1", b"x" * 1_000, filename="a.pdf"))
    call = SignedCall(whole.headers, whole.body[:-cut])

    response = await deliver(client, shop.mailgun_path, call)

    [delivery] = await deliveries(shop)
    assert (response.status_code, response.json()) == (200, {"outcome": "failed", "reason": "truncated_body"})
    assert (delivery["outcome"], delivery["reason"], bytes(delivery["body"])) == ("failed", "truncated_body", call.body)


async def test_truncated_when_the_signature_was_lost_then_401_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    whole = multipart(mailgun_fields())

    response = await deliver(client, shop.mailgun_path, SignedCall(whole.headers, whole.body[:300]))

    assert response.status_code == 401
    assert await deliveries(shop) == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"from": "", "sender": ""}, "no_sender"),
        ({"from": "", "sender": "\x00"}, "no_sender"),
        ({"recipient": ""}, "no_recipient"),
    ],
)
async def test_unreadable_when_it_is_authentic_then_200_and_the_delivery_says_why(
    client: httpx2.AsyncClient, shop: ShopAtWork, fields: dict[str, str], reason: str
) -> None:
    response = await deliver(client, shop.mailgun_path, urlencoded({**mailgun_fields(), **fields}))

    [delivery] = await deliveries(shop)
    assert (response.status_code, response.json()) == (200, {"outcome": "failed", "reason": reason})
    assert (delivery["outcome"], delivery["reason"]) == ("failed", reason)


@pytest.mark.parametrize("encoded", [urlencoded, multipart])
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"body-plain": "a\x00b"}, {"text": "ab"}),
        ({"subject": "\x00"}, {"subject": ""}),
        ({"from": "A\x00 <ada\x00@customer.example>"}, {"sender": "ada@customer.example", "sender_name": "A"}),
        ({"recipient": "support\x00@shop.example"}, {"recipient": "support@shop.example"}),
        ({"body-plain": ""}, {"text": ""}),
        ({"subject": "s" * 5_000}, {"subject": "s" * 5_000}),
        ({"message-headers": "not JSON", "Message-Id": "<m1@x>"}, {"rfc_message_id": "m1@x"}),
        ({"message-headers": "[" * 100_000, "Message-Id": "<m1@x>"}, {"rfc_message_id": "m1@x"}),
        ({"message-headers": MANY_HEADERS, "Message-Id": "<m1@x>"}, {"rfc_message_id": "m1@x"}),
        ({"message-headers": '[["Message-Id","<m\\u00001@x>"]]'}, {"rfc_message_id": "m1@x"}),
        ({"message-headers": '[["References","' + "<r@x> " * 2_000 + '"]]'}, {"reference_ids": ["r@x"] * 100}),
        ({"message-headers": '[["In-Reply-To","no brackets"]]'}, {"in_reply_to": None}),
    ],
)
async def test_odd_when_it_is_authentic_then_200_and_the_text_is_as_right_as_can_be(
    client: httpx2.AsyncClient, shop: ShopAtWork, encoded: Any, fields: dict[str, str], expected: dict[str, Any]
) -> None:
    call: SignedCall = encoded({**mailgun_fields(), **fields})

    response = await deliver(client, shop.mailgun_path, call)

    [message], [delivery] = await messages(shop), await deliveries(shop)
    assert (response.status_code, response.json()["outcome"]) == (200, "stored")
    assert {name: message[name] for name in expected} == expected
    assert bytes(delivery["body"]) == call.body


@pytest.mark.parametrize(
    ("content_type", "value", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"h\xe9", "h\u00e9"),
        ("text/plain; charset=no-such-charset", "h\u00e9".encode(), "h\u00e9"),
        ("text/plain; charset=utf-7", b"+2AA-", "+2AA-"),
        ("text/plain; charset=unicode_escape", rb"\ud800", r"\ud800"),
        ("text/plain; charset=utf-8", b"h\xe9", "h\ufffd"),
        ("text/plain; charset=\x00", b"x", "x"),
    ],
)
async def test_odd_when_a_part_names_any_charset_then_its_text_is_read(
    client: httpx2.AsyncClient, shop: ShopAtWork, content_type: str, value: bytes, text: str
) -> None:
    fields = mailgun_fields()
    del fields["body-plain"]

    response = await deliver(client, shop.mailgun_path, multipart(fields, Part("body-plain", value, content_type=content_type)))

    [message] = await messages(shop)
    assert response.status_code == 200
    assert message["text"] == text


async def test_odd_when_it_has_a_thousand_attachments_then_it_is_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    files = [Part(f"attachment-{number}", b"\xff" * 20, filename=f"{number}.bin") for number in range(1, 1_001)]

    response = await deliver(client, shop.mailgun_path, multipart(mailgun_fields(), *files))

    assert response.json()["outcome"] == "stored"


async def test_message_id_when_it_is_missing_then_the_same_mail_again_is_a_duplicate(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    calls = [urlencoded({**mailgun_fields(), "message-headers": "[]"}) for _ in range(2)]

    assert [(await deliver(client, shop.mailgun_path, call)).json()["outcome"] for call in calls] == ["stored", "duplicate"]
    assert len(await messages(shop)) == 1
