"""Whatever the bytes: before the signature only AuthenticationFailed comes out, behind it only Unreadable or a storable mail."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import time
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import AuthenticationFailed, Unreadable
from service.providers import mailgun, standard
from service.providers.fields import address, build_mail, clean, decoded
from service.providers.forms import read_form
from service.providers.registry import FORMATS
from service.providers.types import InboundMail, WebhookCall
from tests.factories import MAILGUN_KEY, mailgun_fields, urlencoded
from tests.providers.calls import BOUNDARY, Part, multipart, new_secret, signed_standard, webhook

SECRET = new_secret()
BOUNDED = settings(max_examples=100, deadline=None)

any_text = st.text(st.characters(exclude_categories=()), max_size=200)
header_text = st.text(st.characters(max_codepoint=255), max_size=100)
tricky = st.lists(
    st.sampled_from(
        [
            "=?",
            "?=",
            "?q?",
            "?b?",
            "utf-8",
            "utf-7",
            "idna",
            "\x00",
            "\ud800",
            "<",
            ">",
            "@",
            "a",
            ".",
            " ",
            "\r\n",
            "(",
            '"',
            ",",
            "\\",
            "[",
            ":",
            ";",
        ]
    ),
    max_size=60,
).map("".join)
odd_text = st.one_of(any_text, tricky)
names = st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "x"])
content_types = st.one_of(
    header_text, st.sampled_from(["application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"])
)
charsets = st.sampled_from(
    ["utf-8", "utf-7", "utf-16", "idna", "punycode", "unicode_escape", "hex", "cp1252", "x\x00", "utf-32-be", ""]
)
json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**63), 2**63), any_text.map(lambda text: text.encode("utf-8", "replace").decode())
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=3)),
    max_leaves=10,
)
mail_keys = st.sampled_from(["to", "from", "message_id", "subject", "text", "html", "in_reply_to", "references", "headers"])


def assert_storable(mail: InboundMail) -> None:
    """Fail when PostgreSQL would refuse a text of it, or an index its keys."""
    texts = [mail.rfc_message_id, mail.sender, mail.sender_name, mail.recipient, mail.subject, mail.text, mail.html or ""]
    for text in (*texts, mail.in_reply_to or "", *mail.references):
        assert "\x00" not in text
        text.encode()
    assert mail.sender == mail.sender.lower()
    assert len(mail.rfc_message_id.encode()) <= 998
    assert len(mail.recipient.encode()) <= 320
    mail.fingerprint()


@pytest.mark.parametrize("provider", list(FORMATS))
@given(headers=st.dictionaries(names, header_text), content_type=content_types, body=st.binary(max_size=500))
@BOUNDED
def test_authenticate_when_headers_and_body_are_any_then_only_authentication_failed(
    provider: str, headers: dict[str, str], content_type: str, body: bytes
) -> None:
    call = WebhookCall(headers={**headers, "content-type": content_type}, body=body, received_at=datetime.now(UTC))

    with pytest.raises(AuthenticationFailed):
        FORMATS[provider].authenticate(call, (SECRET,))


@given(call_id=header_text, sent_at=header_text, signature=header_text, body=st.sampled_from([b"{}", b"\xff"]))
@BOUNDED
def test_standard_when_its_headers_are_any_text_then_only_authentication_failed(
    call_id: str, sent_at: str, signature: str, body: bytes
) -> None:
    headers = {"webhook-id": call_id, "webhook-timestamp": sent_at or str(int(time.time())), "webhook-signature": f"v1,{signature}"}

    with pytest.raises(AuthenticationFailed):
        standard.authenticate(WebhookCall(headers=headers, body=body, received_at=datetime.now(UTC)), (SECRET,))


@given(token=st.binary(max_size=50), signature=st.binary(max_size=80), charset=charsets)
@BOUNDED
def test_mailgun_when_a_part_has_any_charset_and_bytes_then_only_authentication_failed(
    token: bytes, signature: bytes, charset: str
) -> None:
    kind = f"text/plain; charset={charset}"
    parts = (Part("token", token, content_type=kind), Part("signature", signature, content_type=kind))
    call = multipart({"timestamp": str(int(time.time()))}, *parts)

    with pytest.raises(AuthenticationFailed):
        mailgun.authenticate(webhook(call), (MAILGUN_KEY,))


@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.dictionaries(mail_keys, json_values).map(msgspec.json.encode),
        st.builds(
            lambda sender, more: msgspec.json.encode({"to": "a@b.example", "from": f"{sender}<c@d.example>", **more}),
            any_text.map(lambda text: text.encode("utf-8", "replace").decode()),
            st.dictionaries(mail_keys.filter(lambda key: key not in {"to", "from"}), json_values),
        ),
    )
)
@BOUNDED
def test_standard_when_a_signed_body_is_any_then_a_storable_mail_or_unreadable(body: bytes) -> None:
    authentic = standard.authenticate(webhook(signed_standard(body, SECRET)), (SECRET,))

    with contextlib.suppress(Unreadable):
        assert_storable(authentic.to_mail())


@given(
    fields=st.dictionaries(
        st.sampled_from(["from", "recipient", "subject", "body-plain", "body-html", "message-headers", "Message-Id", "References"]),
        odd_text.map(lambda text: text.encode("utf-8", "replace").decode()),
    )
)
@BOUNDED
def test_mailgun_when_signed_fields_are_any_then_a_storable_mail_or_unreadable(fields: dict[str, str]) -> None:
    for call in (urlencoded({**mailgun_fields(), **fields}), multipart({**mailgun_fields(), **fields})):
        authentic = mailgun.authenticate(webhook(call), (MAILGUN_KEY,))

        with contextlib.suppress(Unreadable):
            assert_storable(authentic.to_mail())


@given(token=st.text(min_size=1, max_size=200))
@BOUNDED
def test_mailgun_when_a_signed_token_is_any_text_then_it_verifies(token: str) -> None:
    sent_at = str(int(time.time()))
    signature = hmac.new(MAILGUN_KEY.encode(), f"{sent_at}{token}".encode(), hashlib.sha256).hexdigest()
    call = urlencoded({"timestamp": sent_at, "token": token, "signature": signature})

    assert mailgun.authenticate(webhook(call), (MAILGUN_KEY,)).dedupe_key == token


@given(texts=st.lists(odd_text, min_size=8, max_size=8), headers=st.lists(st.tuples(odd_text, odd_text), max_size=5))
@BOUNDED
def test_build_mail_when_every_text_is_any_then_a_storable_mail_or_unreadable(
    texts: list[str], headers: list[tuple[str, str]]
) -> None:
    message_id, sender, recipient, subject, text, html, in_reply_to, references = texts

    for own_sender, own_recipient in (
        (sender, "c@d.example"),
        (f"{sender}<a@b.example>", recipient),
        ("a@b.example", "c@d.example"),
    ):
        with contextlib.suppress(Unreadable):
            mail = build_mail(
                message_id=message_id,
                sender=own_sender,
                recipient=own_recipient,
                subject=subject,
                text=text,
                html=html,
                in_reply_to=in_reply_to,
                references=references,
                headers=tuple(headers),
            )
            assert_storable(mail)


@given(value=odd_text)
@BOUNDED
def test_address_and_decoded_when_the_text_is_any_then_they_return(value: str) -> None:
    name, found = address(clean(value))

    f"{name} {found} {decoded(clean(value))}".encode()
    assert found == found.lower()


@given(content_type=content_types, body=st.binary(max_size=500))
@BOUNDED
def test_read_form_when_the_bytes_are_any_then_storable_text(content_type: str, body: bytes) -> None:
    for text in read_form(content_type, body).fields.values():
        text.encode()
