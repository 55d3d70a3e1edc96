"""Form bodies: fields and files come out whole, and no bytes make it raise."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multipart import MultipartSegment, PushMultipartParser

from service.commands.mail_file import SignedCall
from service.providers.wire.form_parts import MAX_PARTS
from service.providers.wire.forms import Form, read_form
from tests.providers.calls import BOUNDARY, Part, multipart

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def form_of(call: SignedCall) -> Form:
    return read_form(call.headers["content-type"], call.body)


def files_of(form: Form) -> list[tuple[str, str | None, str, bytes]]:
    return [(file.name, file.filename, file.content_type, bytes(file.content)) for file in form.files]


def by_the_library(body: bytes) -> list[tuple[str, bytes]]:
    """Return name and content of each part, as the library's parser reads them."""
    found: list[tuple[str, bytes]] = []
    with PushMultipartParser(BOUNDARY) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                found.append((event.name or "", b""))
            elif event:
                name, content = found.pop()
                found.append((name, content + bytes(event)))
    return found


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
        (b"&&=x&a=1&", {"": "x", "a": "1"}),
        (b"a=b=c&d", {"a": "b=c", "d": ""}),
        (b"a=%", {"a": "%"}),
        (b"a=%4&b=%zz%41", {"a": "%4", "b": "%zzA"}),
        (b"a=%\r\n%%0D", {"a": "%\r\n%\r"}),
        (b"%C3%BC=1&%63=%3D%26", {"\u00fc": "1", "c": "=&"}),
        (b"a=" + b"%41" * 300_000 + b"%", {"a": "A" * 300_000 + "%"}),
    ],
)
def test_read_form_when_urlencoded_then_the_first_of_each_name(body: bytes, expected: dict[str, str]) -> None:
    assert read_form(URLENCODED, body).fields == expected


@given(value=st.lists(st.sampled_from([b"%", b"%4", b"%0a", b"=", b"==", b"+", b"\r", b"\n", b"a", b"\xff"]), max_size=20))
@settings(max_examples=300, deadline=None)
def test_read_form_when_escapes_are_any_then_urllib_reads_the_same(value: list[bytes]) -> None:
    raw = b"".join(value)

    assert read_form(URLENCODED, b"body-mime=" + raw).raw_mail == unquote_to_bytes(raw.replace(b"+", b" "))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (URLENCODED, b"&".join(b"f%d=x" % number for number in range(6_000))),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 6_000 + b"--b--"),
    ],
)
def test_read_form_when_it_has_too_many_parts_then_says_so(content_type: str, body: bytes) -> None:
    form = read_form(content_type, body)

    assert form.defect == "too_many_parts"
    assert len(form.fields) <= MAX_PARTS


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


def test_read_form_when_files_come_then_they_are_whole_and_the_fields_too() -> None:
    files = [Part(f"attachment-{number}", b"\x00\r\n--=_b" * number, filename=f"{number}.bin") for number in range(1_000)]
    call = multipart({"subject": "x"}, *files, Part("late", b"y"))

    form = form_of(call)
    assert (form.fields, form.defect) == ({"subject": "x", "late": "y"}, None)
    assert files_of(form) == [(file.name, file.filename, "", file.value) for file in files]


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (b'form-data; name="a"; filename="\xc3\xbc.pdf"', "\u00fc.pdf"),
        (b'form-data; name="a"; filename="\xfc.pdf"', "\u00fc.pdf"),
        (b'form-data; name="a"; filename=""', ""),
        (b"form-data; name=a; filename=plain.pdf", "plain.pdf"),
        (b"form-data; name=a; filename*=utf-8''%C3%BC.pdf", "\u00fc.pdf"),
        (b"form-data; name=a; filename=\"?.pdf\"; filename*=UTF-8''%C3%BC.pdf", "\u00fc.pdf"),
        (b'form-data; name="a"; filename="=?utf-8?q?=C3=BC.pdf?="', "\u00fc.pdf"),
        (b'form-data; name="a";\r\n filename="folded.pdf"', "folded.pdf"),
        (b'form-data; name="attachment-1"', ""),
    ],
)
def test_read_form_when_a_file_is_named_in_any_way_then_the_name_is_read(disposition: bytes, expected: str) -> None:
    body = b"--b\r\ncontent-disposition: " + disposition + b"\r\n\r\nx\r\n--b--"

    assert [file.filename for file in read_form(MULTIPART, body).files] == [expected]


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"no colon",
        b"Content-Type: text/plain",
        b"Content-Disposition: attachment; name=a",
        b"Content-Disposition: form-data",
        b"\xff\x00: \xff",
        b"X: " + b"y" * 70_000,
        b"X: y\r\n" * 20 + b"Content-Length: many",
    ],
)
def test_read_form_when_a_part_is_odd_then_its_neighbours_are_read(odd: bytes) -> None:
    good = b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\nx\r\n'

    form = read_form(MULTIPART, good % b"before" + b"--b\r\n" + odd + b"\r\n\r\nz\r\n" + good % b"after" + b"--b--")

    assert (form.fields, form.defect) == ({"before": "x", "after": "x"}, None)


@given(
    values=st.lists(
        st.lists(st.sampled_from([b"\r\n", b"--", b"-", BOUNDARY.encode(), BOUNDARY[:5].encode(), b"\xff", b"a"])).map(b"".join),
        min_size=1,
    )
)
@settings(max_examples=200, deadline=None)
def test_read_form_when_the_library_can_read_it_then_both_read_the_same(values: list[bytes]) -> None:
    apart = [each for each in values if f"\r\n--{BOUNDARY}".encode() not in b"\r\n" + each]
    parts = [Part(f"attachment-{number}", value, filename="x") for number, value in enumerate(apart)]
    call = multipart({}, *parts, Part("end", b""))

    form = form_of(call)

    assert [(name, content) for name, _, _, content in files_of(form)] == by_the_library(call.body)[:-1]


def test_read_form_when_a_field_is_large_then_it_is_whole() -> None:
    form = form_of(multipart({"text": "x" * 3_000_000, "after": "y"}))

    assert (len(form.fields["text"]), form.fields["after"]) == (3_000_000, "y")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b'before\r\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--after', {"a": "x"}),
        (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--b--', {"a": ""}),
        (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n--b--', {"a": ""}),
        (b"--b--", {}),
    ],
)
def test_read_form_when_it_has_odd_but_whole_parts_then_no_defect(body: bytes, fields: dict[str, str]) -> None:
    form = read_form(MULTIPART, body)

    assert (form.fields, form.defect) == (fields, None)


@pytest.mark.parametrize("cut", [1, 10, 45, 60, 500])
def test_read_form_when_it_breaks_off_then_the_fields_before_are_there(cut: int) -> None:
    call = multipart({"first": "1"}, Part("file", b"x" * 400, filename="a"), Part("last", b"2"))

    form = read_form(call.headers["content-type"], call.body[:-cut])
    assert form.defect == "truncated_body" or cut < len(BOUNDARY)
    assert form.fields["first"] == "1"
