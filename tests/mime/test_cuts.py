"""Bodies without their attachments' bytes: shorter, and the same again."""

from __future__ import annotations

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mime.cuts import MIN_CUT_BYTES, cut, restore

CONTENT = secrets.token_bytes(100_000)
OTHER = secrets.token_bytes(50_001)


def lines_of(content: bytes, line_length: int, newline: bytes) -> bytes:
    letters = base64.b64encode(content)
    return newline.join(letters[start : start + line_length] for start in range(0, len(letters), line_length))


FORMS = {
    "bytes": CONTENT,
    "one line": base64.b64encode(CONTENT),
    "76 crlf": lines_of(CONTENT, 76, b"\r\n"),
    "76 lf": lines_of(CONTENT, 76, b"\n"),
    "60 crlf": lines_of(CONTENT, 60, b"\r\n"),
    "64 lf": lines_of(CONTENT, 64, b"\n"),
    "the library's": base64.encodebytes(CONTENT),
}

OTHER_TAIL = FORMS["76 crlf"][:-3] + bytes([FORMS["76 crlf"][-3] + 1]) + b"=="
"""The same bytes in other words: bits that count for nothing differ."""


@pytest.mark.parametrize("form", FORMS)
def test_cut_when_an_attachment_stands_in_the_body_then_it_is_out_and_comes_back(form: str) -> None:
    body = b"head\r\n\r\n" + FORMS[form] + b"\r\n--b--\r\n"

    shortened, cuts = cut(body, [CONTENT])

    assert len(shortened) < 100
    assert sum(each.length for each in cuts) + len(shortened) == len(body)
    assert restore(shortened, cuts, [CONTENT]) == body


def test_cut_when_there_are_several_then_each_is_out() -> None:
    body = b"a" + FORMS["76 crlf"] + b"b" + OTHER + b"c" + FORMS["one line"] + b"d"

    shortened, cuts = cut(body, [CONTENT, b"small", OTHER, CONTENT])

    assert shortened == b"abcd"
    assert [each.position for each in cuts] == [1, 3, 4]
    assert restore(shortened, cuts, [CONTENT, OTHER, CONTENT]) == body


@pytest.mark.parametrize(
    "written",
    [
        FORMS["76 crlf"][:60_000] + b" " + FORMS["76 crlf"][60_000:],
        FORMS["76 crlf"].replace(b"\r\n", b"\n", 1),
        FORMS["76 crlf"][:5_000] + b"\r\n" + FORMS["76 crlf"][5_000:],
        FORMS["76 lf"][:-1],
        base64.b64encode(CONTENT).replace(b"A", b"=41", 1),
        FORMS["76 crlf"][:-4] + FORMS["76 crlf"][-4:].replace(b"=", b"A"),
        OTHER_TAIL,
        FORMS["76 crlf"].replace(b"A", b"-", 1),
        FORMS["76 crlf"].replace(b"AB", b"A=", 1),
        FORMS["76 crlf"].replace(b"A", b"\n", 1),
        CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]),
        b"",
    ],
)
def test_cut_when_it_stands_there_otherwise_then_nothing_is_cut(written: bytes) -> None:
    body = b"head " + written + b" tail"

    assert cut(body, [CONTENT]) == (body, ())


def test_cut_when_attachments_are_small_then_nothing_is_cut() -> None:
    body = CONTENT[: MIN_CUT_BYTES - 1]

    assert cut(body, [body]) == (body, ())


def test_cut_when_several_are_not_there_then_the_search_ends() -> None:
    missing = [secrets.token_bytes(MIN_CUT_BYTES) for _ in range(3)]

    assert cut(CONTENT, [*missing, CONTENT]) == (CONTENT, ())


@given(
    pieces=st.lists(st.binary(max_size=50), min_size=3, max_size=3),
    tails=st.lists(st.binary(max_size=5), min_size=2, max_size=2),
    line_length=st.integers(60, 200),
    newline=st.sampled_from([b"\r\n", b"\n"]),
)
def test_restore_when_anything_was_cut_then_the_body_is_whole_again(
    pieces: list[bytes], tails: list[bytes], line_length: int, newline: bytes
) -> None:
    first, second = (CONTENT[:MIN_CUT_BYTES] + tail for tail in tails)
    body = pieces[0] + lines_of(first, line_length, newline) + pieces[1] + second + pieces[2]

    shortened, cuts = cut(body, [first, second])

    assert restore(shortened, cuts, [[first, second][each.position - 1] for each in cuts]) == body


@given(at=st.integers(0, len(FORMS["76 crlf"]) - 1), byte=st.integers(0, 255), form=st.sampled_from(sorted(FORMS)))
def test_cut_when_one_byte_is_another_then_what_it_gives_back_is_still_the_body(at: int, byte: int, form: str) -> None:
    written = FORMS[form]
    at = min(at, len(written) - 1)
    body = b"head " + written[:at] + bytes([byte]) + written[at + 1 :] + b" tail"

    shortened, cuts = cut(body, [CONTENT])

    assert restore(shortened, cuts, [CONTENT] * len(cuts)) == body
