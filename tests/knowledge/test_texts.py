"""Articles as they become storable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.knowledge.texts import blocks_of, is_slug, storable_article


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("returns", True),
        ("7", True),
        ("how-to-return-2", True),
        ("a--b", True),
        ("x" * 100, True),
        ("", False),
        ("x" * 101, False),
        ("-a", False),
        ("a-", False),
        ("A", False),
        ("a b", False),
        ("a/b", False),
        ("../a", False),
        ("a\n", False),
        ("rück", False),
        ("\u0661", False),
        ("a\x00", False),
        ("\ud800", False),
    ],
)
def test_slug_when_judged_then_only_plain_ones_pass(slug: str, expected: bool) -> None:
    assert is_slug(slug) == expected


@pytest.mark.parametrize(
    ("given_title", "stored"),
    [
        (" Returns ", "Returns"),
        ("Returns\r\nBcc: me", "Returns Bcc: me"),
        ("Re\x00turns\x1b[31m", "Returns[31m"),
        ("x\ud800", "x?"),
        ("x" * 200, "x" * 200),
    ],
)
def test_title_when_stored_then_it_is_one_clean_line(given_title: str, stored: str) -> None:
    assert storable_article("a", title=given_title, body="b").title == stored


@pytest.mark.parametrize(
    ("given_body", "stored"),
    [
        ("\ufeff a\r\nb\rc ", "a\nb\nc"),
        ("a\n \t\n\n\nb", "a\n\nb"),
        ("a\x00\x07b\x1b[0m", "ab[0m"),
        ("a\tb  \nc", "a\tb  \nc"),
        ("e\u0301", "é"),
        ("a\udfffb", "a?b"),
    ],
)
def test_body_when_stored_then_its_line_ends_are_of_one_kind(given_body: str, stored: str) -> None:
    assert storable_article("a", title="t", body=given_body).body == stored


@pytest.mark.parametrize(
    ("title", "body", "words"),
    [
        ("", "b", "title"),
        ("\x00\n", "b", "title"),
        ("x" * 201, "b", "title"),
        ("t", "", "body"),
        ("t", " \n\x00\n", "body"),
        ("t", "x" * 50_001, "50,000"),
        ("t", " " * 10_000_000, "50,000"),
        ("t", "x\n\n" * 1_001, "1,000 paragraphs"),
    ],
)
def test_article_when_out_of_bounds_then_invalid(title: str, body: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        storable_article("a", title=title, body=body)


@given(st.text(), st.text(alphabet=st.sampled_from("ab#- .\n\r\t\x00\x0b\ud800\u2028é\u0301|1:")))
def test_article_when_stored_twice_then_nothing_changes(title: str, body: str) -> None:
    try:
        once = storable_article("a", title=title, body=body)
    except InvalidInput:
        return

    assert storable_article("a", title=once.title, body=once.body) == once
    assert "\n\n\n" not in once.body


def test_blocks_when_read_then_headings_begin_one() -> None:
    body = "one\ntwo\n\n# Three\nfour\n## Five\n\nsix\n#seven"

    assert [body[start:end] for start, end in blocks_of(body)] == ["one\ntwo", "# Three\nfour", "## Five", "six\n#seven"]
