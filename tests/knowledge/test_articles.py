"""Articles as they are stored: put again and again, kept apart by shop, within their bounds."""

from __future__ import annotations

import asyncio

import pytest

from service.db.engine import fetch
from service.errors import InvalidInput, NotFound
from service.knowledge.queries import get_article, list_articles
from service.knowledge.service import TooManyArticles, delete_article, delete_articles, put_article
from tests.factories import ShopAtWork
from tests.knowledge.writing import RETURNS, found, put, slugs


async def test_put_when_repeated_then_only_what_changed_is_written(shop: ShopAtWork) -> None:
    results = [await put(shop), await put(shop), await put(shop, body=RETURNS + " Not hats."), await put(shop, title="Back")]

    assert results == ["new", "unchanged", "changed", "changed"]


async def test_put_when_unchanged_then_its_time_stays(shop: ShopAtWork) -> None:
    await put(shop)
    before = await get_article(shop.id, "returns")

    await put(shop)

    assert (await get_article(shop.id, "returns"))["updated_at"] == before["updated_at"]


async def test_put_when_the_shops_language_has_changed_then_the_same_words_are_indexed_anew(shop: ShopAtWork) -> None:
    await put(shop, body="Rückgaben sind möglich.")
    await fetch("UPDATE shop SET language = 'de' WHERE id = $1", shop.id)

    assert await put(shop, body="Rückgaben sind möglich.") == "changed"
    assert await found(shop, "Rückgabe", language="de") == ["returns"]


async def test_put_when_two_shops_have_the_slug_then_each_keeps_its_own(shop: ShopAtWork, other_shop: ShopAtWork) -> None:
    await put(shop, title="Ours")
    await put(other_shop, title="Theirs")

    assert (await get_article(shop.id, "returns"))["title"] == "Ours"


async def test_put_when_the_text_reads_like_a_statement_then_it_is_only_text(shop: ShopAtWork) -> None:
    title, body = "'); DROP TABLE article; --", "$1 ' \\ %s {title} \U0001f4e6"

    await put(shop, title=title, body=body)

    row = await get_article(shop.id, "returns")
    assert (row["title"], row["body"]) == (title, body)


@pytest.mark.parametrize(
    "body",
    [
        "\U0001f4e6" * 50_000,
        "x" * 50_000,
        " ".join(chr(0x4E00 + number) for number in range(20_000)),
        " ".join(f"{number:x}" for number in range(10_000)),
    ],
)
async def test_put_when_the_body_is_as_long_as_may_be_then_it_is_stored(shop: ShopAtWork, body: str) -> None:
    await put(shop, body=body)

    assert (await get_article(shop.id, "returns"))["body"] == body


async def test_put_when_the_shop_has_as_many_as_may_be_then_only_known_ones_are_taken(shop: ShopAtWork) -> None:
    await fetch(
        "INSERT INTO article (id, shop, slug, title, body, created_at, updated_at)"
        " SELECT gen_random_uuid(), $1, 'a' || n, 'A', 'A', now(), now() FROM generate_series(1, 999) AS n",
        shop.id,
    )

    results = await asyncio.gather(*(put(shop, f"new-{number}") for number in range(5)), return_exceptions=True)

    assert sorted(str(each) for each in results) == ["A shop has at most 1,000 articles; delete one first"] * 4 + ["new"]
    assert await put(shop, "a1") == "changed"
    with pytest.raises(TooManyArticles):
        await put(shop, "one-more")


async def test_put_when_two_at_once_have_the_slug_then_there_is_one(shop: ShopAtWork) -> None:
    results = await asyncio.gather(*(put(shop) for _ in range(5)))

    assert sorted(results) == ["new"] + ["unchanged"] * 4
    assert await slugs(shop) == ["returns"]


async def test_put_when_there_is_no_such_shop_then_not_found(shop: ShopAtWork) -> None:
    with pytest.raises(NotFound):
        await put_article(shop.standard.id, slug="returns", title="Returns", body=RETURNS)


async def test_put_when_the_slug_is_odd_then_invalid(shop: ShopAtWork) -> None:
    with pytest.raises(InvalidInput):
        await put(shop, "No Slug")


@pytest.mark.parametrize("slug", ["gone", "", "No Slug", "\x00", "\ud800", "x" * 101])
async def test_delete_when_there_is_none_then_not_found(shop: ShopAtWork, slug: str) -> None:
    with pytest.raises(NotFound):
        await delete_article(shop.id, slug)


async def test_delete_when_it_is_another_shops_then_not_found(shop: ShopAtWork, other_shop: ShopAtWork) -> None:
    await put(other_shop)

    with pytest.raises(NotFound):
        await delete_article(shop.id, "returns")
    assert await delete_articles(shop.id, ["returns"]) == 0
    assert await slugs(other_shop) == ["returns"]


async def test_delete_when_it_is_there_then_it_is_found_no_more(shop: ShopAtWork) -> None:
    await put(shop)

    await delete_article(shop.id, "returns")

    assert (await get_article(shop.id, "returns"), await found(shop, "delivery")) == (None, [])


async def test_list_when_paged_then_every_article_once(shop: ShopAtWork) -> None:
    names = ["a", "a-b", "a1", "ab", "b", "b-1", "z9"]
    for name in names:
        await put(shop, name)
    seen: list[str] = []

    while page := await list_articles(shop.id, after=seen[-1] if seen else "", limit=2):
        seen += [row["slug"] for row in page]

    assert sorted(seen) == names
