"""Authentic but odd JSON mail: always 200 with the delivery kept raw, and its reason or a message as right as it can be."""

from __future__ import annotations

from typing import Any

import httpx2
import msgspec
import pytest

from tests.api.receiving import deliver, deliveries, messages, suggestions
from tests.factories import ShopAtWork, mail_fields

NUL = "\x00"


def mail_bytes(**fields: Any) -> bytes:
    return msgspec.json.encode(mail_fields(**fields))


def escaped(field: str, value: bytes) -> bytes:
    """Return a whole mail with one field whose JSON is given as it stands."""
    return mail_bytes(**{field: "PLACE"}).replace(b'"PLACE"', b'"' + value + b'"')


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"\x00\x01\x02", "bad_json"),
        (mail_bytes()[:-20], "bad_json"),
        (b"{}", "bad_schema"),
        (b"[]", "bad_schema"),
        (b'{"event":"order.created","order":{"id":7}}', "bad_schema"),
        (mail_bytes(text=7), "bad_schema"),
        (mail_bytes(headers={"Subject": "x"}), "bad_schema"),
        (mail_bytes(text="PLACE").replace(b"PLACE", b"h\xe9"), "bad_charset"),
        (mail_bytes().decode().encode("utf-16")[:-6], "bad_json"),
        (mail_bytes(x=None).replace(b"{", b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b",", 1), "bad_json"),
        (mail_bytes(from_=None), "no_sender"),
        (mail_bytes(from_=""), "no_sender"),
        (mail_bytes(from_=NUL), "no_sender"),
        (mail_bytes(from_="(" * 20_000), "no_sender"),
        (mail_bytes(from_="no address at all"), "no_sender"),
        (mail_bytes(to=""), "no_recipient"),
        (mail_bytes(to="undisclosed-recipients:;"), "no_recipient"),
    ],
)
async def test_unreadable_when_it_is_authentic_then_200_and_the_delivery_says_why(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: bytes, reason: str
) -> None:
    response = await deliver(client, shop.standard_path, shop.signed_bytes(body))

    [delivery] = await deliveries(shop)
    assert (response.status_code, response.json()) == (200, {"outcome": "failed", "reason": reason})
    assert (delivery["outcome"], delivery["reason"], bytes(delivery["body"])) == ("failed", reason, body)
    assert await messages(shop) == []


async def test_unreadable_when_it_is_sent_again_then_one_delivery(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    call = shop.signed_bytes(b"not a mail")

    receipts = [(await deliver(client, shop.standard_path, call)).json() for _ in range(2)]

    assert [receipt["outcome"] for receipt in receipts] == ["failed", "duplicate"]
    assert len(await deliveries(shop)) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (mail_bytes(text=f"a{NUL}b"), {"text": "ab"}),
        (mail_bytes(subject=f"{NUL}Where?{NUL}"), {"subject": "Where?"}),
        (mail_bytes(html=f"<p>{NUL}</p>"), {"html": "<p></p>"}),
        (mail_bytes(from_=f"A{NUL}da <ada{NUL}@customer.example>"), {"sender": "ada@customer.example", "sender_name": "Ada"}),
        (mail_bytes(from_="=?utf-8?q?A=00?= <ada@customer.example>"), {"sender": "ada@customer.example", "sender_name": "A"}),
        (mail_bytes(to=f"support@shop{NUL}.example"), {"recipient": "support@shop.example"}),
        (mail_bytes(message_id=f"<m{NUL}1@x>"), {"rfc_message_id": "m1@x"}),
        (mail_bytes(in_reply_to=f"<m{NUL}0@x>"), {"in_reply_to": "m0@x"}),
        (mail_bytes(references=[f"<a{NUL}@x>", "<b@x>"]), {"reference_ids": ["a@x", "b@x"]}),
        (mail_bytes(headers=[[f"X{NUL}", NUL]]), {"machine_class": None}),
        (escaped("text", b"thanks \\ud83d"), {"text": "thanks ?"}),
        (escaped("subject", b"\\udc00\\ud800"), {"subject": "??"}),
        (escaped("from", b"A\\ud800 <ada@customer.example>"), {"sender": "ada@customer.example"}),
        (escaped("message_id", b"<m\\ud8001@x>"), {"rfc_message_id": "m?1@x"}),
        (escaped("in_reply_to", b"<m\\ud8000@x>"), {"in_reply_to": "m?0@x"}),
        (mail_bytes(text="Gr\u00fc\u00dfe").decode().encode("utf-16"), {"text": "Gr\u00fc\u00dfe"}),
        (mail_bytes(text=""), {"text": "", "html": None}),
        (mail_bytes(text=None, subject=None), {"text": "", "subject": ""}),
        (mail_bytes(subject="=?no-such-charset?q?x?="), {"subject": "=?no-such-charset?q?x?="}),
        (mail_bytes(subject="s" * 5_000), {"subject": "s" * 5_000}),
        (mail_bytes(subject="=?a?q?x" * 3_000), {"subject": "=?a?q?x" * 3_000}),
        (mail_bytes(headers=[[f"X-{number}", "v" * 100] for number in range(10_000)]), {"machine_class": None}),
        (mail_bytes(references=[f"<{number}@x>" for number in range(2_000)]), {"text": "Hello, where is my parcel? Ada"}),
        (mail_bytes(references="<" * 200_000), {"reference_ids": []}),
        (mail_bytes(unknown={"nested": [[[[[[[[[[[[]]]]]]]]]]]]}), {"sender": "ada@customer.example"}),
        (mail_bytes(from_=f"{'n' * 100_000} <ada@customer.example>", text="x"), None),
        (mail_bytes(from_=f"{'a' * 600}@customer.example"), None),
        (mail_bytes(to=f"{'a' * 300}@{'b' * 200}.example"), None),
        (mail_bytes(in_reply_to=f"<{'a' * 4_000}@x>"), {"in_reply_to": None}),
    ],
)
async def test_odd_when_it_is_authentic_then_200_and_the_text_is_as_right_as_can_be(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: bytes, expected: dict[str, Any] | None
) -> None:
    response = await deliver(client, shop.standard_path, shop.signed_bytes(body))

    [delivery] = await deliveries(shop)
    assert response.status_code == 200
    assert bytes(delivery["body"]) == body
    if expected is None:
        assert (delivery["outcome"], delivery["reason"] is None) in {("stored", True), ("failed", False)}
        return
    [message] = await messages(shop)
    assert {name: message[name] for name in expected} == expected
    assert [row["status"] in {"pending", "queued"} for row in await suggestions(shop)] == [True]


@pytest.mark.parametrize("message_id", [None, "", "  ", "<>", f"<{'a' * 4_000}@x>"])
async def test_message_id_when_it_is_missing_or_huge_then_a_retry_is_a_duplicate(
    client: httpx2.AsyncClient, shop: ShopAtWork, message_id: str | None
) -> None:
    body = mail_bytes(message_id=message_id, headers=[["Date", "Mon, 23 Nov 2026 10:00:00 +0000"]])

    outcomes = [(await deliver(client, shop.standard_path, shop.signed_bytes(body))).json()["outcome"] for _ in range(2)]

    assert outcomes == ["stored", "duplicate"]
    assert [row["outcome"] for row in await deliveries(shop)] == outcomes
    assert len(await messages(shop)) == 1
