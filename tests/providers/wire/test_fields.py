"""From a provider's text to the fields of a mail: odd text becomes something usable, and nothing raises but Unreadable."""

from __future__ import annotations

from typing import Any

import pytest

from service.errors import Unreadable
from service.mime.charsets import clean
from service.providers.types import InboundMail
from service.providers.wire.fields import MAX_ADDRESS_BYTES, MAX_REFERENCES, address, build_mail, decoded, message_ids


def built(**fields: str) -> InboundMail:
    """Build a mail that is whole but for what the test is about."""
    whole: dict[str, Any] = {
        "message_id": "<m1@customer.example>",
        "sender": "Ada <ada@customer.example>",
        "recipient": "support@shop.example",
        "subject": "Parcel",
        "text": "Hello",
        "html": "",
        "in_reply_to": "",
        "references": "",
        **fields,
    }
    return build_mail(**whole, headers=(("Date", "Mon, 23 Nov 2026 10:00:00 +0000"),))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ada@customer.example", ("", "ada@customer.example")),
        ("Ada <ADA@Customer.Example>", ("Ada", "ada@customer.example")),
        ('"Lovelace, Ada" <ada@customer.example>', ("Lovelace, Ada", "ada@customer.example")),
        ("=?utf-8?q?Zo=C3=AB?= <zoe@customer.example>", ("Zo\u00eb", "zoe@customer.example")),
        ("=?iso-8859-1?Q?Zo=EB?= <zoe@customer.example>", ("Zo\u00eb", "zoe@customer.example")),
        ("=?utf-8?q?A=00B?= <a@b.example>", ("AB", "a@b.example")),
        ("=?utf-7?q?+2AA-?= <a@b.example>", ("=?utf-7?q?+2AA-?=", "a@b.example")),
        ("<ada@customer.example", ("", "ada@customer.example")),
        ("Ada Customer ada@customer.example", ("Ada Customer ada@customer.example", "ada@customer.example")),
        ("nobody", ("", "")),
        ("", ("", "")),
        ("<>", ("", "")),
        ("@", ("", "")),
        ("(" * 5_000, ("", "")),
        ("[(" * 5_000 + "<a@b.example>", ("", "")),
        ("a" * 2_000_000, ("", "")),
        ("a," * 1_000_000, ("", "")),
        (f"{'a' * 500}@{'b' * 250}.example", ("", "")),
    ],
)
def test_address_when_given_any_header_then_splits_it_or_finds_none(value: str, expected: tuple[str, str]) -> None:
    name, found = address(value)

    assert found == expected[1]
    assert not found or name == expected[0] or expected[0] in value
    assert len(found.encode()) <= MAX_ADDRESS_BYTES
    name.encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Gr\u00fc\u00dfe"),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= und mehr", "Gr\u00fc\u00dfe und mehr"),
        ("=?UTF-8?Q?a?= =?UTF-8?Q?b?=", "ab"),
        ("=?no-such-charset?q?x?=", "=?no-such-charset?q?x?="),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("=?hex?q?zz?=", "=?hex?q?zz?="),
        ("=?unicode_escape?q?=5Cq?=", "=?unicode_escape?q?=5Cq?="),
        ("=?punycode?q?abc?=", "=?punycode?q?abc?="),
        ("=?utf\x00?q?x?=", "=?utf\x00?q?x?="),
        ("=?utf-8?q?=FF?=", "=?utf-8?q?=FF?="),
        ("=?a?q?x" * 20_000, "=?a?q?x" * 20_000),
    ],
)
def test_decoded_when_encoded_words_are_good_or_broken_then_text(value: str, expected: str) -> None:
    assert decoded(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ()),
        ("<a@x>", ("a@x",)),
        ("<a@x> <b@x>\r\n\t<c@x>", ("a@x", "b@x", "c@x")),
        ("a@x b@x", ()),
        ("<a@x", ()),
        ("<" * 100_000, ()),
        (f"<{'a' * 2_000}> <b@x>", ("b@x",)),
    ],
)
def test_message_ids_when_given_a_header_then_ids_in_order(value: str, expected: tuple[str, ...]) -> None:
    assert message_ids(value) == expected


def test_message_ids_when_there_are_thousands_then_the_newest_hundred() -> None:
    found = message_ids(" ".join(f"<{number}@x>" for number in range(2_000)))

    assert (len(found), found[-1]) == (MAX_REFERENCES, "1999@x")


@pytest.mark.parametrize(("text", "expected"), [("a\x00b", "ab"), ("a\ud800b", "a?b"), ("\U0001f600", "\U0001f600"), ("", "")])
def test_clean_when_postgresql_would_refuse_then_it_takes_the_text(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize("message_id", ["", "   ", "<>", "\x00", "< >"])
def test_build_mail_when_it_has_no_id_then_a_retry_gets_the_same(message_id: str) -> None:
    first, second = built(message_id=message_id), built(message_id=message_id)

    assert first.rfc_message_id == second.rfc_message_id
    assert first.rfc_message_id.endswith("@generated.invalid")
    assert built(message_id=message_id, text="Another").rfc_message_id != first.rfc_message_id


def test_build_mail_when_its_id_is_very_long_then_a_short_one_stands_for_it() -> None:
    long = built(message_id=f"<{'a' * 4_000}@x>")

    assert len(long.rfc_message_id) < 100
    assert long.rfc_message_id == built(message_id=f"<{'a' * 4_000}@x>", text="Another").rfc_message_id


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "=?utf-8?q?=0D=0A?="])
def test_build_mail_when_a_header_hides_a_line_end_then_it_is_one_line(line_end: str) -> None:
    mail = built(subject=f"Parcel {line_end} Bcc: thief@evil.example", sender=f'"Ada {line_end} L" <ada@customer.example>')

    assert not set("\r\n") & set(mail.subject + mail.sender_name)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"sender": ""}, "no_sender"), ({"sender": "\x00"}, "no_sender"), ({"recipient": "(((("}, "no_recipient")],
)
def test_build_mail_when_nobody_wrote_or_nobody_is_written_to_then_unreadable(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(Unreadable) as raised:
        built(**fields)

    assert raised.value.reason == reason
