"""Whatever the bytes: before the signature only AuthenticationFailed comes out, behind it only Unreadable or what can be stored.

The first tests are for every provider of the registry, so that a new one is tested from its first day.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.commands.mail_file import SignedCall
from service.errors import AuthenticationFailed, Unreadable
from service.mime.charsets import clean
from service.providers import mailgun, standard
from service.providers.registry import FORMATS
from service.providers.types import AuthenticCall, InboundMail, Payload, WebhookCall
from service.providers.wire.fields import address, build_mail, decoded
from service.providers.wire.forms import read_form
from tests.factories import MAILGUN_KEY, mailgun_fields, urlencoded
from tests.providers import strategies
from tests.providers.calls import Part, mail_of, multipart, new_secret, signed_standard, webhook
from tests.providers.shopify_calls import signed_shopify
from tests.providers.strategies import header_text, odd_text
from tests.texts import assert_storable

SECRET = new_secret()
BOUNDED = settings(max_examples=100, deadline=None)
EVERY_PROVIDER = pytest.mark.parametrize("provider", list(FORMATS))
TOPICS = ["orders/updated", "refunds/create", "customers/update", "orders/edited", ""]


def signed_postmark(body: bytes) -> SignedCall:
    return SignedCall({"authorization": f"Basic {base64.b64encode(f'x:{SECRET}'.encode()).decode()}"}, body)


def signed_mailgun(body: bytes) -> SignedCall:
    fields = mailgun_fields(key=SECRET)
    signed = {name: fields[name] for name in ("timestamp", "token", "signature", "from", "recipient")}
    return multipart(signed, Part("body-plain", body), Part("message-headers", body), Part("attachment-1", body, filename="a"))


SIGNERS: dict[str, Callable[[bytes], SignedCall]] = {
    "standard": lambda body: signed_standard(body, SECRET),
    "mime": lambda body: signed_standard(body, SECRET),
    "postmark": signed_postmark,
    "mailgun": signed_mailgun,
    "shopify": lambda body: signed_shopify(secrets.choice(TOPICS), body, secret=SECRET),
}
"""How each provider signs a body; a provider of the registry without one fails the tests."""


def assert_sound(payload: Payload) -> None:
    """Fail when PostgreSQL would refuse a text, or an index its keys."""
    assert_storable(payload)
    if isinstance(payload, InboundMail):
        assert payload.sender == payload.sender.lower()
        assert len(payload.rfc_message_id.encode()) <= 998
        assert len(payload.recipient.encode()) <= 320
        names = [*(each.filename for each in payload.attachments), *(each.filename for each in payload.left_out)]
        assert all(len(name) <= 255 and "/" not in name for name in names)
        assert len(payload.fingerprint()) == len(payload.content_sha256()) == 32


def assert_readable_or_not(read: Callable[[], Payload]) -> None:
    with contextlib.suppress(Unreadable):
        assert_sound(read())


@EVERY_PROVIDER
@given(headers=strategies.headers, content_type=strategies.content_types, body=strategies.bodies, query=header_text)
@BOUNDED
def test_authenticate_when_nobody_signed_then_only_authentication_failed(
    provider: str, headers: dict[str, str], content_type: str, body: bytes, query: str
) -> None:
    named = {**headers, "content-type": content_type}
    call = WebhookCall(headers=named, body=body, received_at=datetime.now(UTC), query=query)

    with pytest.raises(AuthenticationFailed):
        FORMATS[provider].authenticate(call, (SECRET,))


@EVERY_PROVIDER
@given(form=strategies.form_calls, query=header_text)
@BOUNDED
def test_authenticate_when_a_form_is_not_signed_then_only_authentication_failed(
    provider: str, form: SignedCall, query: str
) -> None:
    call = WebhookCall(headers=form.headers, body=form.body, received_at=datetime.now(UTC), query=f"secret={query}")

    with pytest.raises(AuthenticationFailed):
        FORMATS[provider].authenticate(call, (SECRET,))


@EVERY_PROVIDER
@given(body=strategies.bodies)
@BOUNDED
def test_authenticate_when_another_secret_signed_then_only_authentication_failed(provider: str, body: bytes) -> None:
    with pytest.raises(AuthenticationFailed):
        FORMATS[provider].authenticate(webhook(SIGNERS[provider](body)), (new_secret(), "another"))


@EVERY_PROVIDER
@given(body=strategies.bodies)
@BOUNDED
def test_payload_when_a_signed_body_is_any_then_storable_or_unreadable(provider: str, body: bytes) -> None:
    authentic: AuthenticCall = FORMATS[provider].authenticate(webhook(SIGNERS[provider](body)), (new_secret(), SECRET))

    assert authentic.dedupe_key
    assert_storable([authentic.dedupe_key, authentic.event_key])
    assert_readable_or_not(authentic.payload)


@EVERY_PROVIDER
@given(headers=strategies.headers, content_type=strategies.content_types, body=strategies.bodies)
@BOUNDED
def test_read_when_a_kept_call_is_any_then_storable_or_unreadable(
    provider: str, headers: dict[str, str], content_type: str, body: bytes
) -> None:
    call = WebhookCall(headers={**headers, "content-type": content_type}, body=body, received_at=datetime.now(UTC))

    assert_readable_or_not(lambda: FORMATS[provider].read(call))


@EVERY_PROVIDER
@given(form=strategies.form_calls)
@BOUNDED
def test_read_when_a_kept_form_is_any_then_storable_or_unreadable(provider: str, form: SignedCall) -> None:
    assert_readable_or_not(lambda: FORMATS[provider].read(webhook(form)))


@given(call_id=header_text, sent_at=header_text, signature=header_text, body=st.sampled_from([b"{}", b"\xff"]))
@BOUNDED
def test_standard_when_its_headers_are_any_text_then_only_authentication_failed(
    call_id: str, sent_at: str, signature: str, body: bytes
) -> None:
    headers = {"webhook-id": call_id, "webhook-timestamp": sent_at or str(int(time.time())), "webhook-signature": f"v1,{signature}"}

    with pytest.raises(AuthenticationFailed):
        standard.authenticate(WebhookCall(headers=headers, body=body, received_at=datetime.now(UTC)), (SECRET,))


@given(token=st.binary(max_size=50), signature=st.binary(max_size=80), charset=strategies.charsets)
@BOUNDED
def test_mailgun_when_a_part_has_any_charset_and_bytes_then_only_authentication_failed(
    token: bytes, signature: bytes, charset: str
) -> None:
    kind = f"text/plain; charset={charset}"
    parts = (Part("token", token, content_type=kind), Part("signature", signature, content_type=kind))
    call = multipart({"timestamp": str(int(time.time()))}, *parts)

    with pytest.raises(AuthenticationFailed):
        mailgun.authenticate(webhook(call), (MAILGUN_KEY,))


@given(fields=strategies.form_fields)
@BOUNDED
def test_mailgun_when_signed_fields_are_any_then_storable_or_unreadable(fields: dict[str, str]) -> None:
    for call in (urlencoded({**mailgun_fields(), **fields}), multipart({**mailgun_fields(), **fields})):
        authentic = mailgun.authenticate(webhook(call), (MAILGUN_KEY,))

        assert_readable_or_not(lambda authentic=authentic: mail_of(authentic))  # type: ignore[misc]


@given(token=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=200))
@BOUNDED
def test_mailgun_when_a_signed_token_is_any_text_then_it_verifies(token: str) -> None:
    sent_at = str(int(time.time()))
    signature = hmac.new(MAILGUN_KEY.encode(), f"{sent_at}{token}".encode(), hashlib.sha256).hexdigest()
    call = urlencoded({"timestamp": sent_at, "token": token, "signature": signature})

    assert mailgun.authenticate(webhook(call), (MAILGUN_KEY,)).dedupe_key == token


@given(texts=st.lists(odd_text, min_size=8, max_size=8), headers=st.lists(st.tuples(odd_text, odd_text), max_size=5))
@BOUNDED
def test_build_mail_when_every_text_is_any_then_storable_or_unreadable(texts: list[str], headers: list[tuple[str, str]]) -> None:
    message_id, sender, recipient, subject, text, html, in_reply_to, references = texts

    def built(own_sender: str, own_recipient: str) -> InboundMail:
        return build_mail(
            message_id=message_id,
            sender=own_sender,
            recipient=own_recipient,
            subject=subject,
            text=text,
            html=html,
            in_reply_to=in_reply_to,
            references=references,
            headers=tuple(headers),
            envelope_sender=sender,
        )

    assert_readable_or_not(lambda: built(sender, "c@d.example"))
    assert_readable_or_not(lambda: built(f"{sender}<a@b.example>", recipient))
    assert_readable_or_not(lambda: built("a@b.example", "c@d.example"))


@given(value=odd_text)
@BOUNDED
def test_address_and_decoded_when_the_text_is_any_then_they_return(value: str) -> None:
    name, found = address(clean(value))

    f"{name} {found} {decoded(clean(value))}".encode()
    assert found == found.lower()


@given(content_type=strategies.content_types, body=st.binary(max_size=500))
@BOUNDED
def test_read_form_when_the_bytes_are_any_then_text_that_has_no_half_pairs(content_type: str, body: bytes) -> None:
    for text in read_form(content_type, body).fields.values():
        text.encode()
