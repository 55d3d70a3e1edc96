"""A mail's own words, apart from what it quotes, without what nobody sees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inbox.text.reading import ReadText, read_text
from tests.inbox.text.replies import REPLIES, written

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
        ("This mail needs an HTML viewer", "<p>Hello</p>", "This mail needs an HTML viewer"),
        ("", None, ""),
        (" \n", None, ""),
        ("", "", ""),
        (" \n", "<p>Hello</p>", "Hello"),
        ("\u200b\ufeff\n", "<p>Hello</p>", "Hello"),
        ("", "<p style='display:none'>Hidden</p>", ""),
        ("a\r\n\r\nb", None, "a\n\nb"),
    ],
)
def test_read_text_when_there_is_text_or_html_then_what_a_reader_sees(text: str, html: str | None, expected: str) -> None:
    assert read_text(text, html).reply == expected


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [
        ("Hello", None, ()),
        ("He\u200bllo\u202e", None, ("bidi", "zero_width")),
        ("Hello", "<p hidden>x</p>", ()),
        ("\u00ad", "<p>Hello</p>", ()),
        ("", "<p>He\u200bllo</p><p hidden>x</p><!-- x -->", ("comment", "hidden_attribute", "zero_width")),
        ("", "<p hidden>x</p>", ("hidden_attribute",)),
        ("Hello\n\n> quo\u200bted", None, ("zero_width",)),
    ],
)
def test_read_text_when_something_is_hidden_then_its_kinds_are_told(text: str, html: str | None, expected: tuple[str, ...]) -> None:
    assert read_text(text, html).removed == expected


def test_read_text_when_a_mark_is_broken_by_invisible_characters_then_the_quote_is_split_off() -> None:
    read = read_text("Thanks!\n\nOn Mon, Nov 23, 2026 at 10:15 AM Shop <support@shop.example> wr\u200bote:\n\u200b> Hi", None)

    assert read == ReadText(
        "Thanks!", "On Mon, Nov 23, 2026 at 10:15 AM Shop <support@shop.example> wrote:\n> Hi", "", ("zero_width",)
    )


@pytest.mark.parametrize("name", REPLIES)
def test_read_text_when_a_program_writes_an_html_reply_then_the_quote_is_split_off(name: str) -> None:
    html = written(name, reply="Where is it?<br>Ada", quote="Dear Ada,<br>it left us today.")

    read = read_text("", html)

    assert read.reply == "Where is it?\nAda"
    assert "it left us today." in read.quoted


@pytest.mark.parametrize("name", ["outlook desktop en", "outlook web en", "gmail en", "apple en", "thunderbird en", "yahoo en"])
def test_read_text_when_a_program_writes_an_ordinary_reply_then_nothing_was_hidden(name: str) -> None:
    assert read_text("", written(name, reply="Where is it?", quote="It left us.")).removed == ()


@pytest.mark.parametrize("name", [name for name in REPLIES if not name.startswith(("outlook", "gmx", "web.de", "yahoo"))])
def test_read_text_when_the_answer_stands_below_the_quote_then_it_stays(name: str) -> None:
    html = written(name, reply="Hello,", quote="When does it come?").replace("</body>", "<div>By Friday, please.</div></body>")

    read = read_text("", html if "</body>" in html else html + "<div>By Friday, please.</div>")

    assert read.reply == "Hello,\nBy Friday, please."


@pytest.mark.parametrize("name", REPLIES)
def test_read_text_when_replies_are_nested_then_all_but_the_last_is_quoted(name: str) -> None:
    first = written(name, reply="First answer", quote="First question")
    body = first[first.find("<body") :] if "<body" in first else first

    read = read_text("", written(name, reply="Second answer", quote=body))

    assert read.reply == "Second answer"
    assert ["First answer" in read.quoted, "First question" in read.quoted] == [True, True]


def test_read_text_when_answers_stand_between_two_blockquotes_then_they_stay() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 23, 2026 at 10:15 AM Shop &lt;support@shop.example&gt; wrote:'
        '</div><blockquote class="gmail_quote">Which size?</blockquote><div>Large.</div>'
        '<blockquote class="gmail_quote">Which colour?</blockquote><div>Green.</div></div>'
    )

    assert read_text("", html).reply == "Large.\nGreen."


@pytest.mark.parametrize("piece", BROKEN)
def test_read_text_when_the_html_is_made_to_stall_a_parser_then_it_returns(piece: str) -> None:
    assert len(read_text("", piece * (200_000 // len(piece))).reply) < 400_000


@pytest.mark.parametrize("html", ["<![=", "<![foo[ x", "<!doctype [", "<![CDATA[x", "<?php", "&#x110000;", "&#xd800;", "<p>\ud800"])
def test_read_text_when_the_html_is_malformed_then_it_returns(html: str) -> None:
    read_text("", html).reply.encode()


@given(
    text=st.text(max_size=20),
    html=st.one_of(
        st.none(), st.text(max_size=300), st.lists(st.sampled_from([*BROKEN, "x", ">", "</ul>", "]]>", "-->"])).map("".join)
    ),
)
@settings(max_examples=100, deadline=None)
def test_read_text_when_text_and_html_are_any_then_a_reply_unless_nothing_is_seen(text: str, html: str | None) -> None:
    read = read_text(text, html)

    assert bool(read.reply.strip()) or (read.reply, read.quoted, read.signature) == ("", "", "")
