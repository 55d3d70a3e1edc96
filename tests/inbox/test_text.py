"""The text that a reader sees of a mail."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inbox.text import text_of

SIZE = 200_000
BROKEN = [
    "<",
    "</",
    "<!",
    "<!--",
    "<![",
    "<?",
    "<a ",
    "<a a",
    '<a b="',
    "<script>",
    "<div>",
    "<ul>",
    "<table><tr><td>",
    "&#",
    "\x00",
]


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [
        ("Hello", None, "Hello"),
        ("Hello", "<p>Other</p>", "Hello"),
        ("", None, ""),
        (" \n", None, " \n"),
        ("", "", ""),
        (" \n", "<p>Hello</p>", "Hello"),
        ("", "<p>one</p><p>two</p>", "one\ntwo"),
        ("", "one<br>two", "one\ntwo"),
        ("", "<style>p{color:red}</style><script>alert(1)</script>Hello", "Hello"),
        ("", "<head><title>Title</title></head><body>Hello</body>", "Hello"),
        ("", "a &lt;b&gt; &amp; &#252;", "a <b> & \u00fc"),
        ("", "<b>Hel</b>lo", "Hello"),
        ("", "no markup", "no markup"),
        ("", "<!-- hidden -->Hello", "Hello"),
    ],
)
def test_text_of_when_there_is_text_or_html_then_what_a_reader_sees(text: str, html: str | None, expected: str) -> None:
    assert text_of(text, html) == expected


@pytest.mark.parametrize("piece", BROKEN)
def test_text_of_when_the_html_is_made_to_stall_a_parser_then_it_returns(piece: str) -> None:
    assert len(text_of("", piece * (SIZE // len(piece)))) < 20 * SIZE


@pytest.mark.parametrize("html", ["<![=", "<![foo[ x", "<!doctype [", "<![CDATA[x", "<?php", "&#x110000;", "&#xd800;", "<p>\ud800"])
def test_text_of_when_the_html_is_malformed_then_it_returns(html: str) -> None:
    assert isinstance(text_of("", html), str)


@given(
    text=st.text(max_size=20),
    html=st.one_of(
        st.none(), st.text(max_size=300), st.lists(st.sampled_from([*BROKEN, "x", ">", "</ul>", "]]>", "-->"])).map("".join)
    ),
)
@settings(max_examples=100, deadline=None)
def test_text_of_when_text_and_html_are_any_then_storable_text(text: str, html: str | None) -> None:
    seen = text_of(text, html)

    seen.encode()
    assert seen == text or not text.strip()
