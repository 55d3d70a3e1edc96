"""Mails as nobody should write them, with what has to come of each: the files of `mails/odd/`, and larger ones made here.

Every mail is authentic: none may be lost, and its text has to be as right as it can be.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "mails" / "odd"
NO_WORDS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OddMail:
    """A mail and its fate.

    Attributes:
        words: what the stored text or HTML holds, white space aside.
        sender: who is found to have written it.
        files: names of the attachments, in order; None: whatever they are.
        reasons: by provider, why it cannot be read, `raw` where the mail itself is posted; "" stands for every other one.
            Without an entry it is stored.
        elsewhere: what differs where a provider has read the mail for us, as the standard library does.
    """

    name: str
    raw: bytes = field(repr=False)
    words: tuple[str, ...] = ("NW-10421",)
    sender: str = "ada@customer.example"
    subject: str | None = None
    files: tuple[str, ...] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, Any] = field(default_factory=dict)

    def at(self, provider: str) -> OddMail:
        """Return the mail with the fate that it has at this provider, or where it is posted `raw`."""
        return self if provider == "raw" else replace(self, **self.elsewhere)

    def reason(self, provider: str) -> str | None:
        """Return why a delivery of this provider fails; None when it is stored."""
        return self.reasons.get(provider, self.reasons.get("")) or None


def mail(name: str, body: bytes, *fields: bytes) -> bytes:
    """Return a mail with a body and more header fields."""
    head = (
        b"From: Ada Lind <ada@customer.example>",
        b"To: support@shop.example",
        b"Subject: Order NW-10421",
        b"Date: Mon, 23 Nov 2026 10:00:00 +0000",
        f"Message-ID: <{name}@customer.example>".encode(),
        b"MIME-Version: 1.0",
    )
    return b"\r\n".join([*head, *fields, b"", body])


def with_parts(name: str, *parts: bytes) -> bytes:
    """Return a mail of these parts, each with its header."""
    body = b"".join(b"--=_b\r\n" + part + b"\r\n" for part in (b"\r\nWhere is NW-10421?", *parts)) + b"--=_b--\r\n"
    return mail(name, body, b'Content-Type: multipart/mixed; boundary="=_b"')


def nested(name: str, depth: int) -> bytes:
    """Return a mail whose text lies under as many multiparts."""
    open_parts = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (each, each + 1) for each in range(depth - 1)
    )
    return mail(
        name, open_parts + b"--b%d\r\n\r\nWhere is NW-10421?\r\n" % (depth - 1), b"Content-Type: multipart/mixed; boundary=b0"
    )


def file_part(name: str, size_bytes: int) -> bytes:
    """Return a part with zeros in base64."""
    head = f'Content-Type: application/pdf; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head.encode() + base64.encodebytes(bytes(size_bytes)).replace(b"\n", b"\r\n")


GERMAN = ("Größe 42 fehlt", "schön", "NW-10433")
NOBODY = {"": "no_sender"}
NOWHERE = {"standard": "no_recipient", "mailgun": "no_recipient", "postmark": "no_recipient"}
"""No envelope comes with a mail that is only read from its file; who posts it raw tells the recipient beside it."""

_FATES: dict[str, dict[str, Any]] = {
    "attachment-broken-base64": {"files": ("a.png",)},
    "attachment-empty": {"files": ("empty.pdf",)},
    "attachment-only": {"words": NO_WORDS, "files": ("mug.png",)},
    "base64-broken": {"elsewhere": {"words": NO_WORDS}, "words": ("Where is my order NW-10421?",)},
    "base64-no-padding": {"words": ("Where is my order NW-10421?!",)},
    "base64-of-plain-words": {"elsewhere": {"words": NO_WORDS}, "words": ("Where is my order NW-10421, please?",)},
    "base64-with-footer": {"words": ("Where is my order NW-10421??",)},
    "body-empty": {"words": NO_WORDS},
    "bounce": {"words": ("could not be delivered",), "sender": "mailer-daemon@mx.customer.example"},
    "calendar-alone": {"words": NO_WORDS},
    "charset-bad": {"elsewhere": {"words": ("NW-10433",)}, "words": GERMAN},
    "charset-broken-byte": {"words": (*GERMAN, "\ufffd Danke")},
    "charset-codec-of-python": {"elsewhere": {"words": ("42 fehlt",)}, "words": (r"Gr\xf6sse 42 fehlt",)},
    "charset-in-html-only": {"elsewhere": {"words": ("NW-10421",)}, "words": ("Zamówienie NW-10421 się spóźnia",)},
    "charset-named-twice": {"elsewhere": {"words": ("NW-10433",)}, "words": GERMAN},
    "charset-none-latin": {"elsewhere": {"words": ("NW-10433",)}, "words": GERMAN},
    "charset-unknown": {"elsewhere": {"words": ("NW-10433",)}, "words": GERMAN},
    "charset-utf-7": {"words": ("fehlt",)},
    "charset-windows-1252-as-ascii": {"elsewhere": {"words": ("zu viel",)}, "words": ("Der Preis war 5 € \u2013 zu viel",)},
    "eight-bit-headers": {"elsewhere": {"subject": None}, "subject": "Größe fehlt"},
    "emoji": {"words": ("Thanks \U0001f600\U0001f469\u200d\U0001f4bb for NW-10421",), "subject": "\U0001f600 order"},
    "encoding-uuencode": {"words": NO_WORDS},
    "filename-bidi": {"files": ("annexegnp.exe",)},
    "filename-eight-bit": {"elsewhere": {"files": None}, "files": ("Übersicht.png",)},
    "filename-encoded-word": {"files": ("Übersicht 1.png",)},
    "filename-long": {"files": ("n" * 251 + ".png",)},
    "filename-path": {"files": ("passwd", "evil.dll", "")},
    "filename-rfc-2231": {"files": ("Übersicht 1.png",)},
    "flowed": {"words": ("Where is my order NW-10421, please?",)},
    "flowed-delsp": {"elsewhere": {"words": ("NW-104",)}, "words": ("Where is my order NW-10421?",)},
    "from-empty": {"reasons": NOBODY},
    "from-international": {"sender": "jürgen@bücher.example"},
    "from-missing": {"reasons": NOBODY},
    "from-no-address": {"reasons": NOBODY},
    "from-null": {"reasons": NOBODY},
    "headers-only": {"words": NO_WORDS},
    "html-no-words": {"words": ("nothing",)},
    "message-attached": {"files": ("",)},
    "message-digest": {"words": NO_WORDS, "files": ("", "")},
    "message-nested": {"files": ("",)},
    "multipart-inner-unclosed": {"files": ("a.png",)},
    "multipart-missing-end": {"files": ("a.png",)},
    "multipart-no-parts": {"words": NO_WORDS},
    "multipart-same-boundary": {"files": ("a.png",), "elsewhere": {"files": ()}},
    "multipart-text-and-footer": {
        "elsewhere": {"words": ("NW-10421",), "files": ("a.png", "")},
        "words": ("NW-10421", "Sent from my phone"),
        "files": ("a.png",),
    },
    "multipart-truncated": {"files": ("a.png",)},
    "no-blank-line": {"words": ("Where is NW-10421, I ask without any blank line?",)},
    "pgp-mime-encrypted": {"words": NO_WORDS},
    "quoted-printable-broken": {"words": ("Größe =ZZ 42 fehlt: NW-10421 =4",)},
    "related-inline-picture": {"files": ("mug.png",)},
    "smime-encrypted": {"words": NO_WORDS, "files": ("smime.p7m",)},
    "smime-signed": {"files": ("smime.p7s",)},
    "subject-broken-words": {"subject": "Grüß =?utf-8?q?=ZZ x =?utf-8"},
    "subject-missing": {"subject": ""},
    "subject-newline-hidden": {"subject": "Order Bcc: thief@evil.example"},
    "subject-split-character": {"subject": "Grüßä"},
    "text-big5": {"words": ("我的訂單 NW-10421 在哪裡\uff1f",), "subject": "訂單"},
    "text-euc-kr": {"words": ("주문 NW-10421 은 어디에 있나요?",), "subject": "주문 문의"},
    "text-gb18030": {"words": ("我的订单 NW-10421 在哪里\uff1f",), "subject": "订单查询"},
    "text-iso-2022-jp": {"words": ("注文 NW-10421 はどこですか。",), "subject": "注文について"},
    "text-koi8-r": {"words": ("Где мой заказ NW-10421?",), "subject": "Заказ"},
    "text-shift-jis": {"words": ("注文 NW-10421 はどこですか。",), "subject": "注文について"},
    "text-windows-1251": {"words": ("Где мой заказ NW-10421?",), "subject": "Заказ"},
    "text-windows-1256": {"words": ("أين طلبي NW-10421؟",), "subject": "طلب"},
    "to-group": {"reasons": NOWHERE},
    "to-missing": {"reasons": NOWHERE},
    "type-twice-encoded": {"words": NO_WORDS},
    "utf-16-body": {"words": ("Größe 42: where is NW-10421?",)},
    "utf-16-raw": {"words": ("Größe 42: where is NW-10421?",)},
    "utf-8-bom": {"words": GERMAN},
    "multipart-no-boundary": {"elsewhere": {"words": NO_WORDS}},
    "multipart-wrong-boundary": {"elsewhere": {"words": NO_WORDS}},
    "type-unknown": {"elsewhere": {"words": NO_WORDS, "files": ("",)}},
    "winmail-dat": {"files": ("winmail.dat",)},
    "zero-width": {"words": ("is late",)},
    "bidi-override": {"subject": "\u202eredrO"},
}

_FILES = tuple(OddMail(path.stem, path.read_bytes(), **_FATES.get(path.stem, {})) for path in sorted(FOLDER.glob("*.eml")))

_MADE = (
    OddMail("headers-10000", mail("h1", b"NW-10421", *(b"X-%d: y" % each for each in range(10_000)))),
    OddMail("headers-40000", mail("h4", b"NW-10421", *(b"X-%d: y" % each for each in range(40_000)))),
    OddMail(
        "references-10000", mail("r", b"NW-10421", b"References: " + b"\r\n ".join(b"<%d@x>" % each for each in range(10_000)))
    ),
    OddMail("subject-1-mb", mail("s", b"NW-10421").replace(b"Order", b"o" * 1_000_000)),
    OddMail("nesting-30", nested("n30", 30)),
    OddMail("nesting-100", nested("n100", 100)),
    OddMail("nesting-101", nested("n101", 101), reasons={"raw": "too_deep"}),
    OddMail("parts-6000", with_parts("p6", *[b"\r\nx"] * 6_000), reasons={"raw": "too_many_parts", "mailgun": "too_many_parts"}),
    OddMail("attachments-1000", with_parts("a1", *(file_part(f"{each}.pdf", 10) for each in range(1_000)))),
    OddMail(
        "attachment-11-mb", with_parts("a11", file_part("large.pdf", 11_000_000), file_part("small.pdf", 9)), files=("small.pdf",)
    ),
    OddMail("divs-400", mail("d4", b"<div>" * 400 + b"NW-10421" + b"</div>" * 400, b"Content-Type: text/html")),
    OddMail("divs-40000", mail("d40", b"<div>" * 40_000 + b"NW-10421" + b"</div>" * 40_000, b"Content-Type: text/html")),
    OddMail("line-40-kb", mail("l4", b"where " * 7_000 + b"NW-10421")),
    OddMail("line-4-mb", mail("l40", b"where " * 700_000 + b"NW-10421")),
    OddMail("quotes-10000", mail("q", b"NW-10421\r\n" + b"On Mon, Nov 23, 2026 Ada wrote:\r\n> \r\n" * 10_000)),
)

ODD_MAILS = (*_FILES, *_MADE)
