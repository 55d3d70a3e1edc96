"""Articles with plain defaults, and what is stored of them."""

from __future__ import annotations

from service.knowledge.queries import find_excerpts, list_articles
from service.knowledge.service import Put, put_article
from tests.factories import ShopAtWork

RETURNS = "You may send back what you have not worn within 30 days of its delivery. Sale items are final."
SHIPPING = "We ship with DHL on the day after your payment. Parcels to Norway need a customs form."


async def put(shop: ShopAtWork, slug: str = "returns", *, title: str = "Returns", body: str = RETURNS) -> Put:
    """Store an article of a shop."""
    return await put_article(shop.id, slug=slug, title=title, body=body)


async def slugs(shop: ShopAtWork) -> list[str]:
    """Return the slugs of a shop's articles."""
    return [row["slug"] for row in await list_articles(shop.id, limit=1_000)]


async def found(shop: ShopAtWork, query: str, *, language: str = "en") -> list[str]:
    """Return the slugs of the excerpts that a message finds, best first."""
    return [each.slug for each in await find_excerpts(shop.id, language=language, query=query)]
