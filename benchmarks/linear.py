"""Whether hostile mail costs time in proportion to its size: each family at four sizes, doubled each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from uuid import UUID

from service.errors import Unreadable
from service.inbox.judgement import judge
from service.inbox.text.reading import read_text
from service.mime.parser import parse_mime
from service.providers.wire.raw_mail import read_raw_mail
from service.shops.types import Source

REPEATS = 3
DOUBLINGS = 4
"""The largest of each family is eight times the smallest."""

_HEAD = b"From: a@customer.example\r\nTo: b@shop.example\r\n"
_SOURCE = Source(id=UUID(int=1), shop_id=UUID(int=2), provider="mime", secrets=())


def _judged(raw: bytes) -> object:
    try:
        return judge(read_raw_mail(raw, recipient="b@shop.example", envelope_sender=None), _SOURCE, body=raw)
    except Unreadable as error:
        return error


def _read_text(raw: bytes) -> object:
    mail = parse_mime(raw)
    return read_text(mail.text, mail.html or None)


def _html(markup: bytes) -> bytes:
    return _HEAD + b"Content-Type: text/html\r\n\r\n" + markup


FAMILIES: dict[str, tuple[Callable[[bytes], object], Callable[[int], bytes], int]] = {
    "one line of text": (_read_text, lambda size: _HEAD + b"\r\n" + b"x " * (size // 2), 500_000),
    "lines of quotes": (_read_text, lambda size: _HEAD + b"\r\n" + b"> x\r\n" * (size // 5), 250_000),
    "quote headers": (
        _read_text,
        lambda size: _HEAD + b"\r\n" + b"On 23 Nov 2026, Ada <a@b.example> wrote:\n" * (size // 41),
        250_000,
    ),
    "half a quote header": (_read_text, lambda size: _HEAD + b"\r\n" + b"On 23 Nov 2026, a@b.example\n" * (size // 29), 250_000),
    "nested divs": (_read_text, lambda size: _html(b"<div>" * (size // 5)), 250_000),
    "unclosed tags": (_read_text, lambda size: _html(b"<p><b id=1>" * (size // 11)), 250_000),
    "table cells": (_read_text, lambda size: _html(b"<table><tr><td>x" * (size // 16)), 125_000),
    "comments": (_read_text, lambda size: _html(b"<!--" * (size // 4)), 250_000),
    "headers": (_judged, lambda size: _HEAD + b"X-A: b\r\n" * (size // 8) + b"\r\nx", 50_000),
    "a folded header": (_judged, lambda size: _HEAD + b"X-A: b" + b"\r\n c" * (size // 4) + b"\r\n\r\nx", 250_000),
    "comments in From": (_judged, lambda size: b"From: " + b"(" * size + b"\r\nTo: b@shop.example\r\n\r\nx", 250_000),
    "encoded words": (_judged, lambda size: _HEAD + b"Subject: " + b"=?utf-8?q?a?= " * (size // 14) + b"\r\n\r\nx", 250_000),
    "references": (_judged, lambda size: _HEAD + b"References: " + b"<a@b> " * (size // 6) + b"\r\n\r\nx", 250_000),
    "boundary lines": (
        _judged,
        lambda size: _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + b"--bx\r\n" * (size // 6),
        500_000,
    ),
    "broken base64": (
        _judged,
        lambda size: _HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==\r\n" * (size // 6),
        500_000,
    ),
}
"""What reads it, what makes it at a size in bytes, and the smallest size."""


def print_linear() -> None:
    """Time every family and print it; doubling the size should about double the time."""
    print("Hostile mail: milliseconds at a size and at twice, four times and eight times of it; linear is about 2.0 a doubling")
    print(f"{'family':<22}{'from kB':>8}{'ms':>9}{'x2':>9}{'x4':>9}{'x8':>9}{'a doubling':>12}")
    for name, (read, make, size) in FAMILIES.items():
        times_ms = [_time_ms(read, make(size << doubling)) for doubling in range(DOUBLINGS)]
        growth = (times_ms[-1] / times_ms[0]) ** (1 / (DOUBLINGS - 1))
        print(f"{name:<22}{size // 1000:>8}" + "".join(f"{each:>9.1f}" for each in times_ms) + f"{growth:>12.2f}", flush=True)


def _time_ms(read: Callable[[bytes], object], raw: bytes) -> float:
    taken = []
    for _ in range(REPEATS):
        started_ns = time.perf_counter_ns()
        read(raw)
        taken.append(time.perf_counter_ns() - started_ns)
    return median(taken) / 1e6


if __name__ == "__main__":
    print_linear()
