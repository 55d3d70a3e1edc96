"""Markdown files as articles: where the slug and the title come from."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from service.errors import InvalidInput
from service.knowledge.markdown import article_of, slug_of
from service.knowledge.texts import ArticleText


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("returns.md", "returns"),
        ("returns/how-to.md", "returns-how-to"),
        ("A b/C_d (2).md", "a-b-c-d-2"),
        ("Rückgabe/Größe.md", "rueckgabe-groesse"),
        ("Ru\u0308ckgabe.md", "rueckgabe"),
        ("façade/naïve.MD", "facade-naive"),
        ("v1.2.md", "v1-2"),
        ("--a--.md", "a"),
    ],
)
def test_slug_when_made_of_a_path_then_its_words_are_joined(path: str, slug: str) -> None:
    assert slug_of(PurePath(path)) == slug


@pytest.mark.parametrize("path", ["配送.md", "---.md", "x" * 101 + ".md", "\udcff.md"])
def test_slug_when_the_path_makes_none_then_invalid(path: str) -> None:
    with pytest.raises(InvalidInput, match="rename it"):
        slug_of(PurePath(path))


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# Returns\n\nFree.", "Returns", "Free."),
        ("\ufeff# Returns #\r\n\r\nFree.\r\n", "Returns", "Free."),
        ("Intro.\n\n# Returns\n\nFree.\n# Two\nMore.", "Returns", "Intro.\n\nFree.\n# Two\nMore."),
        ("```\n# no heading\n```\n# Returns\nFree.", "Returns", "```\n# no heading\n```\nFree."),
        ("## Small\nFree.", "How to return", "## Small\nFree."),
        ("#\n# \nFree.", "How to return", "#\n# \nFree."),
        ("Free.", "How to return", "Free."),
    ],
)
def test_article_when_read_then_its_title_is_the_first_heading_or_the_files_name(text: str, title: str, body: str) -> None:
    assert article_of(PurePath("how-to_return.md"), text) == ArticleText("how-to-return", title, body)


def test_article_when_there_is_nothing_below_the_heading_then_invalid() -> None:
    with pytest.raises(InvalidInput, match="body is empty"):
        article_of(PurePath("a.md"), "# Returns\n")
