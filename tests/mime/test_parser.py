"""Raw mails, well formed and not, as headers, text and attachments."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from service.errors import Unreadable
from service.mime.attachments import MailAttachment
from service.mime.parser import parse_mime
from service.providers.wire.fields import address

MAILS = sorted((Path(__file__).parent.parent / "mails").glob("*.eml"))
MIXED = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
FLOWED = b"Content-Type: text/plain; format=flowed\r\n\r\n"


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (each, each) for each in range(depth))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_parse_mime_when_a_program_wrote_the_mail_then_it_has_text_and_no_defects(path: Path) -> None:
    mail = parse_mime(path.read_bytes())

    assert mail.text.strip()
    assert mail.defects == ()
    assert dict(mail.headers)["From"]


@pytest.mark.parametrize(
    ("raw", "text", "defects"),
    [
        (b"Subject: x\n\nHello", "Hello", ()),
        (b"Hello", "Hello", ("no_headers",)),
        (b"\r\n\r\nHello\r\nyou", "Hello\nyou", ("no_headers",)),
        (b"\xef\xbb\xbfSubject: x\r\n\r\nHello", "Hello", ()),
        (b"Subject: x\rFrom: a@b.example\r\rHello\r", "Hello\n", ()),
        (b"From ada@customer.example Mon Nov 23 10:00:00 2026\nSubject: x\n\nHello", "Hello", ()),
        (b"From ada Mon Nov 23 2026\nSubject: x\n\n>From here\n> From it\n>>From", "From here\n> From it\n>>From", ()),
        (b"Subject : x\r\n\r\n>From here", ">From here", ()),
        (b"Subject: x\r\nthis is no header\r\nHello", "this is no header\nHello", ("bad_header",)),
        (b"Subject: x\r\n\r\na\x00b", "ab", ()),
        (b"Content-Type: text\r\n\r\nHello", "Hello", ()),
        (b'Content-Type: text/plain; charset="x-unknown"\r\n\r\nGr\xc3\xbc\xc3\x9fe', "Gr\u00fc\u00dfe", ("unknown_charset",)),
        (b"Content-Type: text/plain; charset=utf-8-bom\r\n\r\n\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", "Gr\u00fc\u00dfe", ()),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xfc\xdfe", "Gr\u00fc\u00dfe", ("bad_charset",)),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xdfe", "Gr\u00fc\ufffde", ("bad_charset",)),
        (b"Content-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe", "Gr\u00fc\u00dfe", ("bad_charset",)),
        (b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n5 \x80", "5 \u20ac", ()),
        (b"Content-Type: text/plain; charset=zlib\r\n\r\nHello", "Hello", ("bad_charset",)),
        (b"Content-Type: text/plain\r\n\r\nGr\xc3\xbc\xc3\x9fe", "Gr\u00fc\u00dfe", ()),
        (b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B<+F01~Ez\x1b(B", "\u81ea\u52d5\u5fdc\u7b54", ()),
        (b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8", "Hello", ()),
        (b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8gSGVsbG8gSGVs\r\n\x01bG8=", "Hello Hello Hello", ("bad_base64",)),
        (b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n___\r\nlist footer", "Hello", ("bad_base64",)),
        (b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbA==bG8=", "Helllo", ("bad_base64",)),
        (b"Content-Transfer-Encoding: base64\r\n\r\nwhere is my order, please?", "where is my order, please?", ("bad_base64",)),
        (b"Content-Transfer-Encoding: base64\r\n\r\n! V2hlcmUg !! aXMgbXkgb3JkZXI/ !", "Where is my order?", ("bad_base64",)),
        (b"Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc =ZZ =", "a=bc =ZZ ", ()),
        (b"Content-Transfer-Encoding: x-uuencode\r\n\r\nHello", "Hello", ("unknown_encoding",)),
        (FLOWED + b"one \r\ntwo\r\n>> a \r\n>> b\r\n> c\r\n-- \r\n  A", "one two\n>> a b\n> c\n-- \n A", ()),
        (b"Content-Type: text/plain; format=Flowed; DelSp=YES\r\n\r\none \r\ntwo", "onetwo", ()),
        (b"Content-Type: multipart/mixed\r\n\r\nHello", "Hello", ("no_boundary",)),
        (b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--y\r\n\r\nHello", "Hello", ("no_boundary", "truncated")),
        (b"Content-Type: multipart/mixed; boundary=x\r\n\r\n-- y\r\n\r\nHello", "-- y\n\nHello", ("no_boundary", "truncated")),
        (b"Content-Type: multipart/mixed\n\n--y\nContent-Type: text/plain\n\nHello\n--y--", "Hello", ("no_boundary",)),
        (MIXED + b"preamble\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nepilogue", "one\ntwo", ()),
        (MIXED + b"--b\r\n\r\none\r\n--b\r\nContent-Ty", "one\nContent-Ty", ("truncated",)),
        (MIXED + b"--b\r\n\r\none\r\n--b", "one", ("truncated",)),
        (MIXED + b"--b \t\r\n\r\n--bx\r\n-- \r\n--b--", "--bx\n-- ", ()),
        (nested(2) + b"\r\none\r\n--b0\r\n\r\ntwo\r\n--b0--", "one\ntwo", ("missing_end",)),
    ],
)  # fmt: skip
def test_parse_mime_when_the_mail_is_odd_then_the_text_is_as_right_as_it_can_be(
    raw: bytes, text: str, defects: tuple[str, ...]
) -> None:
    mail = parse_mime(raw)

    assert (mail.text, mail.defects) == (text, defects)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Gr\u00fc\u00dfe"),
        (b"Subject: a =?utf-8?b?w7w=?=\r\n =?utf-8?q?_=C3=9F?= b", "a \u00fc \u00df b"),
        (b"Subject: =?utf-8?b?ww==?= =?utf-8?b?nA==?=", "\u00dc"),
        (b"Subject: =?iso-2022-jp?b?GyRCPCtGMDF+RXobKEI=?=", "\u81ea\u52d5\u5fdc\u7b54"),
        (b"Subject: =?utf-8*en?q?Hi?= =?x-unknown?q?=C3=BC?=", "Hi\u00fc"),
        (b"Subject: =?utf-8?q?Hello World?=", "Hello World"),
        (b"Subject: =?utf-8?x?Hello?= =?utf-8", "=?utf-8?x?Hello?= =?utf-8"),
        (b"Subject: Gr\xfc\xdfe", "Gr\u00fc\u00dfe"),
        (b"Subject: Gr\xc3\xbc\xc3\x9fe", "Gr\u00fc\u00dfe"),
        (b"Subject: one\r\n\ttwo\r\n ", "one\ttwo"),
        (b"Subject: =?utf-8?q?a=0D=0ABcc:_b?=", "a Bcc: b"),
        (b"Subject:", ""),
        (b"Subject: " + b"long " * 4_000, ("long " * 4_000).strip()),
        (b"Message-ID: <=?utf-8?q?a?=@b.example>", "<=?utf-8?q?a?=@b.example>"),
        (b"From: =?utf-8?q?Ada_L=C3=B6?= <ada@customer.example>", "Ada L\u00f6 <ada@customer.example>"),
        (b"From: =?utf-8?q?L=2C_Ada?= <ada@customer.example>", '"L, Ada" <ada@customer.example>'),
        (b'From: "=?utf-8?q?L=2C_Ada?=" <ada@customer.example>', '"L, Ada" <ada@customer.example>'),
    ],
)
def test_parse_mime_when_a_header_is_encoded_or_folded_then_it_is_read(field: bytes, expected: str) -> None:
    headers = parse_mime(field + b"\r\n\r\nHello").headers

    assert [value for _, value in headers] == [expected]


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?q?boss=40shop.example=2C?=",
        "=?utf-8?q?=3Cboss=40shop.example=3E?=",
        "(=?utf-8?q?=29_boss=40shop.example_=28?=)",
        '"=?utf-8?q?=22_=3Cboss=40shop.example=3E?="',
        "=?utf-8?q?=3D=3Futf-8=3Fq=3Fboss=3D40shop.example=3D2C=3F=3D?=",
    ],
)
def test_parse_mime_when_a_name_hides_an_address_then_the_sender_stays_the_sender(name: str) -> None:
    headers = parse_mime(f"From: {name} <thief@evil.example>\r\n\r\nHello".encode()).headers

    assert address(headers[0][1])[1] == "thief@evil.example"


def test_parse_mime_when_parts_are_no_text_then_they_are_attachments() -> None:
    raw = (
        b"Content-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<img src=cid:one@x>\r\n"
        b"--b\r\nContent-Type: IMAGE/PNG; name=\"=?utf-8?q?=C3=BC.png?=\"\r\nContent-ID: <one@x>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\niVBO\r\n"
        b"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename*0*=utf-8'de'%C3%9C;\r\n"
        b" filename*1=\"ber.txt\"\r\n\r\nx\r\n"
        b"--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"Subject: inner\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\nin\r\n--z--\r\n"
        b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n"
        b"--b\r\nContent-Disposition: attachment; filename=\"C:\\\\dir\\\\..\\\\a\x01b.pdf\"\r\n\r\nx\r\n--b--\r\n"
    )  # fmt: skip

    mail = parse_mime(raw)

    assert mail.html == "<img src=cid:one@x>"
    assert mail.text == ""
    assert mail.attachments == (
        MailAttachment("\u00fc.png", "image/png", b"\x89PN", "one@x"),
        MailAttachment("\u00dcber.txt", "text/plain", b"x", None),
        MailAttachment("", "text/calendar", b"BEGIN:VCALENDAR", None),
        MailAttachment(
            "",
            "message/rfc822",
            b"Subject: inner\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\nin\r\n--z--",
            None,
        ),
        MailAttachment("winmail.dat", "application/ms-tnef", b"x", None),
        MailAttachment("ab.pdf", "text/plain", b"x", None),
    )
    assert mail.defects == ("winmail_dat",)


def test_parse_mime_when_html_stands_beside_the_text_then_html_holds_both() -> None:
    raw = MIXED + b"--b\r\n\r\na<b\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>c</p>\r\n--b--"

    mail = parse_mime(raw)

    assert (mail.text, mail.html) == ("", "<pre>a&lt;b</pre>\n<p>c</p>")


def test_parse_mime_when_html_is_an_alternative_then_both_are_kept_apart() -> None:
    raw = b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\na\n--b\nContent-Type: text/html\n\n<p>a</p>\n--b--"

    mail = parse_mime(raw)

    assert (mail.text, mail.html) == ("a", "<p>a</p>")


def test_parse_mime_when_html_names_its_charset_itself_then_it_is_used() -> None:
    raw = b'Content-Type: text/html\n\n<meta http-equiv=x content="text/html; charset=iso-8859-2"><p>\xb1'

    assert parse_mime(raw).html.endswith("<p>\u0105")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\r\n \x00\r\n", "empty"),
        (nested(101), "too_deep"),
        (nested(1_000), "too_deep"),
        (MIXED + b"--b\r\n\r\nx\r\n" * 5_001, "too_many_parts"),
    ],
    ids=["empty", "blank", "101 levels", "1000 levels", "5001 parts"],
)
def test_parse_mime_when_it_cannot_be_read_then_the_reason_is_said(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_mime(raw)

    assert caught.value.reason == reason


def test_parse_mime_when_there_are_a_thousand_attachments_then_the_rest_is_left_out() -> None:
    part = b"--b\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n"

    mail = parse_mime(MIXED + b"--b\r\n\r\nHello\r\n" + part * 1_000 + b"--b--")

    assert mail.text == "Hello"
    assert (len(mail.attachments), len(mail.left_out)) == (25, 975)
    assert {each.reason for each in mail.left_out} == {"too_many"}


def test_parse_mime_when_attachments_are_too_large_then_they_are_left_out_and_the_rest_is_kept() -> None:
    def part(size: int) -> bytes:
        content = base64.encodebytes(b"\x00" * size)
        return b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + content + b"\n"

    mail = parse_mime(MIXED + b"".join(map(part, (10_000_001, 10_000_000, 10_000_000, 5_000_001, 5_000_000))) + b"--b--")

    assert [len(each.content) for each in mail.attachments] == [10_000_000, 10_000_000, 5_000_000]
    assert [(each.size_bytes, each.reason) for each in mail.left_out] == [
        (10_000_001, "too_large"),
        (5_000_001, "too_large_together"),
    ]


@pytest.mark.parametrize("depth", [1, 30, 99])
def test_parse_mime_when_parts_are_nested_then_the_innermost_text_is_found(depth: int) -> None:
    assert parse_mime(nested(depth) + b"\r\nHello").text == "Hello"


@pytest.mark.parametrize("count", [10_000, 40_000])
def test_parse_mime_when_there_are_ten_thousand_headers_then_as_many_are_kept(count: int) -> None:
    mail = parse_mime(b"".join(b"X-%d: y\r\n" % each for each in range(count)) + b"\r\nHello")

    assert (len(mail.headers), mail.text) == (10_000, "Hello")


@pytest.mark.parametrize("size", [40_000, 4_000_000])
@pytest.mark.parametrize(
    ("before", "piece"),
    [
        (b"Subject: ", b"=?a?q?"),
        (b"From: ", b"=?utf-8?q?=22?= "),
        (b"From: ", b'"(\\'),
        (b"Subject: a\r\n", b" b\r\n"),
        (b"Content-Type: text/plain; a=", b'";'),
        (b"Content-Type: text/plain; ", b"a*0*=x;"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", b"\n--"),
        (nested(99), b"\n--x"),
        (nested(99), b"\r\n"),
        (b"Content-Type: text/plain; format=flowed\r\n\r\n", b"> a \r\n"),
        (b"Content-Transfer-Encoding: base64\r\n\r\n", b"Q="),
        (b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", b"="),
        (b"", b"a"),
        (b"", b"a:\n"),
        (b"a:\n\n", b"\r"),
    ],
)
def test_parse_mime_when_the_bytes_are_made_to_stall_it_then_it_returns(before: bytes, piece: bytes, size: int) -> None:
    mail = parse_mime(before + piece * (size // len(piece)))

    assert len(mail.text) <= 2 * size
