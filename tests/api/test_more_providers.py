"""Postmark, raw mail, and Mailgun's raw form: the same mails as the other providers, in their own dress."""

from __future__ import annotations

import base64
import secrets
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from service.commands.mail_file import SignedCall, signed_call
from service.providers.wire.fields import normalised_id
from service.shops.sources import create_source
from service.shops.types import Provider, Source
from tests.api.receiving import assert_problem, deliver, deliveries, messages, stored_count, suggestions
from tests.factories import ShopAtWork, mailgun_fields, urlencoded
from tests.providers.calls import Part, multipart, signed_standard

MAILS = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent.parent / "mails").glob("*.eml"))}
RAW = b"\r\n".join(
    [
        b"From: Ada <ada@customer.example>",
        b"To: support@shop.example",
        b"Message-ID: <1@customer.example>",
        b"Subject: Parcel",
        b"",
        b"Where?",
        b"",
    ]
)


def latin(raw: bytes) -> bytes:
    """Return the mail with a text of ISO 8859-1, no UTF-8."""
    named = raw.replace(b"Subject", b"Content-Type: text/plain; charset=iso-8859-1\r\nSubject")
    return named.replace(b"Where?", "Größe?".encode("latin-1"))


async def source_of(shop: ShopAtWork, provider: Provider) -> tuple[str, Source]:
    """Make a source; return its path and it."""
    source = await create_source(shop.id, provider=provider, name="support")
    return f"/webhooks/{provider}/{source.id}", source


def signed_raw(raw: bytes, source: Source, *, age_s: int = 0, recipient: str = "") -> SignedCall:
    """A raw mail, signed by the specification itself."""
    signed = signed_standard(raw, source.secrets[0], age_s=age_s)
    return SignedCall({**signed.headers, "content-type": "message/rfc822", "x-envelope-to": recipient}, raw)


def postmark(secret: str, **fields: Any) -> SignedCall:
    """A call of Postmark's, with the secret as basic authentication."""
    mail = {
        "From": "Ada Customer <ada@customer.example>",
        "To": "support@shop.example",
        "OriginalRecipient": "support@shop.example",
        "Subject": "Parcel",
        "TextBody": "Where?",
        "MessageID": secrets.token_hex(16),
        "Headers": [{"Name": "Message-ID", "Value": "<1@customer.example>"}],
        "Attachments": [{"Name": "a.txt", "Content": "YQ==", "ContentType": "text/plain", "ContentLength": 1}],
        **fields,
    }
    credentials = base64.b64encode(f"draftdesk:{secret}".encode()).decode()
    return SignedCall({"content-type": "application/json", "authorization": f"Basic {credentials}"}, msgspec.json.encode(mail))


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("provider", ["mime", "postmark"])
async def test_provider_when_it_brings_a_mail_then_it_is_stored_as_it_was_written(
    client: httpx2.AsyncClient, shop: ShopAtWork, provider: Provider, name: str
) -> None:
    webhook, source = await source_of(shop, provider)
    written = BytesParser(policy=default).parsebytes(MAILS[name])
    plain = written.get_body(preferencelist=("plain",))
    assert plain is not None

    response = await deliver(client, webhook, signed_call(MAILS[name], provider=provider, secret=source.secrets[0]))

    (message,) = await messages(shop)
    assert (response.status_code, response.json()["outcome"]) == (200, "stored")
    assert message["subject"] == str(written["subject"])
    assert message["rfc_message_id"] == normalised_id(str(written["message-id"]))
    assert message["recipient"] == "support@northwind-outdoor.example"
    assert message["sender"] in str(written["from"]).lower()
    assert message["text"].split() == plain.get_content().split()
    assert [row["status"] for row in await suggestions(shop)] in (["pending"], ["queued"], ["skipped"])


async def test_mime_when_the_pipe_names_the_recipient_then_that_counts(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    webhook, source = await source_of(shop, "mime")

    await deliver(client, webhook, signed_raw(RAW, source, recipient="returns@shop.example"))

    assert [row["recipient"] for row in await messages(shop)] == ["returns@shop.example"]


async def test_mime_when_a_mail_is_no_utf8_then_its_signature_verifies(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    webhook, source = await source_of(shop, "mime")
    raw = latin(RAW)

    await deliver(client, webhook, signed_raw(raw, source))

    assert [row["text"].strip() for row in await messages(shop)] == ["Größe?"]


@pytest.mark.parametrize(
    ("raw", "reason"), [(b"", "empty"), (b"Subject: x\r\n\r\ny", "no_sender"), (b"From: a@b.example\r\n\r\ny", "no_recipient")]
)
async def test_mime_when_it_cannot_be_read_then_the_delivery_says_why(
    client: httpx2.AsyncClient, shop: ShopAtWork, raw: bytes, reason: str
) -> None:
    webhook, source = await source_of(shop, "mime")

    response = await deliver(client, webhook, signed_raw(raw, source))

    assert (response.status_code, response.json()) == (200, {"outcome": "failed", "reason": reason})
    assert [(row["outcome"], row["body"]) for row in await deliveries(shop)] == [("failed", raw)]


async def test_mime_when_the_signature_is_stale_or_wrong_then_401_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    webhook, source = await source_of(shop, "mime")
    call = signed_raw(RAW, source)

    assert_problem(await deliver(client, webhook, signed_raw(RAW, source, age_s=360)), 401)
    assert_problem(await deliver(client, webhook, SignedCall(call.headers, call.body + b"x")), 401)
    assert_problem(await deliver(client, webhook, SignedCall({}, RAW)), 401)
    assert await stored_count(shop) == 0


async def test_postmark_when_the_secret_stands_in_the_query_then_stored_and_not_kept(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    webhook, source = await source_of(shop, "postmark")
    call = postmark("")

    response = await deliver(
        client, f"{webhook}?secret={source.secrets[0]}", SignedCall({"content-type": "application/json"}, call.body)
    )

    (row,) = await deliveries(shop)
    assert response.json()["outcome"] == "stored"
    assert source.secrets[0] not in row["headers"]


async def test_postmark_when_the_secret_is_basic_authentication_then_it_is_not_kept(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    webhook, source = await source_of(shop, "postmark")

    await deliver(client, webhook, postmark(source.secrets[0]))

    (row,) = await deliveries(shop)
    assert "authorization" not in row["headers"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Basic"},
        {"authorization": "Basic %%%"},
        {"authorization": "Basic " + base64.b64encode(b"draftdesk:wrong").decode()},
        {"authorization": "Basic " + base64.b64encode(b"draftdesk:").decode()},
        {"authorization": "Bearer x"},
    ],
)
async def test_postmark_when_the_secret_is_wrong_or_missing_then_401_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, headers: dict[str, str]
) -> None:
    webhook, _ = await source_of(shop, "postmark")

    for query in ("", "?secret=", "?secret=wrong", "?" + "a=b&" * 3_000):
        assert_problem(await deliver(client, webhook + query, SignedCall(headers, postmark("").body)), 401)
    assert await stored_count(shop) == 0


async def test_postmark_when_its_own_id_comes_twice_then_duplicate(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    webhook, source = await source_of(shop, "postmark")
    call = postmark(source.secrets[0])

    outcomes = [(await deliver(client, webhook, call)).json()["outcome"] for _ in range(2)]

    assert outcomes == ["stored", "duplicate"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"{", "bad_json"), (b"[]", "bad_schema"), (b'{"From": ""}', "no_sender"), (b'{"X":' + b"[" * 50_000, "bad_json")],
)
async def test_postmark_when_the_body_cannot_be_read_then_the_delivery_says_why(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: bytes, reason: str
) -> None:
    webhook, source = await source_of(shop, "postmark")

    response = await deliver(client, webhook, SignedCall(postmark(source.secrets[0]).headers, body))

    assert (response.status_code, response.json()) == (200, {"outcome": "failed", "reason": reason})


@pytest.mark.parametrize("dress", ["urlencoded", "multipart"])
async def test_mailgun_when_it_forwards_the_raw_mail_then_its_own_charset_counts(
    client: httpx2.AsyncClient, shop: ShopAtWork, dress: str
) -> None:
    raw = latin(RAW)
    fields = {name: value for name, value in mailgun_fields().items() if name in {"recipient", "timestamp", "token", "signature"}}
    if dress == "urlencoded":
        call = urlencoded(fields)
        call = SignedCall(call.headers, call.body + b"&body-mime=" + b"".join(b"%%%02X" % each for each in raw))
    else:
        call = multipart(fields, Part("body-mime", raw))

    response = await deliver(client, shop.mailgun_path, call)

    assert response.json()["outcome"] == "stored"
    assert [row["text"].strip() for row in await messages(shop)] == ["Größe?"]
