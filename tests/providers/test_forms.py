"""Form bodies: fields come out whole, files stay in the raw body, and no bytes make it raise."""

from __future__ import annotations

import pytest

from service.providers.forms import read_form
from tests.providers.calls import BOUNDARY, Part, multipart

URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=first&a=second", {"a": "first"}),
        (b"a=", {"a": ""}),
        (b"a=%C3%BC+x", {"a": "\u00fc x"}),
        (b"a=%ff&b=2", {"a": "\ufffd", "b": "2"}),
        (b"a=\xff", {"a": "\ufffd"}),
        (b"", {}),
    ],
)
def test_read_form_when_urlencoded_then_the_first_of_each_name(body: bytes, expected: dict[str, str]) -> None:
    assert read_form(URLENCODED, body).fields == expected


def test_read_form_when_it_has_too_many_fields_then_none() -> None:
    form = read_form(URLENCODED, b"&".join(b"f%d=x" % number for number in range(6_000)))

    assert (form.fields, form.is_truncated) == ({}, True)


@pytest.mark.parametrize(
    ("value", "content_type", "expected"),
    [
        ("h\u00e9".encode(), None, "h\u00e9"),
        ("h\u00e9".encode("latin-1"), "text/plain; charset=iso-8859-1", "h\u00e9"),
        ("h\u00e9".encode("utf-16"), "text/plain; charset=utf-16", "h\u00e9"),
        ("\u3042".encode("shift_jis"), "text/plain; charset=Shift_JIS", "\u3042"),
        (b"h\xe9", None, "h\ufffd"),
        ("h\u00e9".encode(), "text/plain; charset=no-such-charset", "h\u00e9"),
        ("h\u00e9".encode(), "text/plain; charset=hex", "h\u00e9"),
        (b"+2AA-", "text/plain; charset=utf-7", "+2AA-"),
        (rb"\ud800", "text/plain; charset=unicode_escape", r"\ud800"),
        (rb"\ud800", "text/plain; charset=raw-unicode-escape", r"\ud800"),
        (b"x", "text/plain; charset=", "x"),
        (b"x", 'text/plain; charset="', "x"),
    ],
)
def test_read_form_when_a_part_has_a_charset_then_reads_it_or_utf_8(value: bytes, content_type: str | None, expected: str) -> None:
    call = multipart({}, Part("text", value, content_type=content_type))

    assert read_form(call.headers["content-type"], call.body).fields == {"text": expected}


def test_read_form_when_a_thousand_files_come_then_only_the_fields_are_kept() -> None:
    files = [Part(f"attachment-{number}", b"\x00" * 10, filename=f"{number}.bin") for number in range(1_000)]
    call = multipart({"subject": "x"}, *files, Part("late", b"y"))

    form = read_form(call.headers["content-type"], call.body)
    assert (form.fields, form.is_truncated) == ({"subject": "x", "late": "y"}, False)


def test_read_form_when_a_field_is_larger_than_one_piece_then_it_is_whole() -> None:
    call = multipart({"text": "x" * 3_000_000, "after": "y"})

    form = read_form(call.headers["content-type"], call.body)
    assert (len(form.fields["text"]), form.fields["after"]) == (3_000_000, "y")


@pytest.mark.parametrize("cut", [1, 10, 45, 60, 500])
def test_read_form_when_it_breaks_off_then_the_fields_before_are_there(cut: int) -> None:
    call = multipart({"first": "1"}, Part("file", b"x" * 400, filename="a"), Part("last", b"2"))

    form = read_form(call.headers["content-type"], call.body[:-cut])
    assert form.is_truncated or cut < len(BOUNDARY)
    assert form.fields["first"] == "1"
