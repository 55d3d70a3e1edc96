"""Articles as they are stored, and the blocks that they are read in. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from service.errors import InvalidInput
from service.mime.charsets import clean

MAX_ARTICLES = 1_000
"""Of a shop: a search ranks all that have any of the message's words."""

MAX_SLUG_LENGTH = 100
MAX_TITLE_LENGTH = 200
MAX_BODY_LENGTH = 50_000
MAX_BLOCKS = 1_000
"""A search reads each block of the best articles: these are as many as 50,000 characters of text ever have."""

BLOCK_END = r"\n\n|\n(?=#{1,6} )"
"""Between two blocks: an empty line, or the line end before a heading. Python and PostgreSQL read it alike."""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_BLOCK_END = re.compile(BLOCK_END)
_EMPTY_LINES = re.compile(r"\n{3,}+")
_CONTROL = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article as its shop wrote it; the bounds are those of storable_article()."""

    slug: str
    title: str
    body: str


def is_slug(text: str) -> bool:
    """Whether an article can have this slug: lower-case letters, digits and inner hyphens, at most 100."""
    return _SLUG.fullmatch(text) is not None


def storable_article(slug: str, *, title: str, body: str) -> ArticleText:
    r"""Return the article without control characters, the title on one line, line ends as "\n", never two empty lines together.

    Doing it twice changes nothing.

    Raises:
        InvalidInput: an odd slug, an empty text, or one that is too long.
    """
    if not is_slug(slug):
        raise InvalidInput(f"A slug is 1-{MAX_SLUG_LENGTH} lower-case letters, digits and inner hyphens")
    # Line ends become spaces, other control characters go, and what was around them may be two spaces then.
    title = " ".join(" ".join(normal(title).split()).translate(_CONTROL).split())
    if not 0 < len(title) <= MAX_TITLE_LENGTH:
        raise InvalidInput(f"The title is empty or over {MAX_TITLE_LENGTH} characters")
    if len(body) > 2 * MAX_BODY_LENGTH:
        raise InvalidInput(f"The body is over {MAX_BODY_LENGTH:,} characters")
    body = _body(body)
    if not 0 < len(body) <= MAX_BODY_LENGTH:
        raise InvalidInput(f"The body is empty or over {MAX_BODY_LENGTH:,} characters")
    if len(blocks_of(body)) > MAX_BLOCKS:
        raise InvalidInput(f"The body has over {MAX_BLOCKS:,} paragraphs; make several articles of it")
    return ArticleText(slug, title, body)


def normal(text: str) -> str:
    """Return text that PostgreSQL takes, and in which "é" is one character: an index knows no other as the same."""
    return unicodedata.normalize("NFC", clean(text))


def blocks_of(body: str) -> list[tuple[int, int]]:
    """Return where each block begins and ends, in order: paragraphs, lists, headings with what stands right below them."""
    found, start = [], 0
    for end in _BLOCK_END.finditer(body):
        found.append((start, end.start()))
        start = end.end()
    return [*found, (start, len(body))]


def _body(text: str) -> str:
    text = normal(text).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
    lines = (line if line.strip() else "" for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
