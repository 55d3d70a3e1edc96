"""Attachments of every provider: the same files, whoever brings the mail, and a broken one never costs the mail."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import msgspec
import pytest

from service.commands.mail_file import SignedCall, signed_call
from service.mime.attachments import MailAttachment
from service.providers import mailgun, postmark, standard
from service.providers.registry import FORMATS
from service.providers.types import InboundMail
from tests.factories import MAILGUN_KEY, mail_fields, mailgun_fields
from tests.providers.calls import Part, mail_of, multipart, new_secret, webhook

SECRET = new_secret()
PROVIDERS = ["standard", "mailgun", "postmark", "mime"]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def encoded(content: bytes = PICTURE) -> str:
    return base64.b64encode(content).decode()


def by_standard(*attachments: Any, **fields: Any) -> InboundMail:
    return standard.to_mail(msgspec.json.encode(mail_fields(attachments=list(attachments), **fields)))


def by_postmark(*attachments: Any) -> InboundMail:
    body = {"From": "ada@customer.example", "To": "support@shop.example", "Attachments": list(attachments)}
    return postmark.read(webhook(SignedCall({}, msgspec.json.encode(body))))


def by_mailgun(*files: Part, **fields: str) -> InboundMail:
    return mail_of(mailgun.authenticate(webhook(multipart({**mailgun_fields(), **fields}, *files)), (MAILGUN_KEY,)))


def written() -> bytes:
    """Return a mail with a picture that its HTML shows, an attached text of the same bytes as its own, and an attached mail."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Ada <ada@customer.example>", "support@shop.example", "Broken"
    mail.set_content("The mug is broken.")
    mail.add_alternative("<p>The mug is broken. <img src='cid:mug@x'></p>", subtype="html")
    mail.get_payload()[1].add_related(PICTURE, "image", "png", cid="<mug@x>", filename="mug.png")  # type: ignore[union-attr, index]
    mail.add_attachment("The mug is broken.", filename="\u00dcbersicht \u2116 1.txt")
    mail.add_attachment(b"", maintype="application", subtype="pdf", filename='a"b\\c.pdf')
    return mail.as_bytes()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_provider_when_it_brings_attachments_then_they_are_as_they_were_written(provider: str) -> None:
    call = signed_call(written(), provider=provider, secret=SECRET)

    mail = mail_of(FORMATS[provider].authenticate(webhook(call), (SECRET,)))

    assert mail.attachments == (
        MailAttachment("mug.png", "image/png", PICTURE, "mug@x"),
        MailAttachment("\u00dcbersicht \u2116 1.txt", "text/plain", b"The mug is broken.\r\n", None),
        MailAttachment("c.pdf", "application/pdf", b"", None),
    )
    assert mail.left_out == ()


@pytest.mark.parametrize(
    ("id_map", "expected"),
    [
        ('{"<mug@x>": "attachment-1"}', "mug@x"),
        ('{"mug@x": "attachment-1", "<other>": "attachment-2"}', "mug@x"),
        ('{"<mug@x>": "attachment-9"}', None),
        ("", None),
        ("not JSON", None),
        ('{"<mug@x>": 1}', None),
        ("[]", None),
        ("[" * 100_000, None),
        ('{"\\ud800": "attachment-1"}', None),
        ("\x00", None),
    ],
)
def test_mailgun_when_its_map_of_content_ids_is_sound_or_not_then_the_file_is_kept(id_map: str, expected: str | None) -> None:
    mail = by_mailgun(Part("attachment-1", PICTURE, filename="mug.png", content_type="image/png"), **{"content-id-map": id_map})

    assert mail.attachments == (MailAttachment("mug.png", "image/png", PICTURE, expected),)


def test_mailgun_when_a_file_has_another_field_or_no_name_then_it_is_an_attachment_all_the_same() -> None:
    mail = by_mailgun(Part("file", b"a", filename="a.txt"), Part("attachment-2", b"b"), Part("attachment-3", b"c", filename=""))

    assert [(each.filename, each.content) for each in mail.attachments] == [("a.txt", b"a"), ("", b"b"), ("", b"c")]


@pytest.mark.parametrize(
    "content",
    [
        encoded(),
        encoded().replace("=", ""),
        encoded().replace("/", "_").replace("+", "-"),
        "\r\n".join([encoded()[:76], encoded()[76:]]),
    ],
)
def test_json_when_base64_is_written_in_another_way_then_it_is_read(content: str) -> None:
    for mail in (by_standard({"content": content}), by_postmark({"Content": content})):
        assert [each.content for each in mail.attachments] == [PICTURE]


@pytest.mark.parametrize(
    "content", ["%%%", "QUJD!QUJD", "A", "QQ==QQ==", "\u00e9\u00e9\u00e9\u00e9", "\x00", 7, None, ["QQ=="], {}, True]
)
def test_json_when_content_is_no_base64_then_it_is_left_out_and_the_mail_is_read(content: Any) -> None:
    sound = encoded(b"sound")
    by_both = (
        by_standard({"filename": "a.pdf", "content": content}, {"filename": "b.pdf", "content": sound}),
        by_postmark({"Name": "a.pdf", "Content": content}, {"Name": "b.pdf", "Content": sound}),
    )

    for mail in by_both:
        assert [(each.filename, each.reason) for each in mail.left_out] == [("a.pdf", "unreadable")]
        assert [(each.filename, each.content) for each in mail.attachments] == [("b.pdf", b"sound")]


@pytest.mark.parametrize("item", [None, 1, "text", [], {}, {"content": None}, {"Content": 1.5}, [[[]]]])
def test_json_when_an_item_is_no_attachment_then_it_is_left_out_and_the_mail_is_read(item: Any) -> None:
    for mail in (by_standard(item), by_postmark(item)):
        assert [each.reason for each in mail.left_out] == ["unreadable"]
        assert mail.sender == "ada@customer.example"


@pytest.mark.parametrize(("listed", "left_out"), [(None, 0), ([], 0), ({}, 1), ("text", 1), (0, 1)])
def test_json_when_the_list_is_none_then_the_mail_is_read(listed: Any, left_out: int) -> None:
    body = {"From": "ada@customer.example", "To": "support@shop.example", "Attachments": listed}

    for mail in (
        standard.to_mail(msgspec.json.encode({**mail_fields(), "attachments": listed})),
        postmark.read(webhook(SignedCall({}, msgspec.json.encode(body)))),
    ):
        assert (mail.attachments, len(mail.left_out)) == ((), left_out)


@pytest.mark.parametrize("value", [7, None, [], {}, True])
def test_json_when_a_name_or_a_type_is_no_text_then_the_file_is_kept_without(value: Any) -> None:
    kept = (MailAttachment("", "application/octet-stream", PICTURE, None),)

    assert by_standard({"filename": value, "content_type": value, "content_id": value, "content": encoded()}).attachments == kept
    assert by_postmark({"Name": value, "ContentType": value, "ContentID": value, "Content": encoded()}).attachments == kept


def test_json_when_half_an_emoji_is_in_a_filename_then_the_mail_and_its_file_are_read() -> None:
    own = b'{"to":"a@b.example","from":"c@d.example","attachments":[{"filename":"a\\ud83d.txt","content":"YQ=="}]}'
    theirs = b'{"To":"a@b.example","From":"c@d.example","Attachments":[{"Name":"a\\ud83d.txt","Content":"YQ=="}]}'

    for mail in (standard.to_mail(own), postmark.read(webhook(SignedCall({}, theirs)))):
        assert [(each.filename, each.content) for each in mail.attachments] == [("a?.txt", b"a")]


def test_json_when_content_is_over_a_limit_then_it_is_not_even_decoded() -> None:
    broken = "%" * 14_000_000

    for mail in (by_standard({"content": broken}), by_postmark({"Content": broken})):
        assert [each.reason for each in mail.left_out] == ["too_large"]


@pytest.mark.parametrize("provider", ["standard", "mailgun", "postmark"])
def test_provider_when_a_thousand_attachments_come_then_twenty_five_are_kept_and_the_rest_is_named(provider: str) -> None:
    numbers = range(1, 1_001)
    mail = {
        "standard": lambda: by_standard(*({"filename": f"{each}.txt", "content": "YQ=="} for each in numbers)),
        "mailgun": lambda: by_mailgun(*(Part(f"attachment-{each}", b"a", filename=f"{each}.txt") for each in numbers)),
        "postmark": lambda: by_postmark(*({"Name": f"{each}.txt", "Content": "YQ=="} for each in numbers)),
    }[provider]()

    assert [each.filename for each in mail.attachments] == [f"{each}.txt" for each in numbers[:25]]
    assert [(each.filename, each.reason) for each in mail.left_out] == [(f"{each}.txt", "too_many") for each in numbers[25:]]


@pytest.mark.parametrize(
    ("given", "expected"), [("<>", ""), ("", ""), (None, None), ("<Ada@Customer.example>", "ada@customer.example"), ("\x00", "")]
)
def test_standard_when_it_tells_the_envelopes_sender_then_it_is_kept(given: str | None, expected: str | None) -> None:
    assert by_standard(envelope_sender=given).envelope_sender == expected
