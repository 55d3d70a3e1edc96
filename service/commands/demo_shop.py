"""The demo's shop: customers, orders and mails from `tests/mails/`, and what became of each mail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

from service.errors import InvalidInput
from service.observability.logging import configure_logging
from service.providers.records import CustomerChange, OrderChange
from service.shops.types import Source

MAILS = Path(__file__).resolve().parents[2] / "tests" / "mails"

TRUSTED_HOSTS = ("mx1.northwind-outdoor.example", "mx2.northwind-outdoor.example")
"""The hosts whose Authentication-Results the mails carry."""


class ShopRecord(msgspec.Struct, frozen=True):
    """The shop of the demo."""

    slug: str
    name: str
    language: str
    voice: str
    signature: str


class DemoShop(msgspec.Struct, frozen=True):
    """Everything in `shop.json`."""

    shop: ShopRecord
    customers: list[CustomerChange]
    orders: list[OrderChange]


@dataclass(frozen=True, slots=True)
class Seeded:
    """The shop as it stands in the database."""

    shop_id: UUID
    api_key: str
    source: Source


def mail_files() -> list[Path]:
    """Return the mails in order. Raises InvalidInput outside a checkout, which has none."""
    found = sorted(MAILS.glob("*.eml"))
    if not found:
        raise InvalidInput("The demo's mails lie in tests/mails of a checkout, and there are none here")
    return found


def read_shop() -> DemoShop:
    """Return the demo's shop."""
    return msgspec.json.decode((MAILS / "shop.json").read_bytes(), type=DemoShop)


async def seed(demo: DemoShop) -> Seeded:
    """Make the shop with its customers, orders, articles, one source and one key. Commits."""
    from service.knowledge.importing import import_articles  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.orders.service import apply  # noqa: PLC0415
    from service.shops.service import create_key, create_shop  # noqa: PLC0415
    from service.shops.sources import create_source  # noqa: PLC0415

    # A line for each article would stand among the mails.
    configure_logging("warning")
    shop = demo.shop
    shop_id = await create_shop(slug=shop.slug, name=shop.name, language=shop.language, voice=shop.voice, signature=shop.signature)
    for customer in demo.customers:
        await apply(shop_id, customer)
    for change in demo.orders:
        await apply(shop_id, change)
    await import_articles(shop_id, MAILS / "articles", prune=False)
    source = await create_source(shop_id, provider="standard", name="demo", trusted_hosts=TRUSTED_HOSTS)
    return Seeded(shop_id, await create_key(shop_id, name="demo", scopes=("read",)), source)
