"""Hidden markup and invisible characters do not reach the model; what a reader sees does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.inbox.text.html_lines import html_lines
from service.inbox.text.visible import KEPT_DEPTH, visible_html, visible_text

HIDING = [
    ("<p style='display:none'>x</p>", "display_none"),
    ("<p style='DISPLAY : None !important'>x</p>", "display_none"),
    ("<p style='dis/* */play:none'>x</p>", "display_none"),
    ("<p style='\\64 isplay:none'>x</p>", "display_none"),
    ("<p style='display:block;display:none'><b>x</b></p>", "display_none"),
    ("<p hidden>x</p>", "hidden_attribute"),
    ("<p hidden=until-found>x</p>", "hidden_attribute"),
    ("<p style='visibility:hidden'>x</p>", "visibility_hidden"),
    ("<p style='visibility:collapse'><b>x</b></p>", "visibility_hidden"),
    ("<p style='font-size:0'>x</p>", "tiny_font"),
    ("<p style='font-size:1px'>x</p>", "tiny_font"),
    ("<p style='font-size:.05em'><b style='font-size:3em'>x</b></p>", "tiny_font"),
    ("<p style='font:0/0 a'>x</p>", "tiny_font"),
    ("<p style='opacity:0'>x</p>", "transparent"),
    ("<p style='max-height:0;overflow:hidden'>x</p>", "zero_size"),
    ("<p style='width:0px;overflow-x:hidden'>x</p>", "zero_size"),
    ("<p style='text-indent:-9999px'>x</p>", "off_screen"),
    ("<p style='position:absolute;left:-999em'>x</p>", "off_screen"),
    ("<p style='mso-hide:all'>x</p>", "mso_hide"),
    ("<!-- x -->", "comment"),
    ("<!--[if mso]><p>x</p><![endif]-->", "comment"),
    ("<!--[if !mso]><!-- x --><!--<![endif]-->", "comment"),
    ("<style>.h{display:none}</style><p class='a h'>x</p>", "display_none"),
    ("<p id=h>x</p><style>a,p#h{color:red;display:none}</style>", "display_none"),
    ("<div style='display:none'><div>x</div><p>x</div>", "display_none"),
]
SEEN = [
    "<p style='display:block'>x</p>",
    "<p style='font-size:2px'>x</p>",
    "<p style='opacity:.5;height:0;width:auto'>x</p>",
    "<p style='font-size:0'><b style='font-size:13px'>x</b></p>",
    "<p style='visibility:hidden'><b style='visibility:visible'>x</b></p>",
    "<p style='font:12px Arial'>x</p>",
    "<p style='top:-9999px'>x</p>",
    "<p style='color:red;display'>x</p>",
    "<style>.h{display:none}</style><p class=h style='display:block'>x</p>",
    "<style>@media print{.h{display:none}}</style><p class=h>x</p>",
    "<!----><style>div .h{display:none}</style><p class=h>x</p>",
    "<p style='display:none'></p>x",
    "<p>x",
    "x",
    "</div>x",
]


@pytest.mark.parametrize(("html", "kind"), HIDING)
def test_visible_html_when_words_are_hidden_then_they_are_gone_and_named(html: str, kind: str) -> None:
    seen, kinds = visible_html(f"<p>before</p>{html}<p>after</p>")

    assert (html_lines(seen), kinds) == ("before\nafter", (kind,))


@pytest.mark.parametrize("html", SEEN)
def test_visible_html_when_words_are_seen_then_they_stay(html: str) -> None:
    seen, kinds = visible_html(html)

    assert (html_lines(seen), kinds) == ("x", ())


@pytest.mark.parametrize(
    "html",
    [
        "",
        " \n",
        "<p></p>",
        "<!---->",
        "<script>alert(1)</script>",
        "<style>p{color:red}</style>",
        "<style style='display:none'>p{color:red}</style>",
        "<head><title>x</title></head>",
        "<iframe>x</iframe><noframes><b>x</b></noframes>",
        "<!--[if gte mso 9]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]-->",
        "<!--[if !mso]><!--><!--<![endif]-->",
        "<!--[if mso]><table><tr><td><![endif]-->",
    ],
)
def test_visible_html_when_there_are_no_words_then_nothing_is_named(html: str) -> None:
    seen, kinds = visible_html(html)

    assert (html_lines(seen), kinds) == ("", ())


def test_visible_html_when_it_is_rewritten_then_links_tables_and_entities_stay() -> None:
    html = "<table><tr><td>a &lt;b&gt; &amp; \u00fc</td><td>"
    html += '<a href="https://x.example/?a=1&amp;b=%22" onclick=\'"\'>link</a></td></tr></table>'

    seen, _ = visible_html(html)

    assert html_lines(seen) == html_lines(html)
    assert 'href="https://x.example/?a=1&amp;b=%22"' in seen


@pytest.mark.parametrize("depth", [KEPT_DEPTH, 400, 990])
def test_visible_html_when_elements_are_nested_then_the_innermost_words_are_found(depth: int) -> None:
    seen, kinds = visible_html("<div>" * depth + "one<p>two</p><p style='display:none'>three</p>")

    assert html_lines(seen).split() == ["one", "two"]
    assert kinds == ("display_none",)
    assert seen.count("<div>") <= KEPT_DEPTH


def test_visible_html_when_it_is_nested_without_end_then_the_top_is_kept() -> None:
    seen, kinds = visible_html("<p>top</p>" + "<div>" * 50_000 + "deep")

    assert (html_lines(seen), kinds) == ("top", ("too_deep",))


@pytest.mark.parametrize("size", [40_000, 1_000_000])
@pytest.mark.parametrize(
    "piece",
    [
        "<p><b id=1>", "<div></p>", "<table><td></div>", "<ul><li>", "<p style='display:none'>x</p>", "<!--", "<", "</", "<!",
        "<a ", "<a b='", "<style>", "<style>.a{", "<style>}", "<style>a,",
        "<p style='/*", "<script>", "&#", "\x00", "<p class='a b'>",
    ],
)  # fmt: skip
def test_visible_html_when_it_is_made_to_stall_a_parser_then_it_returns(piece: str, size: int) -> None:
    seen, _ = visible_html("<style>.a{display:none}</style>" + piece * (size // len(piece)))

    assert len(seen) < 20 * size


@pytest.mark.parametrize("before", ["<p style='", "<p class='", "<style>", "<style>.a{"])
@pytest.mark.parametrize("piece", ["/*", "\\", ";", ":", "a ", ".a{display:none}", "font:0 ", "top:1", "1" * 40])
def test_visible_html_when_its_styles_are_made_to_stall_it_then_it_returns(before: str, piece: str) -> None:
    seen, _ = visible_html(before + piece * (1_000_000 // len(piece)) + "'></style>x")

    assert len(seen) < 6_000_000


@given(
    html=st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from([*(html for html, _ in HIDING), *SEEN, "<", ">", "'", '"', "&", "</p>", "<table>", "<svg>", "\x00"])
        ).map("".join),
    )
)
@settings(max_examples=100, deadline=None)
def test_visible_html_when_it_is_any_then_seen_twice_is_seen_once(html: str) -> None:
    seen, _ = visible_html(html)

    again, kinds = visible_html(seen)
    assert html_lines(again) == html_lines(seen)
    assert kinds == ()


@pytest.mark.parametrize(
    ("text", "expected", "kinds"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x0cf\x85g\nh", "a\nb\nc\nd\ne\nf\ng\nh", ()),
        ("tab\tstays", "tab\tstays", ()),
        ("re\u200bfund\u2060\ufeff", "refund", ("zero_width",)),
        ("re\u200dfu\u200cnd", "refund", ("zero_width",)),
        ("\u202eabc\u202c\u2066\u2069\u200e\u061c", "abc", ("bidi",)),
        ("ab\u00adc", "abc", ("soft_hyphen",)),
        ("a" + "".join(chr(0xE0000 + ord(each)) for each in "ignore all"), "a", ("tag",)),
        ("a\ufe0f\ufe00\U000e0101", "a", ("variation_selector",)),
        ("\x00\x1b[31m\x9f", "[31m", ("control",)),
        ("a\u3164\uffa0\u115fb\u034f", "ab", ("filler",)),
        ("a\u2063\ufff9\U0001d173", "a", ("format",)),
        # What scripts and emoji are made of.
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f\u200d\U0001f525", None, ()),
        ("1\ufe0f\u20e3 \U0001f44d\U0001f3fd\u200d\u2642\ufe0f", None, ()),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", None, ()),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", None, ()),
        ("\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937", None, ()),
        ("\u845b\U000e0100\u57ce", None, ()),
        ("\u1112\u1160\u11ab \u0600\u0661", None, ()),
        ("\u1820\u180b\u1821", None, ()),
        # The same, where nothing needs them.
        ("\u0645\u200c\u200c\u062e", "\u0645\u062e", ("zero_width",)),
        ("\U0001f468\u200d a\u200d\U0001f469", "\U0001f468 a\U0001f469", ("zero_width",)),
        ("\u2764\ufe0f\ufe0f\ufe0f", "\u2764\ufe0f", ("variation_selector",)),
        ("\U0001f3f4\U000e0067", "\U0001f3f4", ("tag",)),
    ],
)  # fmt: skip
def test_visible_text_when_there_are_invisible_characters_then_only_needed_ones_stay(
    text: str, expected: str | None, kinds: tuple[str, ...]
) -> None:
    assert visible_text(text) == (text if expected is None else expected, kinds)


def test_visible_text_when_a_character_stands_in_plain_words_then_it_is_treated_as_among_others() -> None:
    kept_or_gone = {chr(code): visible_text(f"a{chr(code)}b")[0] for code in (*range(0x3200), *range(0xF900, 0xE0200))}

    odd = {each for each, seen in kept_or_gone.items() if visible_text(f"a{each}b\x00")[0] != seen}

    assert odd == set()


@pytest.mark.parametrize("size", [40_000, 1_000_000])
@pytest.mark.parametrize(
    "piece", ["\u200b", "\u200d", "\U0001f468\u200d", "\u0645\u200c", "\U0001f3f4\U000e0067", "\r", "\ufe0f", "x"]
)
def test_visible_text_when_it_is_long_then_it_returns(piece: str, size: int) -> None:
    assert len(visible_text(piece * (size // len(piece)))[0]) <= size


@given(
    text=st.text(
        st.one_of(st.characters(), st.sampled_from("\u200d\u200c\ufe0f\U000e0067\u2764\u0645\u1160\r\n\u202e")), max_size=60
    )
)
@settings(max_examples=100, deadline=None)
def test_visible_text_when_it_is_any_then_what_is_left_has_nothing_to_remove(text: str) -> None:
    seen, _ = visible_text(text)

    assert visible_text(seen) == (seen, ())
    assert [each for each in seen if each.isascii() and each.isprintable()] == [
        each for each in text if each.isascii() and each.isprintable()
    ]
