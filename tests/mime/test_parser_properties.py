"""Raw mails of any bytes, and what the standard library writes."""

from __future__ import annotations

import contextlib
from email.message import EmailMessage
from email.policy import SMTP

from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Unreadable
from service.mime.attachments import MailAttachment
from service.mime.parser import parse_mime
from tests.texts import assert_storable

MIXED = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
PIECES = [
    b"--b\r\n",
    b"--b--\r\n",
    b"--c\n",
    b"Content-Type: multipart/alternative; boundary=c\r\n",
    b"Content-Type: text/html; charset=x-unknown\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''a%20;\r\n filename*1=b\r\n",
    b"Subject: =?utf-8?q?=ff?= =?utf-8?b?w6Q=?=\r\n",
    b"\r\n",
    b"\n",
    b"hello \xff\x00=3D=\r\n",
    b"\r",
    b"=",
]
FIELDS = [
    *(b"From", b"To", b"Subject", b"Message-ID", b"References", b"Content-Type", b"Content-Disposition"),
    *(b"Content-Transfer-Encoding", b"Content-ID", b"X-Odd", b"x odd", b""),
]
VALUES = [
    *(b"multipart/mixed; boundary=b", b"multipart/mixed", b"text/html; charset=utf-7", b"text/plain; charset=idna; format=flowed"),
    *(b"text/plain; charset=utf-16", b"image/png; name*0*=utf-16'x'%FF%FE%00; name*1=b", b'multipart/digest; boundary="b'),
    *(b"=?utf-16?b?2AA=?=", b"=?utf-8?q?=0D=0A=00=ED=A0=80?=", b"=?punycode?q?a-?=", b"base64", b"quoted-printable"),
    *(b'attachment; filename="../=?utf-8?q?=00?="', b"<a@b>", b"\r\n folded", b"\xed\xa0\x80"),
]


@given(
    before=st.sampled_from([b"", MIXED]),
    raw=st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)),
)
@settings(max_examples=100, deadline=None)
def test_parse_mime_when_the_bytes_are_any_then_storable_text_or_unreadable(before: bytes, raw: bytes) -> None:
    try:
        mail = parse_mime(before + raw)
    except Unreadable:
        return

    texts = [mail.text, mail.html, *(part for pair in mail.headers for part in pair), *(each.filename for each in mail.attachments)]
    assert all("\x00" not in text and "\r" not in text for text in texts)
    "".join(texts).encode()


@given(
    fields=st.lists(st.tuples(st.sampled_from(FIELDS), st.one_of(st.binary(max_size=80), st.sampled_from(VALUES))), max_size=8),
    body=st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join)),
    line_end=st.sampled_from([b"\r\n", b"\n", b"\r"]),
)
@settings(max_examples=200, deadline=None)
def test_parse_mime_when_its_fields_hold_anything_then_storable_text_or_unreadable(
    fields: list[tuple[bytes, bytes]], body: bytes, line_end: bytes
) -> None:
    raw = line_end.join([*(name + b": " + value for name, value in fields), b"", body])

    with contextlib.suppress(Unreadable):
        mail = parse_mime(raw)
        assert_storable(mail)
        assert all("\r" not in text and "\n" not in text for pair in mail.headers for text in pair)


@given(
    subject=st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs"), exclude_characters="\ufeff"), max_size=200
    ),
    text=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=300),
    content=st.binary(max_size=300),
    encoding=st.sampled_from(["base64", "quoted-printable"]),
)
@settings(max_examples=100, deadline=None)
def test_parse_mime_when_the_library_wrote_the_mail_then_it_comes_back(
    subject: str, text: str, content: bytes, encoding: str
) -> None:
    written = EmailMessage(policy=SMTP)
    written["Subject"] = subject
    written.set_content(text, cte=encoding)
    written.add_alternative(f"<p>{len(text)}</p>", subtype="html")
    written.add_attachment(content, maintype="application", subtype="octet-stream", filename="a b.bin")

    mail = parse_mime(written.as_bytes())

    assert dict(mail.headers)["Subject"] == subject
    shown = text.removeprefix("\ufeff")
    assert mail.text.rstrip("\n") == (shown if shown.strip() else "")
    assert mail.html == f"<p>{len(text)}</p>\n"
    assert mail.attachments == (MailAttachment("a b.bin", "application/octet-stream", content, None),)
    assert mail.defects == ()
