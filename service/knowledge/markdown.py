"""One Markdown file as an article: its slug from where it stands, its title from its heading. Pure."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

from service.errors import InvalidInput
from service.knowledge.texts import MAX_SLUG_LENGTH, ArticleText, is_slug, storable_article

_FENCES = ("```", "~~~")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


def article_of(path: PurePath, text: str) -> ArticleText:
    """Return the article of a file: `returns/how-to.md` is `returns-how-to`; the first `# ` heading, or the file's name, its title.

    path: relative to the directory that is imported.

    Raises:
        InvalidInput: the path makes no slug, or the text is none of an article; see storable_article().
    """
    title, body = _split(text)
    return storable_article(slug_of(path), title=title or _spoken(path.stem), body=body)


def slug_of(path: PurePath) -> str:
    """Return the slug of a relative path. Raises InvalidInput: no letter or digit in it, or more than a slug may have."""
    words = unicodedata.normalize("NFC", "-".join(path.with_suffix("").parts)).casefold().translate(_LETTERS)
    slug = _NO_SLUG.sub("-", unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()).strip("-")
    if not is_slug(slug):
        raise InvalidInput(f"Its path makes no slug of 1-{MAX_SLUG_LENGTH} letters a-z, digits and hyphens; rename it")
    return slug


def _split(text: str) -> tuple[str, str]:
    """Return the first `# ` heading outside code, and the text without its line."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_code = False
    for place, line in enumerate(lines):
        if line.lstrip().startswith(_FENCES):
            is_code = not is_code
        elif line.startswith("# ") and not is_code and line[2:].strip(" #"):
            return line[2:].strip().rstrip("#"), "\n".join([*lines[:place], *lines[place + 1 :]])
    return "", "\n".join(lines)


def _spoken(stem: str) -> str:
    words = stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
