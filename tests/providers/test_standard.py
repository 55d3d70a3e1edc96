"""The Standard Webhooks scheme: what verifies, what does not, and what a body becomes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import msgspec
import pytest

from service.commands.mail_file import SignedCall
from service.errors import AuthenticationFailed, Unreadable
from service.providers.standard import authenticate, to_mail
from tests.factories import mail_fields
from tests.providers.calls import mail_of, new_secret, signed_standard, webhook

SECRET = new_secret()
BODY = msgspec.json.encode(mail_fields(message_id="<m1@customer.example>"))


def signature_of(call: SignedCall) -> str:
    return call.headers["webhook-signature"]


def with_headers(call: SignedCall, **headers: str | None) -> SignedCall:
    """Return the call with headers replaced, or left away where the value is None."""
    changed = {**call.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return SignedCall({name: value for name, value in changed.items() if value is not None}, call.body)


@pytest.mark.parametrize("age_s", [0, 240, -240])
def test_authenticate_when_signed_within_five_minutes_then_the_id_is_the_dedupe_key(age_s: int) -> None:
    authentic = authenticate(webhook(signed_standard(BODY, SECRET, age_s=age_s, call_id="msg_1")), (SECRET,))

    assert (authentic.dedupe_key, authentic.is_replayable) == ("msg_1", False)
    assert mail_of(authentic).rfc_message_id == "m1@customer.example"


@pytest.mark.parametrize("age_s", [360, -360])
def test_authenticate_when_signed_six_minutes_off_then_fails(age_s: int) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(signed_standard(BODY, SECRET, age_s=age_s)), (SECRET,))


@pytest.mark.parametrize("body", [BODY, b"\xff\xfe not UTF-8", b"", b"\x00"])
def test_authenticate_when_the_body_is_any_bytes_then_the_signature_still_counts(body: bytes) -> None:
    call = signed_standard(body, SECRET)

    assert authenticate(webhook(call), (SECRET,)).dedupe_key == call.headers["webhook-id"]
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(SignedCall(call.headers, body + b" ")), (SECRET,))


@pytest.mark.parametrize("body", [BODY, b"\xff"])
def test_authenticate_when_the_body_is_not_utf_8_and_stale_then_fails(body: bytes) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(signed_standard(body, SECRET, age_s=360)), (SECRET,))


@pytest.mark.parametrize("secrets", [(SECRET,), (new_secret(), SECRET), (SECRET, new_secret()), (SECRET.removeprefix("whsec_"),)])
def test_authenticate_when_any_secret_of_a_rotation_signed_then_verifies(secrets: tuple[str, ...]) -> None:
    call = signed_standard(BODY, SECRET, call_id="msg_2")

    assert authenticate(webhook(call), secrets).dedupe_key == "msg_2"


@pytest.mark.parametrize("body", [BODY, b"\xff"])
@pytest.mark.parametrize("pattern", ["{wrong} {good}", "{good} {wrong}", "v1a,AAAA {good}", "{wrong} v9,x {good}"])
def test_authenticate_when_one_of_several_signatures_matches_then_verifies(pattern: str, body: bytes) -> None:
    call = signed_standard(body, SECRET)
    wrong = f"v1,{base64.b64encode(bytes(32)).decode()}"
    several = with_headers(call, webhook_signature=pattern.format(wrong=wrong, good=signature_of(call)))

    assert authenticate(webhook(several), (SECRET,)).dedupe_key == call.headers["webhook-id"]


@pytest.mark.parametrize("body", [BODY, b"\xff"])
@pytest.mark.parametrize(
    "headers",
    [
        {"webhook_id": None},
        {"webhook_timestamp": None},
        {"webhook_signature": None},
        {"webhook_id": ""},
        {"webhook_id": "another"},
        {"webhook_timestamp": ""},
        {"webhook_timestamp": "soon"},
        {"webhook_timestamp": "nan"},
        {"webhook_timestamp": "inf"},
        {"webhook_timestamp": "9" * 5_000},
        {"webhook_timestamp": "-1"},
        {"webhook_timestamp": "\u00b2"},
        {"webhook_signature": ""},
        {"webhook_signature": "v1"},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v1,not base64"},
        {"webhook_signature": "v1,***"},
        {"webhook_signature": "v1,\u00e9"},
        {"webhook_signature": ","},
        {"webhook_signature": "v1,a,b"},
        {"webhook_signature": "v2,AAAA"},
        {"webhook_signature": "v1," + "A" * 100_000},
        {"webhook_signature": "v1,AAAA " * 10_000},
    ],
)
def test_authenticate_when_a_header_is_missing_or_malformed_then_fails(headers: dict[str, str | None], body: bytes) -> None:
    call = with_headers(signed_standard(body, SECRET), **headers)

    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(call), (SECRET,))


@pytest.mark.parametrize("body", [BODY, b"\xff"])
def test_authenticate_when_the_key_is_another_or_there_is_none_then_fails(body: bytes) -> None:
    for secrets in ((new_secret(),), ()):
        with pytest.raises(AuthenticationFailed):
            authenticate(webhook(signed_standard(body, SECRET)), secrets)


def test_authenticate_when_only_the_timestamp_is_changed_then_fails() -> None:
    call = signed_standard(BODY, SECRET)

    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(with_headers(call, webhook_timestamp=str(int(time.time()) - 60))), (SECRET,))


def test_authenticate_when_the_signature_is_hexadecimal_then_fails() -> None:
    call = signed_standard(BODY, SECRET)
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + BODY
    digest = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).hexdigest()

    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(with_headers(call, webhook_signature=f"v1,{digest}")), (SECRET,))


def test_to_mail_when_every_field_is_there_then_maps_each() -> None:
    body = msgspec.json.encode(
        mail_fields(
            message_id="<m1@customer.example>",
            from_="Ada <ADA@Customer.Example>",
            to="Support <Support@Shop.example>",
            html="<p>Hello</p>",
            in_reply_to="<m0@shop.example>",
            references=["<a@shop.example>", "m0@shop.example"],
            headers=[["Auto-Submitted", "no"]],
        )
    )

    mail = to_mail(body)
    assert (mail.rfc_message_id, mail.in_reply_to) == ("m1@customer.example", "m0@shop.example")
    assert mail.references == ("a@shop.example", "m0@shop.example")
    assert (mail.sender, mail.sender_name, mail.recipient) == ("ada@customer.example", "Ada", "support@shop.example")
    assert (mail.html, mail.headers) == ("<p>Hello</p>", (("Auto-Submitted", "no"),))


@pytest.mark.parametrize(
    "fields",
    [
        {"references": "<a@x.example> <b@x.example>"},
        {"references": "a@x.example b@x.example"},
        {"references": ["<a@x.example>", "<b@x.example>"]},
        {"references": "<a@x.example>,\r\n <b@x.example>"},
    ],
)
def test_to_mail_when_references_come_in_any_form_then_they_are_the_same(fields: dict[str, Any]) -> None:
    assert to_mail(msgspec.json.encode(mail_fields(**fields))).references == ("a@x.example", "b@x.example")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad_json"),
        (b"   ", "bad_json"),
        (b"{", "bad_json"),
        (b"\x00", "bad_json"),
        (b"not JSON", "bad_json"),
        (b'{"to":"a@b.example"} trailing', "bad_json"),
        (b'{"to":' + b"[" * 100_000, "bad_schema"),
        (b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b',"to":"a@b.example"}', "bad_json"),
        (b'{"to":"a@b.example","text":"\xff"}', "bad_charset"),
        (b'{"to":"a@b.example","text":"h\xe9llo"}', "bad_charset"),
        (b"{}", "bad_schema"),
        (b"[]", "bad_schema"),
        (b"null", "bad_schema"),
        (b'"text"', "bad_schema"),
        (b'{"to":7,"from":"a@b.example"}', "bad_schema"),
        (b'{"to":"a@b.example","from":"c@d.example","headers":{"a":"b"}}', "bad_schema"),
        (b'{"to":"a@b.example"}', "no_sender"),
        (b'{"to":"a@b.example","from":"nobody"}', "no_sender"),
        (b'{"to":"","from":"a@b.example"}', "no_recipient"),
        (b'{"to":"undisclosed-recipients:;","from":"a@b.example"}', "no_recipient"),
    ],
)
def test_to_mail_when_it_is_no_mail_then_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as raised:
        to_mail(body)

    assert raised.value.reason == reason


def test_to_mail_when_half_an_emoji_is_in_the_text_then_the_rest_is_kept() -> None:
    mail = to_mail(b'{"to":"a@b.example","from":"c@d.example","text":"thank you \\ud83d","subject":"\\udc00x"}')

    assert (mail.text, mail.subject) == ("thank you ?", "?x")
