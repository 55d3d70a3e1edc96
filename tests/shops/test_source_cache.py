"""The short memory of sources: what it forgets, and that it never grows without bound."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from service.db.engine import fetch
from service.shops.source_cache import MAX_KEPT, SourceCache
from tests.factories import ShopAtWork


async def test_cache_when_a_source_is_known_then_it_is_not_asked_for_again(shop: ShopAtWork) -> None:
    sources = SourceCache()
    first = await sources.get(shop.standard.id)

    assert first == shop.standard
    assert await sources.get(shop.standard.id) is first


async def test_cache_when_a_source_was_disabled_then_a_new_memory_does_not_know_it(shop: ShopAtWork) -> None:
    await fetch("UPDATE source SET disabled_at = now() WHERE id = $1", shop.standard.id)

    assert await SourceCache().get(shop.standard.id) is None
    assert await SourceCache().get(shop.mailgun.id) == shop.mailgun


@pytest.mark.usefixtures("app")
async def test_cache_when_a_source_is_unknown_then_it_is_asked_for_each_time(shop: ShopAtWork) -> None:
    sources, new_id = SourceCache(), uuid4()
    assert await sources.get(new_id) is None

    await fetch(
        "INSERT INTO source (id, shop, provider, name, secret, created_at) VALUES ($1, $2, 'mailgun', 'x', 's', now())",
        new_id,
        shop.id,
    )
    found = await sources.get(new_id)

    assert found is not None
    assert (found.id, found.shop_id, found.provider, found.secrets) == (new_id, shop.id, "mailgun", ("s",))


async def test_cache_when_a_secret_is_rotated_then_both_are_there_the_new_one_first(shop: ShopAtWork) -> None:
    await fetch("UPDATE source SET previous_secret = secret, secret = 'new' WHERE id = $1", shop.mailgun.id)

    source = await SourceCache().get(shop.mailgun.id)
    assert source is not None
    assert source.secrets == ("new", *shop.mailgun.secrets)


async def test_cache_when_more_sources_come_than_it_keeps_then_the_first_are_forgotten(shop: ShopAtWork) -> None:
    await fetch(
        "INSERT INTO source (id, shop, provider, name, secret, created_at)"
        " SELECT gen_random_uuid(), $1, 'mailgun', 'x', 's', now() FROM generate_series(1, $2)",
        shop.id,
        MAX_KEPT + 2,
    )
    ids: list[UUID] = [row["id"] for row in await fetch("SELECT id FROM source WHERE shop = $1 AND name = 'x'", shop.id)]
    sources = SourceCache()
    kept = [await sources.get(each) for each in ids]

    assert await sources.get(ids[-1]) is kept[-1]
    assert await sources.get(ids[0]) is not kept[0]
