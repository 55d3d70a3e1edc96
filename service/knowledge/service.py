"""Put and delete a shop's articles, each with its full-text index in the shop's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import structlog

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.db.unit_of_work import unit_of_work
from service.errors import Conflict, NotFound
from service.knowledge.languages import configuration_of
from service.knowledge.texts import MAX_ARTICLES, is_slug, storable_article

Put = Literal["new", "changed", "unchanged"]

log = structlog.get_logger()

# Writers of one shop's articles wait for each other, so that the count holds; mail and orders do not wait for them.
_LOCK = "SELECT language FROM shop WHERE id = $1 FOR NO KEY UPDATE"

# A statement of its own, for one that waits for a lock still counts what was there before it waited.
_COUNT = "SELECT count(*) AS articles, coalesce(bool_or(slug = $2), false) AS is_known FROM article WHERE shop = $1"

_PUT = """
INSERT INTO article (id, shop, slug, title, body, search, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, setweight(to_tsvector($6::text::regconfig, $4), 'A')
        || setweight(to_tsvector($6::text::regconfig, $5), 'B'), now(), now())
ON CONFLICT (shop, slug) DO UPDATE SET title = excluded.title, body = excluded.body, search = excluded.search, updated_at = now()
WHERE (article.title, article.body, article.search) IS DISTINCT FROM (excluded.title, excluded.body, excluded.search)
RETURNING id
"""

_DELETE = "DELETE FROM article WHERE shop = $1 AND slug = ANY($2::text[]) RETURNING slug"


class TooManyArticles(Conflict):
    """The shop has as many articles as a shop may have."""


async def put_article(shop_id: UUID, *, slug: str, title: str, body: str) -> Put:
    """Store an article under its slug, as storable_article() makes it; what is there in the same words stays as it is. Commits.

    Raises:
        InvalidInput: an odd slug, an empty text, or one that is too long.
        TooManyArticles: a new one, and the shop has 1,000.
        NotFound: no such shop.
    """
    article = storable_article(slug, title=title, body=body)
    async with unit_of_work():
        shop = await fetch_row(_LOCK, shop_id)
        if shop is None:
            raise NotFound(f"There is no shop {shop_id}")
        there = await fetch_row(_COUNT, shop_id, article.slug)
        if not there["is_known"] and there["articles"] >= MAX_ARTICLES:
            raise TooManyArticles(f"A shop has at most {MAX_ARTICLES:,} articles; delete one first")
        configuration = configuration_of(shop["language"])
        rows = await fetch(_PUT, uuid7(), shop_id, article.slug, article.title, article.body, configuration)
    put: Put = "unchanged" if not rows else "changed" if there["is_known"] else "new"
    if rows:
        log.info("knowledge.article_put", shop_id=str(shop_id), slug=article.slug, put=put, length=len(article.body))
    return put


async def delete_article(shop_id: UUID, slug: str) -> None:
    """Delete an article. Commits. Raises NotFound."""
    if not is_slug(slug) or not await delete_articles(shop_id, [slug]):
        raise NotFound("There is no such article")


async def delete_articles(shop_id: UUID, slugs: Sequence[str]) -> int:
    """Delete articles; return how many there were. Commits."""
    async with unit_of_work():
        deleted = [row["slug"] for row in await fetch(_DELETE, shop_id, list(slugs))]
    if deleted:
        log.info("knowledge.articles_deleted", shop_id=str(shop_id), count=len(deleted))
    return len(deleted)
