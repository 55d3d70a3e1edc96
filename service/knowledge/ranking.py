"""Which passages of a shop's articles are worth quoting to a customer's message. Pure.

The database finds articles by any of the message's words; here the rare ones count, for "order" and "thanks" stand everywhere.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from service.drafting.types import Excerpt
from service.knowledge.passages import Passage

MAX_TOGETHER = 4_000
"""Characters of all excerpts of one search."""

MAX_OF_ARTICLE = 2
LEAST_OF_BEST = 0.3
"""A passage with less than this part of the best one's score is no answer to the same question."""

TITLE_WEIGHT = 1.2
"""A passage of an article about it tells more than one that mentions it."""


class Found(msgspec.Struct, frozen=True):
    """An article with any of the searched words, which are numbered.

    Attributes:
        title_words: those in its title.
        passages: all of its body, with those in each.
    """

    slug: str
    title: str
    title_words: frozenset[int]
    passages: Sequence[Passage]


def choose_excerpts(found: Sequence[Found], *, limit: int) -> tuple[Excerpt, ...]:
    """Return the best passages, best first, at most two of an article and 4,000 characters together."""
    passages = [(article, passage) for article in found for passage in article.passages]
    worth = _worth([passage.words | article.title_words for article, passage in passages])
    scored = [(_score(article, passage, worth), article, passage) for article, passage in passages]
    scored.sort(key=lambda each: -each[0])
    chosen: list[Excerpt] = []
    count_of_article = Counter[str]()
    room = MAX_TOGETHER
    for score, article, passage in scored:
        if len(chosen) == limit or score <= 0 or score < LEAST_OF_BEST * scored[0][0]:
            break
        if len(passage.text) <= room and count_of_article[article.slug] < MAX_OF_ARTICLE:
            chosen.append(Excerpt(slug=article.slug, title=article.title, text=passage.text))
            count_of_article[article.slug] += 1
            room -= len(passage.text)
    return tuple(chosen)


def _worth(passages: Iterable[frozenset[int]]) -> dict[int, float]:
    """Return how much each word tells: the fewer passages have it, the more."""
    passages = list(passages)
    counts = Counter(word for words in passages for word in words)
    return {word: math.log(1 + (len(passages) - count + 0.5) / (count + 0.5)) for word, count in counts.items()}


def _score(article: Found, passage: Passage, worth: Mapping[int, float]) -> float:
    text = sum(worth[word] for word in passage.words)
    return text + TITLE_WEIGHT * sum(worth[word] for word in article.title_words)
