"""Visible HTML as lines: blocks, rows, lists, kept line ends, and marks before what is quoted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inscriptis.css_profiles import CSS_PROFILES

from service.inbox.text.html_lines import MAX_QUOTE_MARKS, html_lines
from service.inbox.text.visible import visible_html

CITE = '<blockquote type="cite">'
TAGS = ("div", "p", "ul", "ol", "li", "table", "tr", "td", "th", "pre", "blockquote", "b", "select", "h1")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("no markup", "no markup"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<hr>three", "one\ntwo\nthree"),
        ("<div>one</div> \n <div> </div><div>\u00a0</div>two", "one\ntwo"),
        ("a &lt;b&gt; &amp; \u00fc &amp;lt;", "a <b> & \u00fc &lt;"),
        ("<b>Hel</b>l<span>o</span>", "Hello"),
        ("<ul><li>one</li><li><p>two</p></li></ul><ol><li>three</li></ol>", "  * one\n  * two\n 1. three"),
        ("<h1>Title</h1>text", "Title\ntext"),
        # A row is a line, also where a program puts a paragraph into each cell.
        ("<table><tr><td>Lamp</td><td>2</td></tr><tr><td>Mug</td><td>1</td></tr></table>end", "Lamp 2\nMug 1\nend"),
        ("<table><tr><td><p>Lamp</p></td><td><div>2</div></td></tr><tr><td></td><td><p>1</p></td></tr></table>", "Lamp 2\n1"),
        ("<table><tr><td><div>one</div><div>two</div></td></tr></table>", "one\ntwo"),
        # Line ends count in some elements only.
        ("<p>one\ntwo</p>", "one two"),
        ("<pre>one\ntwo</pre>", "one\ntwo"),
        ('<div style="white-space: pre-wrap">one\n<span>two\nthree</span></div>', "one\ntwo\nthree"),
        ('<pre>one\n<i style="white-space:normal">two\nthree</i></pre>', "one\ntwo three"),
    ],
)
def test_html_lines_when_there_is_structure_then_lines_as_a_reader_sees_them(html: str, expected: str) -> None:
    assert html_lines(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"a{CITE}b<br>c</blockquote>d", "a\n> b\n> c\nd"),
        (f"{CITE}a{CITE}b</blockquote>c</blockquote>d", "> a\n> > b\n> c\nd"),
        (f"a{CITE}<table><tr><td>b</td><td>c</td></tr></table></blockquote>", "a\n> b c"),
        (f"<table><tr><td>a</td></tr><tr><td>{CITE}b</blockquote></td></tr></table>c", "a\n> b\nc"),
        (f"a{CITE}</blockquote>b", "a\nb"),
        ('a<blockquote class="gmail_quote">b</blockquote>', "a\n> b"),
        ("a<blockquote>b</blockquote>", "a\n> b"),
        ('a<blockquote style="border:none;border-left:solid #CCC 1.0pt">b</blockquote>', "a\n> b"),
        # What editors write for "more indent" quotes nobody.
        ('a<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">b</blockquote>', "a\nb"),
        # Marks of our own cannot be forged.
        ("a\ufdd0b\ufdd1<br>c", "ab\nc"),
        ("a&amp;#xfdd0;<br>b", "a&#xfdd0;\nb"),
    ],
)
def test_html_lines_when_something_is_quoted_then_its_lines_are_marked(html: str, expected: str) -> None:
    assert html_lines(html) == expected


def test_html_lines_when_quotes_are_nested_without_end_then_the_marks_are_few() -> None:
    assert html_lines(CITE * 100 + "x" + "</blockquote>" * 100) == "> " * MAX_QUOTE_MARKS + "x"


@pytest.mark.parametrize("tag", TAGS)
def test_html_lines_when_it_is_deeper_than_inscriptis_reads_then_the_words_all_the_same(tag: str) -> None:
    assert "one &lt; two" in html_lines(f"<{tag}>" * 400 + "one &amp;lt; two" + f"</{tag}>" * 400)


@given(
    pieces=st.lists(st.sampled_from(["x", " ", "\n", "&amp;", "<br>", *(f"<{slash}{tag}>" for slash in ("", "/") for tag in TAGS)]))
)
@settings(max_examples=200, deadline=None)
def test_html_lines_when_the_html_is_any_then_no_word_is_lost(pieces: list[str]) -> None:
    seen, _ = visible_html("".join(pieces))

    lines = html_lines(seen)

    assert (lines.count("x"), lines.count("&")) == (pieces.count("x"), pieces.count("&amp;"))


def test_html_lines_when_attributes_give_orders_then_nothing_obeys() -> None:
    html = f'<p style="margin-top:99999em;padding-left:99999em">x</p><ol><li value="{"9" * 5_000}">y</li></ol>'

    assert html_lines(html) == "x\n 1. y"


def test_html_lines_when_it_has_run_then_no_mail_is_left_in_what_threads_share() -> None:
    html_lines("<p>one</p>")

    assert CSS_PROFILES["strict"]["body"].canvas is None
