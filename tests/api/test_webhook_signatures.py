"""Who may not send: a wrong, missing or stale signature is 401, an unknown source 404, and neither leaves a row."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import uuid4

import httpx2
import msgspec
import pytest

from service.commands.mail_file import SignedCall
from service.db.engine import fetch
from tests.api.receiving import assert_problem, deliver, deliveries, stored_count
from tests.factories import MAILGUN_KEY, ShopAtWork, mail_fields, mailgun_fields, urlencoded
from tests.providers.calls import multipart, new_secret, signed_standard

HOUR_S = 3600


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-id": ""},
        {"webhook-id": "another"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "not a number"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-timestamp": "9" * 8_000},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,a,b"},
        {"webhook-signature": "v1," + "A" * 8_000},
        {"webhook-signature": b"v1,\xff\xfe"},
    ],
)
@pytest.mark.parametrize("body", [b'{"to":"a@b.example","from":"c@d.example"}', b"\xff"])
async def test_standard_when_a_header_is_wrong_then_401_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, headers: dict[str, str | bytes], body: bytes
) -> None:
    call = shop.signed_bytes(body)
    whole: dict[str, str | bytes] = {**call.headers, **headers}

    response = await client.post(
        shop.standard_path, content=body, headers=[(name.encode(), as_bytes(value)) for name, value in whole.items()]
    )

    assert_problem(response, 401)
    assert await stored_count(shop) == 0


def as_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_standard_when_a_header_is_missing_then_401_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, missing: str
) -> None:
    call = shop.signed()

    headers = {name: value for name, value in call.headers.items() if name != missing}
    assert_problem(await client.post(shop.standard_path, content=call.body, headers=headers), 401)
    assert await stored_count(shop) == 0


@pytest.mark.parametrize("age_s", [360, -360])
async def test_standard_when_it_is_six_minutes_off_then_401_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, age_s: int
) -> None:
    call = signed_standard(msgspec.json.encode(mail_fields()), shop.standard.secrets[0], age_s=age_s)

    assert_problem(await deliver(client, shop.standard_path, call), 401)
    assert await stored_count(shop) == 0


async def test_standard_when_the_body_was_changed_then_401_and_nothing_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    call = shop.signed(text="Refund 10 EUR")

    changed = SignedCall(call.headers, call.body.replace(b"10", b"99"))
    assert_problem(await deliver(client, shop.standard_path, changed), 401)
    assert await stored_count(shop) == 0


@pytest.mark.parametrize(("age_s", "status"), [(11 * HOUR_S, 200), (13 * HOUR_S, 401), (-HOUR_S, 401)])
async def test_mailgun_when_it_is_late_then_twelve_hours_count(
    client: httpx2.AsyncClient, shop: ShopAtWork, age_s: int, status: int
) -> None:
    response = await deliver(client, shop.mailgun_path, urlencoded(mailgun_fields(timestamp=int(time.time()) - age_s)))

    assert response.status_code == status
    assert len(await deliveries(shop)) == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    "changes", [{"signature": ""}, {"signature": "0" * 64}, {"token": "x"}, {"timestamp": "x"}, {"token": "\x00"}]
)
@pytest.mark.parametrize("encoded", [urlencoded, multipart])
async def test_mailgun_when_a_signed_field_is_wrong_then_401_and_nothing_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, changes: dict[str, str], encoded: Callable[[dict[str, str]], SignedCall]
) -> None:
    call = encoded({**mailgun_fields(), **changes})

    assert_problem(await deliver(client, shop.mailgun_path, call), 401)
    assert await stored_count(shop) == 0


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary=\xff", "x"])
async def test_mailgun_when_the_body_is_no_form_then_401(client: httpx2.AsyncClient, shop: ShopAtWork, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode("latin-1"))]

    assert_problem(await client.post(shop.mailgun_path, content=b"\xff\x00", headers=headers), 401)
    assert await stored_count(shop) == 0


async def test_rotation_when_the_previous_secret_signed_then_it_is_stored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    standard_call, mailgun_call = shop.signed(), urlencoded(mailgun_fields(key=MAILGUN_KEY))
    for source, secret in ((shop.standard, new_secret()), (shop.mailgun, "key-new")):
        await fetch("UPDATE source SET previous_secret = secret, secret = $2 WHERE id = $1", source.id, secret)

    for path, call in ((shop.standard_path, standard_call), (shop.mailgun_path, mailgun_call)):
        assert (await deliver(client, path, call)).json()["outcome"] == "stored"


@pytest.mark.parametrize(
    "path",
    [
        f"/webhooks/standard/{uuid4()}",
        f"/webhooks/mailgun/{uuid4()}",
        f"/webhooks/no-such-provider/{uuid4()}",
        "/webhooks/standard/not-a-uuid",
        "/webhooks/standard/%00",
        "/webhooks/standard/",
        "/webhooks/standard",
        "/webhooks",
    ],
)
async def test_webhook_when_there_is_no_such_source_then_404(client: httpx2.AsyncClient, shop: ShopAtWork, path: str) -> None:
    assert_problem(await deliver(client, path, shop.signed()), 404)


async def test_webhook_when_the_source_is_another_providers_then_404(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    for provider, source in (("mailgun", shop.standard), ("standard", shop.mailgun), ("shopify", shop.standard)):
        assert_problem(await deliver(client, f"/webhooks/{provider}/{source.id}", shop.signed()), 404)
    assert await stored_count(shop) == 0


async def test_webhook_when_the_source_is_disabled_then_404(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await fetch("UPDATE source SET disabled_at = now() WHERE shop = $1", shop.id)

    assert_problem(await deliver(client, shop.standard_path, shop.signed()), 404)
    assert_problem(await deliver(client, shop.mailgun_path, urlencoded(mailgun_fields())), 404)
    assert await stored_count(shop) == 0


async def test_webhook_when_another_shops_secret_signed_then_401(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    assert_problem(await deliver(client, shop.standard_path, other_shop.signed()), 401)
    assert await stored_count(shop) == 0


async def test_webhook_when_the_method_is_wrong_then_405(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    response = await client.get(shop.standard_path)

    assert_problem(response, 405)
    assert "POST" in response.headers["allow"]
