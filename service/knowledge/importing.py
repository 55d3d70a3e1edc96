"""A directory of Markdown files as a shop's articles. Doing it again changes only what changed."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from service.errors import InvalidInput
from service.knowledge.markdown import article_of, slug_of
from service.knowledge.queries import list_articles
from service.knowledge.service import Put, TooManyArticles, delete_articles, put_article
from service.knowledge.texts import MAX_ARTICLES

MAX_FILES = 1_000
MAX_FILE_BYTES = 200_000
MAX_DIRECTORIES = 10_000
"""Directories that are looked through: whoever names `/` by mistake is told so."""


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that was left away. `problem` never names its content."""

    path: str
    problem: str


@dataclass(slots=True)
class Tally:
    """What became of the files. `deleted`: articles that no file was there for."""

    puts: Counter[Put] = field(default_factory=Counter)
    deleted: int = 0
    bad: list[BadFile] = field(default_factory=list)


async def import_articles(shop_id: UUID, folder: Path, *, prune: bool) -> Tally:
    """Store each `*.md` below a directory as an article, each committed.

    prune: delete the shop's articles that have no file; those of bad files stay.

    Raises:
        InvalidInput: no such directory, or it holds no `*.md` at all, or over 1,000.
        DatabaseUnavailable: temporary. What was committed before stays.
    """
    paths = _markdown_files(folder)
    tally = Tally()
    path_of_slug: dict[str, Path] = {}
    for path in paths:
        try:
            _take_slug(path, path_of_slug)
            article = article_of(path, _read(folder, path))
            tally.puts[await put_article(shop_id, slug=article.slug, title=article.title, body=article.body)] += 1
        except (InvalidInput, TooManyArticles) as error:
            tally.bad.append(BadFile(shown(path), str(error)))
    if prune:
        known = [row["slug"] for row in await list_articles(shop_id, limit=MAX_ARTICLES)]
        tally.deleted = await delete_articles(shop_id, [slug for slug in known if slug not in path_of_slug])
    return tally


def shown(path: Path) -> str:
    """Return a path for a person's eyes: a name may be of any bytes."""
    return "".join(each if each.isprintable() else "?" for each in os.fsencode(path).decode("utf-8", "replace"))


def _take_slug(path: Path, path_of_slug: dict[str, Path]) -> None:
    slug = slug_of(path)
    if slug in path_of_slug:
        raise InvalidInput(f"It has the slug of {shown(path_of_slug[slug])}; rename one")
    path_of_slug[slug] = path


def _markdown_files(folder: Path) -> list[Path]:
    """Return the files' paths relative to the directory, sorted; names that begin with a dot are not looked at."""
    found: list[Path] = []
    for count, (root, directories, names) in enumerate(_walk(folder)):
        if count >= MAX_DIRECTORIES:
            raise InvalidInput(f"There are over {MAX_DIRECTORIES:,} directories below {shown(folder)}")
        directories[:] = sorted(name for name in directories if not name.startswith("."))
        relative = Path(root).relative_to(folder)
        found += [relative / name for name in names if name.lower().endswith(".md") and not name.startswith(".")]
        if len(found) > MAX_FILES:
            raise InvalidInput(f"There are over {MAX_FILES:,} files *.md below {shown(folder)}")
    if not found:
        raise InvalidInput(f"There is no file *.md below {shown(folder)}")
    return sorted(found)


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    def fail(error: OSError) -> None:
        raise InvalidInput(f"Cannot read {shown(Path(error.filename))}: {error.strerror}") from error

    # Linked directories are not followed: they may lead out, or round and round.
    return os.walk(folder, onerror=fail, followlinks=False)


def _read(folder: Path, path: Path) -> str:
    try:
        whole = (folder / path).resolve(strict=True)
        if not whole.is_relative_to(folder.resolve()):
            raise InvalidInput("It is a link that leads out of the directory")
        # A pipe or a device would be read for ever.
        if not stat.S_ISREG(whole.stat().st_mode):
            raise InvalidInput("It is no plain file")
        with whole.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, RuntimeError) as error:
        raise InvalidInput(f"It cannot be read: {getattr(error, 'strerror', None) or 'its link leads nowhere'}") from error
    if len(content) > MAX_FILE_BYTES:
        raise InvalidInput(f"It is over {MAX_FILE_BYTES:,} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise InvalidInput("It is not UTF-8") from None
