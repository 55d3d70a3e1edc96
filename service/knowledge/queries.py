"""What is read of a shop's articles. Every query names the shop: another shop's article does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.drafting.types import Excerpt
from service.knowledge.courtesy import without_courtesy
from service.knowledge.languages import configuration_of
from service.knowledge.library import Edition, Library, ReadArticle, read_article
from service.knowledge.ranking import choose_excerpts
from service.knowledge.texts import BLOCK_END, MAX_ARTICLES, is_slug, normal

MAX_QUERY_LENGTH = 2_000
MAX_QUERY_WORDS = 100
MAX_RANKED = 8
"""Articles whose passages are looked at."""

# The words that the message begins with, in the form that the articles' index has them; any of them may be in an article. Each row
# brings them all: as JSON, which costs nothing until it is read.
# The inner LIMIT keeps the planner from the index over all shops' words: a mail has common ones, which most articles of every shop
# have.
_SEARCH = f"""
WITH words AS MATERIALIZED (
    SELECT lexeme, row_number() OVER (ORDER BY positions[1], lexeme) AS number
    FROM unnest(to_tsvector($2::text::regconfig, $3)) ORDER BY number LIMIT {MAX_QUERY_WORDS}
), asked AS MATERIALIZED (
    SELECT string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery AS query,
           json_agg(lexeme ORDER BY number) AS words
    FROM words
)
SELECT id, updated_at, words
FROM (SELECT id, slug, updated_at, search FROM article WHERE shop = $1 LIMIT {MAX_ARTICLES}) AS mine, asked
WHERE search @@ query ORDER BY ts_rank(search, query, 1) DESC, slug LIMIT {MAX_RANKED}
"""

_READ = f"""
SELECT id, updated_at, slug, title, body, tsvector_to_array(to_tsvector($2::text::regconfig, title)) AS words_of_title,
       (SELECT json_agg(json_build_array(place - 1, tsvector_to_array(to_tsvector($2::text::regconfig, text))))
        FROM regexp_split_to_table(body, E'{BLOCK_END}') WITH ORDINALITY AS block (text, place)) AS words_of_block
FROM article WHERE shop = $1 AND id = ANY($3::uuid[]) LIMIT {MAX_RANKED}
"""

_COLUMNS = "slug, title, body, created_at, updated_at"
_GET = f"SELECT {_COLUMNS} FROM article WHERE shop = $1 AND slug = $2"
_LIST = """
SELECT slug, title, length(body) AS length, created_at, updated_at FROM article
WHERE shop = $1 AND slug > $2 ORDER BY slug LIMIT $3
"""

_words = msgspec.json.Decoder(list[str])
_blocks = msgspec.json.Decoder(list[tuple[int, list[str]]])
_library = Library()


async def find_excerpts(shop_id: UUID, *, language: str, query: str, limit: int = 5) -> tuple[Excerpt, ...]:
    """Return the passages of a shop's articles that answer a message best, best first; none where no word matches.

    language: the shop's, ISO 639-1: its articles are indexed in it.
    query: the customer's message; its first 2,000 characters count.

    Excerpts are verbatim, at most two of an article, about 4,000 characters together. One statement, two where an article has not
    been read before; works inside a unit of work.
    """
    configuration = configuration_of(language)
    rows = await fetch(_SEARCH, shop_id, configuration, without_courtesy(normal(query[:MAX_QUERY_LENGTH])))
    if not rows:
        return ()
    asked = {word: number for number, word in enumerate(_words.decode(rows[0]["words"]))}
    editions = [Edition(row["id"], row["updated_at"], configuration) for row in rows]
    articles = {each.article_id: article for each in editions if (article := _library.get(each)) is not None}
    if len(articles) < len(editions):
        missing = [each.article_id for each in editions if each.article_id not in articles]
        articles |= await _read(shop_id, configuration, missing)
    ranked = (articles.get(each.article_id) for each in editions)
    return choose_excerpts([each.found(asked) for each in ranked if each is not None], limit=limit)


async def _read(shop_id: UUID, configuration: str, article_ids: Sequence[UUID]) -> dict[UUID, ReadArticle]:
    """Return these articles as they stand now, and keep them; one that has just been deleted is missing."""
    found: dict[UUID, ReadArticle] = {}
    for row in await fetch(_READ, shop_id, configuration, list(article_ids)):
        found[row["id"]] = article = read_article(
            row["slug"],
            title=row["title"],
            body=row["body"],
            words_of_title=row["words_of_title"],
            words_of_block=_blocks.decode(row["words_of_block"]),
        )
        _library.put(Edition(row["id"], row["updated_at"], configuration), article)
    return found


async def get_article(shop_id: UUID, slug: str) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return one article's row, or None."""
    return await fetch_row(_GET, shop_id, slug) if is_slug(slug) else None


async def list_articles(shop_id: UUID, *, after: str = "", limit: int) -> list[Any]:
    """Return up to limit rows by slug, those after `after`; never the bodies, only their `length` in characters."""
    return list(await fetch(_LIST, shop_id, after, limit))
