"""Shopify's signature and ids: what verifies, what does not, and by what a call is known again."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from service.errors import AuthenticationFailed
from service.providers.shopify import authenticate, read
from tests.providers.calls import webhook
from tests.providers.shopify_calls import BODIES, SECRET, signed_shopify


def test_authenticate_when_signed_then_the_webhook_id_is_the_dedupe_key() -> None:
    call = webhook(signed_shopify("orders/create", BODIES["order"], webhook_id="w1", event_id="e1"))

    authentic = authenticate(call, (SECRET,))
    assert (authentic.dedupe_key, authentic.event_key, authentic.is_replayable) == ("w1", "shopify orders/create e1", False)
    assert authentic.payload() == read(call)


@pytest.mark.parametrize("secrets", [(SECRET,), ("another-secret", SECRET), (SECRET, "another-secret")])
def test_authenticate_when_any_secret_of_a_rotation_signed_then_verifies(secrets: tuple[str, ...]) -> None:
    call = webhook(signed_shopify("orders/create", BODIES["order"], webhook_id="w1"))

    assert authenticate(call, secrets).dedupe_key == "w1"


HEX = hmac.new(SECRET.encode(), BODIES["order"], hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "signature", [None, "", "AAAA", "not base64", HEX, base64.b64encode(bytes(32)).decode(), "\u00e9", "A" * 9_999]
)
def test_authenticate_when_the_signature_is_missing_or_wrong_then_fails(signature: str | None) -> None:
    call = webhook(signed_shopify("orders/create", BODIES["order"], hmac_sha256=signature))

    with pytest.raises(AuthenticationFailed):
        authenticate(call, (SECRET,))


@pytest.mark.parametrize("secrets", [(), ("another-secret",), (SECRET.upper(),)])
def test_authenticate_when_no_secret_signed_then_fails(secrets: tuple[str, ...]) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(signed_shopify("orders/create", BODIES["order"])), secrets)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"\x00", "Größe".encode("latin-1")])
def test_authenticate_when_the_body_is_any_bytes_then_each_of_them_is_signed(body: bytes) -> None:
    call = signed_shopify("orders/create", body, webhook_id="w1")

    assert authenticate(webhook(call), (SECRET,)).dedupe_key == "w1"
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(type(call)(call.headers, body + b"\n")), (SECRET,))


@pytest.mark.parametrize("webhook_id", [None, "", "x" * 201])
def test_authenticate_when_there_is_no_usable_id_then_topic_and_body_are_the_key(webhook_id: str | None) -> None:
    keys = [
        authenticate(webhook(signed_shopify(topic, body, webhook_id=webhook_id)), (SECRET,)).dedupe_key
        for topic, body in (("orders/paid", b"{}"), ("orders/paid", b"{}"), ("orders/updated", b"{}"), ("orders/paid", b"[]"))
    ]

    assert keys[0] == keys[1]
    assert len({*keys}) == 3
    assert all(len(key) == 64 for key in keys)


@pytest.mark.parametrize("event_id", [None, "", "x" * 201])
def test_authenticate_when_there_is_no_usable_event_id_then_no_event_key(event_id: str | None) -> None:
    call = webhook(signed_shopify("orders/paid", b"{}", event_id=event_id))

    assert authenticate(call, (SECRET,)).event_key is None
