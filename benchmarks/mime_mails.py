"""Raw mails (RFC 5322) of a wanted size: a short text, an HTML part, and pictures that do not compress, in base64."""

from __future__ import annotations

import base64
import random
from functools import cache

ATTACHMENT_BYTES = 6_000_000
"""Of each picture but the last: three of them fill a mail of 25 MB, within the program's limits."""

_LINE_BYTES = 57
"""What a line of base64 holds (RFC 2045 section 6.8)."""

_TEXT = "Hello, the mug in parcel #1042 came broken, please see the pictures. Ada\r\n"


def mime_mail(number: int, run: str, size_bytes: int) -> bytes:
    """Return a mail of about that size. run: makes it unlike those of other runs; only its header differs from the others'."""
    sender = f"{run}-{number}@customer.example"
    header = (
        f"From: Customer {number} <{sender}>\r\nTo: support@shop.example\r\nSubject: Broken mug ({number})\r\n"
        f"Message-ID: <{sender}>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="outer"\r\n\r\n'
    )
    return header.encode() + _parts(size_bytes)


@cache
def _parts(size_bytes: int) -> bytes:
    text = (
        '--outer\r\nContent-Type: multipart/alternative; boundary="inner"\r\n\r\n'
        f"--inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{_TEXT}\r\n"
        f"--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{_TEXT}</p>\r\n--inner--\r\n"
    )
    pieces = [text.encode()]
    left = (size_bytes - len(pieces[0])) * _LINE_BYTES // 78
    chance = random.Random(size_bytes)
    while left > 0:
        content = chance.randbytes(min(left, ATTACHMENT_BYTES))
        left -= len(content)
        pieces.append(_attachment(len(pieces), content))
    return b"".join((*pieces, b"--outer--\r\n"))


def _attachment(number: int, content: bytes) -> bytes:
    head = (
        f'--outer\r\nContent-Type: image/jpeg; name="picture-{number}.jpg"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="picture-{number}.jpg"\r\n\r\n'
    )
    return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")
