"""Standard Webhooks signatures, held against the specification's own library."""

from __future__ import annotations

import base64
import secrets
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from service.errors import AuthenticationFailed
from service.providers.types import WebhookCall
from service.providers.wire.signatures import sign_standard_webhook, verify_standard_webhook

SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
OTHER = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def call(body: bytes, headers: dict[str, str]) -> WebhookCall:
    return WebhookCall(headers=headers, body=body, received_at=datetime.now(UTC))


def library_headers(body: str, *, secret: str = SECRET, call_id: str = "msg_1") -> dict[str, str]:
    at = datetime.now(UTC)
    signature = Webhook(secret).sign(call_id, at, body)
    return {"webhook-id": call_id, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


@given(body=st.text(max_size=200), call_id=st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=40))
def test_verify_when_the_library_signed_then_its_id(body: str, call_id: str) -> None:
    headers = library_headers(body, call_id=call_id)

    assert verify_standard_webhook(call(body.encode(), headers), (OTHER, SECRET)) == call_id


@given(body=st.text(max_size=200))
def test_sign_when_the_library_verifies_then_it_is_content(body: str) -> None:
    headers = sign_standard_webhook(body.encode(), SECRET, call_id="msg_1")

    assert Webhook(SECRET).verify(body, headers, json_parse=False) is None


@given(body=st.binary(max_size=200))
def test_verify_when_the_body_is_any_bytes_then_its_own_signature_counts_and_no_other(body: bytes) -> None:
    headers = sign_standard_webhook(body, SECRET, call_id="msg_1")

    assert verify_standard_webhook(call(body, headers), (SECRET,)) == "msg_1"
    with pytest.raises(AuthenticationFailed):
        verify_standard_webhook(call(body + b"x", headers), (SECRET,))


@pytest.mark.parametrize("position", range(3))
def test_verify_when_one_of_several_signatures_matches_then_its_id(position: int) -> None:
    ours = sign_standard_webhook(b"x", SECRET, call_id="msg_1")
    signatures = ["v1a,bm90IG91cnM=", "v1,no base64!"]
    signatures.insert(position, ours["webhook-signature"])

    assert verify_standard_webhook(call(b"x", {**ours, "webhook-signature": " ".join(signatures)}), (SECRET,)) == "msg_1"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": ""},
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": str(int(time.time()) + 100)},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "١٢٣"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1," + base64.b64encode(bytes(32)).decode()},
        {"webhook-signature": "v1,x " * 30},
    ],
)
def test_verify_when_a_header_is_not_what_was_signed_then_refused(change: dict[str, str]) -> None:
    headers = {**sign_standard_webhook(b"x", SECRET, call_id="msg_1"), **change}
    with pytest.raises(AuthenticationFailed):
        verify_standard_webhook(call(b"x", headers), (SECRET,))
