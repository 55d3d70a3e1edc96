"""What is read of a shop's articles. Every query names the shop: another shop's article does not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.drafting.types import Excerpt
from service.knowledge.courtesy import without_courtesy
from service.knowledge.languages import configuration_of
from service.knowledge.ranking import Found, choose_excerpts
from service.knowledge.texts import BLOCK_END, MAX_ARTICLES, is_slug, normal

MAX_QUERY_LENGTH = 2_000
MAX_QUERY_WORDS = 100
MAX_RANKED = 8
"""Articles whose passages are looked at."""

# The words that the message begins with, in the form that the articles' index has them; any of them may be in an article.
# Only the best articles' blocks are read. The inner LIMIT keeps the planner from the index over all shops' words: a mail has common
# ones, which most articles of every shop have.
_SEARCH = f"""
WITH words AS MATERIALIZED (
    SELECT lexeme, (row_number() OVER (ORDER BY positions[1], lexeme))::int AS number
    FROM unnest(to_tsvector($2::text::regconfig, $3)) ORDER BY number LIMIT {MAX_QUERY_WORDS}
), asked AS MATERIALIZED (
    SELECT string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery AS query FROM words
), best AS MATERIALIZED (
    SELECT id, slug, title, body, ts_rank(search, query, 1) AS rank
    FROM (SELECT id, slug, title, body, search FROM article WHERE shop = $1 LIMIT {MAX_ARTICLES}) AS mine, asked
    WHERE search @@ query ORDER BY rank DESC, slug LIMIT {MAX_RANKED}
), matched AS MATERIALIZED (
    SELECT best.id, block.place - 1 AS place, array_agg(words.number) AS numbers
    FROM best, regexp_split_to_table(best.body, E'{BLOCK_END}') WITH ORDINALITY AS block (text, place),
         unnest(to_tsvector($2::text::regconfig, block.text)) AS word JOIN words ON words.lexeme = word.lexeme
    GROUP BY best.id, block.place
)
SELECT slug, title, body,
       ARRAY(SELECT words.number FROM unnest(to_tsvector($2::text::regconfig, title)) AS word
             JOIN words ON words.lexeme = word.lexeme) AS title_words,
       (SELECT json_agg(json_build_array(place, numbers)) FROM matched WHERE matched.id = best.id) AS words_of_block
FROM best ORDER BY rank DESC, slug
"""

_COLUMNS = "slug, title, body, created_at, updated_at"
_GET = f"SELECT {_COLUMNS} FROM article WHERE shop = $1 AND slug = $2"
_LIST = """
SELECT slug, title, length(body) AS length, created_at, updated_at FROM article
WHERE shop = $1 AND slug > $2 ORDER BY slug LIMIT $3
"""

_blocks = msgspec.json.Decoder(list[tuple[int, frozenset[int]]])


async def find_excerpts(shop_id: UUID, *, language: str, query: str, limit: int = 5) -> tuple[Excerpt, ...]:
    """Return the passages of a shop's articles that answer a message best, best first; none where no word matches.

    language: the shop's, ISO 639-1: its articles are indexed in it.
    query: the customer's message; its first 2,000 characters count.

    Excerpts are verbatim, at most two of an article, about 4,000 characters together. One statement; works inside a unit of work.
    """
    rows = await fetch(_SEARCH, shop_id, configuration_of(language), without_courtesy(normal(query[:MAX_QUERY_LENGTH])))
    found = [
        Found(
            slug=row["slug"],
            title=row["title"],
            body=row["body"],
            title_words=frozenset(row["title_words"]),
            words_of_block=dict(_blocks.decode(row["words_of_block"] or "[]")),
        )
        for row in rows
    ]
    return choose_excerpts(found, limit=limit)


async def get_article(shop_id: UUID, slug: str) -> Any:  # noqa: ANN401 - asyncpg's Record has no types of its own
    """Return one article's row, or None."""
    return await fetch_row(_GET, shop_id, slug) if is_slug(slug) else None


async def list_articles(shop_id: UUID, *, after: str = "", limit: int) -> list[Any]:
    """Return up to limit rows by slug, those after `after`; never the bodies, only their `length` in characters."""
    return list(await fetch(_LIST, shop_id, after, limit))
