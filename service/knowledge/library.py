"""Articles as this process has read them: their passages, and the words of each as the full-text index has them.

To read an article takes PostgreSQL a hundred times longer than to rank it, and a shop's mails ask for the same few again and again.
An article that has changed has another key, so that what is kept is never stale; what was not asked for longest goes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from service.knowledge.passages import Passage, passages_of
from service.knowledge.ranking import Found

MAX_KEPT_LENGTH = 4_000_000
"""Characters of all bodies together; with their words they take some ten times as many bytes."""


class Edition(NamedTuple):
    """An article as it stood at a time. configuration: how PostgreSQL reads its language."""

    article_id: UUID
    updated_at: datetime
    configuration: str


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article's passages. `numbers`: its words, each with the number that stands for it in the passages and the title."""

    slug: str
    title: str
    length: int
    numbers: Mapping[str, int]
    title_words: frozenset[int]
    passages: Sequence[Passage]

    def found(self, asked: Mapping[str, int]) -> Found:
        """Return the article with those of its words that are asked for, by the number they have there."""
        known = [(own, number) for word, number in asked.items() if (own := self.numbers.get(word)) is not None]

        def among(words: frozenset[int]) -> frozenset[int]:
            return frozenset(number for own, number in known if own in words)

        passages = [Passage(each.text, among(each.words)) for each in self.passages]
        return Found(slug=self.slug, title=self.title, title_words=among(self.title_words), passages=passages)


def read_article(
    slug: str, *, title: str, body: str, words_of_title: Sequence[str], words_of_block: Sequence[tuple[int, Sequence[str]]]
) -> ReadArticle:
    """Return an article as it is kept. words_of_block: by the block's place in blocks_of(); one without any may be missing."""
    numbers: dict[str, int] = {}

    def numbered(words: Sequence[str]) -> frozenset[int]:
        return frozenset(numbers.setdefault(word, len(numbers)) for word in words)

    blocks = {place: numbered(words) for place, words in words_of_block}
    return ReadArticle(
        slug=slug,
        title=title,
        length=len(body),
        title_words=numbered(words_of_title),
        passages=passages_of(body, blocks),
        numbers=numbers,
    )


class Library:
    """What has been read, at most so many characters of it. Belongs to one event loop."""

    def __init__(self, max_length: int = MAX_KEPT_LENGTH) -> None:
        self._max_length = max_length
        self._length = 0
        self._kept: dict[Edition, ReadArticle] = {}

    def get(self, edition: Edition) -> ReadArticle | None:
        """Return an article that is kept; it is then the last to go."""
        article = self._kept.pop(edition, None)
        if article is not None:
            self._kept[edition] = article
        return article

    def put(self, edition: Edition, article: ReadArticle) -> None:
        """Keep an article, and let those go that were not asked for longest."""
        old = self._kept.pop(edition, None)
        self._length += article.length - (old.length if old else 0)
        self._kept[edition] = article
        while self._length > self._max_length and self._kept:
            self._length -= self._kept.pop(next(iter(self._kept))).length
