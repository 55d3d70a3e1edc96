"""Mailgun's scheme: what verifies, what does not, and what a form becomes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import msgspec
import pytest

from service.commands.mail_file import SignedCall
from service.errors import AuthenticationFailed, Unreadable
from service.providers.mailgun import authenticate
from tests.factories import MAILGUN_KEY, mailgun_fields, urlencoded
from tests.providers.calls import Part, mail_of, multipart, webhook

ENCODINGS = pytest.mark.parametrize("encoded", [urlencoded, multipart])
Encoded = Callable[[dict[str, str]], SignedCall]
HOUR_S = 3600


def changed(fields: Mapping[str, str], **changes: str | None) -> dict[str, str]:
    """Return signed fields with some replaced afterwards, or left away where the value is None."""
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


@ENCODINGS
@pytest.mark.parametrize("age_s", [0, 11 * HOUR_S, -500])
def test_authenticate_when_signed_within_twelve_hours_then_the_token_is_the_dedupe_key(encoded: Encoded, age_s: int) -> None:
    fields = mailgun_fields(timestamp=int(time.time()) - age_s, token="t1")

    authentic = authenticate(webhook(encoded(fields)), (MAILGUN_KEY,))
    assert (authentic.dedupe_key, authentic.is_replayable) == ("t1", True)
    assert mail_of(authentic).sender == "ada@customer.example"


@ENCODINGS
@pytest.mark.parametrize("age_s", [13 * HOUR_S, -HOUR_S])
def test_authenticate_when_the_timestamp_is_far_off_then_fails(encoded: Encoded, age_s: int) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(encoded(mailgun_fields(timestamp=int(time.time()) - age_s))), (MAILGUN_KEY,))


@ENCODINGS
@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": None},
        {"token": None},
        {"signature": None},
        {"timestamp": "", "token": ""},
        {"timestamp": "soon"},
        {"timestamp": "-1"},
        {"timestamp": "1" * 5_000},
        {"timestamp": "\u0661\u0662"},
        {"timestamp": "1.5"},
        {"token": "another"},
        {"token": "x" * 1_000},
        {"token": "\x00"},
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "\u00e9\x00"},
        {"signature": "f" * 100_000},
    ],
)
def test_authenticate_when_a_field_is_missing_or_malformed_then_fails(encoded: Encoded, changes: dict[str, str | None]) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(encoded(changed(mailgun_fields(), **changes))), (MAILGUN_KEY,))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b""),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"\xff\xfe%00%ff=%zz&&&==;"),
        ("application/x-www-form-urlencoded", b"a=b&" * 6_000),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=", b"----"),
        ("multipart/form-data; boundary=\xff", b"--\xff\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=" + b"a" * 100_000),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a: b\r\n" * 10_000),
        ("x" * 100_000, b"a=b"),
    ],
)
def test_authenticate_when_the_body_is_no_form_then_fails(content_type: str, body: bytes) -> None:
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(SignedCall({"content-type": content_type}, body)), (MAILGUN_KEY,))


@pytest.mark.parametrize(
    "charset",
    ["utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "hex", "undefined", "utf-16", "x\x00y", "no-such"],
)
def test_authenticate_when_a_part_names_an_odd_charset_then_fails_without_a_stumble(charset: str) -> None:
    parts = [Part(name, rb"+2AA- \ud800 \q", content_type=f"text/plain; charset={charset}") for name in ("token", "signature")]
    call = multipart({"timestamp": str(int(time.time()))}, *parts)

    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(call), (MAILGUN_KEY,))


def test_authenticate_when_the_previous_key_signed_then_verifies() -> None:
    call = urlencoded(mailgun_fields(key="key-before"))

    assert authenticate(webhook(call), (MAILGUN_KEY, "key-before")).dedupe_key
    with pytest.raises(AuthenticationFailed):
        authenticate(webhook(call), (MAILGUN_KEY,))


@ENCODINGS
def test_to_mail_when_every_field_is_there_then_maps_each(encoded: Encoded) -> None:
    fields = mailgun_fields()
    fields.update(
        {
            "from": "Zo\u00eb <Zoe@Customer.example>",
            "subject": "Gr\u00fc\u00dfe",
            "body-plain": "Stra\u00dfe \U0001f600",
            "body-html": "<p>x</p>",
            "message-headers": (
                '[["Message-Id","<m1@customer.example>"],["In-Reply-To","<m0@shop.example>"],'
                '["References","<a@shop.example> <m0@shop.example>"],["Auto-Submitted","auto-replied"]]'
            ),
        }
    )

    mail = mail_of(authenticate(webhook(encoded(fields)), (MAILGUN_KEY,)))
    assert (mail.rfc_message_id, mail.in_reply_to) == ("m1@customer.example", "m0@shop.example")
    assert mail.references == ("a@shop.example", "m0@shop.example")
    assert (mail.sender, mail.sender_name, mail.subject) == ("zoe@customer.example", "Zo\u00eb", "Gr\u00fc\u00dfe")
    assert (mail.text, mail.html) == ("Stra\u00dfe \U0001f600", "<p>x</p>")
    assert ("Auto-Submitted", "auto-replied") in mail.headers


@pytest.mark.parametrize(
    "headers", ["", "not JSON", "{}", "[[1,2]]", "[" * 100_000, '[["a","\\ud800"]]', '[["a"]]', "null", "\x00"]
)
def test_to_mail_when_its_list_of_headers_is_broken_then_the_mail_is_read_without_it(headers: str) -> None:
    fields = changed(mailgun_fields(), **{"message-headers": headers, "Message-Id": "<m1@customer.example>"})

    mail = mail_of(authenticate(webhook(urlencoded(fields)), (MAILGUN_KEY,)))
    assert (mail.rfc_message_id, mail.sender) == ("m1@customer.example", "ada@customer.example")


@pytest.mark.parametrize(
    ("changes", "sender"),
    [
        ({"from": ""}, "envelope@customer.example"),
        ({"from": "", "message-headers": '[["From","H <header@customer.example>"]]'}, "header@customer.example"),
        ({}, "ada@customer.example"),
    ],
)
def test_to_mail_when_from_is_missing_then_the_next_best_sender_counts(changes: dict[str, str], sender: str) -> None:
    fields = {**mailgun_fields(sender="envelope@customer.example"), **changes}

    assert mail_of(authenticate(webhook(urlencoded(fields)), (MAILGUN_KEY,))).sender == sender


@pytest.mark.parametrize(("cut", "reason"), [(40, "truncated_body"), (3, "truncated_body")])
def test_to_mail_when_the_body_breaks_off_after_the_signature_then_says_so(cut: int, reason: str) -> None:
    call = multipart(mailgun_fields(), Part("attachment-1", b"x" * 500, filename="a.pdf", content_type="application/pdf"))

    authentic = authenticate(webhook(SignedCall(call.headers, call.body[:-cut])), (MAILGUN_KEY,))
    with pytest.raises(Unreadable) as raised:
        mail_of(authentic)

    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("content_type", "html", "expected"),
    [
        ("text/html; charset=utf-8", "<p>seen</p><p hidden>hidden</p>", ""),
        ("multipart/alternative; boundary=b", "<p>seen</p>", "seen hidden"),
        ("text/html", "", "seen hidden"),
        ("text/plain", "<p>seen</p>", "seen hidden"),
    ],
)
def test_to_mail_when_the_mail_is_html_alone_then_mailguns_own_text_is_left_away(
    content_type: str, html: str, expected: str
) -> None:
    headers = msgspec.json.encode([["Content-Type", content_type], ["Message-Id", "<1@x>"]]).decode()
    fields = {**mailgun_fields(), "body-plain": "seen hidden", "body-html": html, "message-headers": headers}

    assert mail_of(authenticate(webhook(urlencoded(fields)), (MAILGUN_KEY,))).text == expected
