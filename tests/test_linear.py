"""Input that is made to cost: time and memory grow with its size, not with the square of it.

Time is never asserted: each size is such that a square would run into pytest's timeout of 120 s. Memory is: `times` the input, and
a fixed five megabytes.
"""

from __future__ import annotations

import base64
import contextlib
import tracemalloc
from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from service.commands.mail_file import SignedCall
from service.errors import Unreadable
from service.inbox.text.reading import read_text
from service.providers import postmark, standard
from service.providers.mailgun import to_mail
from service.providers.wire.forms import read_form
from service.providers.wire.raw_mail import read_raw_mail
from tests.providers.calls import Part, multipart, webhook

MEGABYTE = 1_000_000
FIXED_BYTES = 5 * MEGABYTE
SIZE = 4 * MEGABYTE

HEAD = b"From: ada@customer.example\r\nTo: support@shop.example\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
FORM_PART = b'--b\r\nContent-Disposition: form-data; name="a%d"; filename="x"\r\n\r\nx\r\n'
FILE = b'--b\r\nContent-Type: image/png; name="=?utf-8?q?a%d?=.png"\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n'
NESTED = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (each, each + 1) for each in range(98))
QUOTE_HEADER = "On Mon, Nov 23, 2026 at 10:00 AM Ada <ada@customer.example> wrote:\n> Hello\n"


def repeated(piece: bytes, size: int = SIZE) -> bytes:
    return piece * (size // len(piece))


def assert_frugal(work: Callable[[], object], size: int, *, times: float) -> None:
    """Run the work; fail when it took more memory at once than so many times its input."""
    tracemalloc.start()
    try:
        with contextlib.suppress(Unreadable):
            work()
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak_bytes <= FIXED_BYTES + times * size


@pytest.mark.parametrize(
    ("head", "piece", "times"),
    [
        (HEAD + b"\r\n", b"a", 4),
        (HEAD + b"\r\n", b"where ", 4),
        (HEAD + b"\r\n", b"\r\n", 4),
        (HEAD + b"\r\n", b"\r", 4),
        (HEAD, b"a: b\r\n", 2),
        (HEAD + b"X: a\r\n", b" folded\r\n", 2),
        (HEAD + b"Subject: ", b"long ", 2),
        (HEAD + b"Subject: ", b"=?utf-8?q?=C3=A4?= ", 2),
        (HEAD + b"Subject: ", b"=?utf-8?b?w6Q=?=", 2),
        (HEAD + b"Subject: ", b"=?a?q?", 2),
        (HEAD + b"References: ", b"<a@b> ", 2),
        (HEAD + b"References: ", b"<", 2),
        (b"From: ", b"(", 2),
        (b"From: ", b'"(\\', 2),
        (b"From: ", b"a@b.example, ", 2),
        (b"From: ", b"=?utf-8?q?=22=3C?= ", 2),
        (b"From: <", b"@a,", 2),
        (MIXED, b"--b\r\n\r\n", 2),
        (MIXED + b"--b\r\n\r\n", b"\r\n--bb", 4),
        (MIXED + b"--b\r\n\r\n", b"\n--", 4),
        (MIXED.replace(b"=b\r", b"=b0\r") + NESTED + b"--b98\r\n\r\n", b"\n--b5x", 4),
        (HEAD + b"Content-Type: multipart/mixed\r\n\r\n", b"\n--a ", 4),
        (HEAD + b"Content-Type: multipart/mixed\r\n\r\n", b"\n--a" + b" " * 190 + b"x", 4),
        (HEAD + b"Content-Type: text/plain; ", b"a*0*=x;", 2),
        (HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n", b"> a \r\n", 4),
        (HEAD + b"Content-Type: text/html\r\n\r\n", b"<meta ", 4),
        (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n", b"QQ==", 6),
        (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n", b"Q=", 6),
        (HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", b"=", 4),
        (HEAD + b"Content-Type: text/plain; charset=gb18030\r\n\r\n", b"\xff\xfe~{", 8),
        (HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n", b"\x1b$B\x1b(B", 8),
        (b"From x\n" + HEAD + b"\r\n", b">>>From \n>", 12),
    ],
)
def test_raw_mail_when_its_bytes_are_made_to_cost_then_it_is_read_in_proportion(head: bytes, piece: bytes, times: float) -> None:
    raw = head + repeated(piece)

    assert_frugal(partial(read_raw_mail, raw, recipient="a@b.example", envelope_sender="<>"), len(raw), times=times)


@pytest.mark.parametrize(
    ("raw", "times"),
    [
        (HEAD + b"".join(b"X-%d: y\r\n" % each for each in range(100_000)) + b"\r\nx", 4),
        (HEAD + b"".join(b"X-%d: %b\r\n" % (each, b"=?utf-8?q?=C3=A4?= " * 20) for each in range(10_000)) + b"\r\nx", 4),
        (MIXED + b"".join(FILE % each for each in range(4_900)) + b"--b--", 4),
        (MIXED + b"--b\r\n\r\nhello\r\n" * 4_900, 4),
        (MIXED + (b"--b\r\nContent-Type: image/png; " + b"a*0*=x;" * 100 + b"\r\n\r\nQUJD\r\n") * 4_900, 4),
    ],
    ids=["100000 headers", "10000 headers of encoded words", "4900 attachments", "4900 texts", "4900 times 100 parameters"],
)
def test_raw_mail_when_it_has_thousands_of_things_then_it_is_read_in_proportion(raw: bytes, times: float) -> None:
    assert_frugal(partial(read_raw_mail, raw, recipient="a@b.example", envelope_sender="<>"), len(raw), times=times)


@pytest.mark.parametrize(
    ("content_type", "body", "times"),
    [
        ("multipart/form-data; boundary=b", b"".join(FORM_PART % each for each in range(4_990)) + b"--b--", 1),
        ("multipart/form-data; boundary=b", b"".join(FORM_PART % each for each in range(50_000)) + b"--b--", 1),
        ("multipart/form-data; boundary=b", FORM_PART % 1 + repeated(b"\r\n--b"), 1),
        ("multipart/form-data; boundary=b", FORM_PART % 1 + repeated(b"\r\n"), 1),
        ("multipart/form-data; boundary=b", (b"--b\r\n" + b"a" * 3_000 + b"\r\n") * 1_300 + b"--b--", 1),
        (
            "multipart/form-data; boundary=b",
            (b"--b\r\nContent-Disposition: form-data" + b';a="' * 15_000 + b"\r\n\r\n\r\n") * 60,
            1,
        ),
        (
            "multipart/form-data; boundary=b",
            (b"--b\r\nContent-Disposition: form-data" + b"\r\n " * 20_000 + b"\r\n\r\n\r\n") * 60,
            1,
        ),
        ("multipart/form-data" + ';a="\\' * 10_000, b"", 1),
        ("", repeated(b"a=b&"), 1),
        ("", b"a=" + repeated(b"%"), 6),
        ("", b"a=" + repeated(b"%D0%B0"), 6),
        ("", b"a=" + repeated(b"="), 8),
    ],
)
def test_form_when_it_is_made_to_cost_then_it_is_read_in_proportion(content_type: str, body: bytes, times: float) -> None:
    assert_frugal(partial(read_form, content_type, body), len(body), times=times)


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({"attachments": [{"filename": "a", "content": "YQ=="}] * 100_000}, 16),
        ({"attachments": [0] * 1_000_000}, 16),
        ({"attachments": [{"content": "%" * SIZE}]}, 4),
        ({"attachments": [{"content": "", "filename": "a/" * (SIZE // 2)}]}, 4),
        ({"headers": [[f"X-{each}", "y"] for each in range(100_000)]}, 24),
        ({"references": [f"<{each}@x>" for each in range(100_000)]}, 24),
        ({"from": "(" * SIZE}, 4),
        ({"from": "=?utf-8?q?=22=3C?= " * 520 + "<a@b.example>"}, 4),
        ({"from": "(" * 9_980 + "<a@b.example>"}, 4),
        ({"from": "a," * 4_980 + "<a@b.example>"}, 4),
        ({"from": "<" + "@a," * 3_000 + "a@b.example>"}, 4),
        ({"subject": "=?utf-8?q?=C3=A4?= " * 200_000}, 6),
        ({"subject": "=?a?q?" * 1_600}, 4),
    ],
)
def test_json_mail_when_it_is_made_to_cost_then_it_is_read_in_proportion(fields: dict[str, object], times: float) -> None:
    body = msgspec.json.encode({"to": "a@b.example", "from": "c@d.example", **fields})

    assert_frugal(partial(standard.to_mail, body), len(body), times=times)


@pytest.mark.parametrize(
    ("text", "html", "times"),
    [
        ("NW-10421\n" + QUOTE_HEADER * 100_000, None, 16),
        ("NW-10421\n" + "From: a\nSent: b\nTo: c\nSubject: d\n\n" * 100_000, None, 30),
        (">" * SIZE, None, 16),
        ("where " * (SIZE // 6), None, 16),
        ("\n" * SIZE, None, 16),
        ("", "<div>" * 400 + "NW-10421" + "</div>" * 400, 30),
        ("", "<div>" * 100_000 + "NW-10421" + "</div>" * 100_000, 30),
        ("", "<blockquote>" * 40_000 + "NW-10421", 30),
        ("", "<!-- " * (SIZE // 5), 30),
    ],
    ids=[
        "100000 quotes",
        "100000 headers",
        "deep quote",
        "line",
        "empty lines",
        "400 divs",
        "100000 divs",
        "blockquotes",
        "comments",
    ],
)
def test_text_when_it_is_made_to_cost_then_it_is_read_in_proportion(text: str, html: str | None, times: float) -> None:
    assert_frugal(partial(read_text, text, html), len(text) + len(html or ""), times=times)


def raw_mail_of(contents: list[bytes]) -> Callable[[], object]:
    head = b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = MIXED + b"".join(head + base64.encodebytes(each).replace(b"\n", b"\r\n") for each in contents) + b"--b--"
    return partial(read_raw_mail, raw, recipient="", envelope_sender=None)


def form_of(contents: list[bytes]) -> Callable[[], object]:
    files = [Part(f"attachment-{number}", each, filename="a.pdf") for number, each in enumerate(contents, 1)]
    call = multipart({"from": "a@b.example", "recipient": "c@d.example"}, *files)
    return lambda: to_mail(read_form(call.headers["content-type"], call.body))


def json_of(contents: list[bytes]) -> Callable[[], object]:
    attachments = [{"Name": "a.pdf", "Content": base64.b64encode(each).decode()} for each in contents]
    body = msgspec.json.encode({"From": "a@b.example", "To": "c@d.example", "Attachments": attachments})
    return partial(postmark.read, webhook(SignedCall({}, body)))


@pytest.mark.parametrize(("dressed", "times"), [(form_of, 1), (raw_mail_of, 2.5), (json_of, 2.5)])
def test_attachments_when_they_are_25_mb_then_they_are_copied_as_often_as_it_takes(
    dressed: Callable[[list[bytes]], Callable[[], object]], times: float
) -> None:
    work = dressed([bytes(8_300_000)] * 3)

    assert_frugal(work, 25 * MEGABYTE, times=times)
