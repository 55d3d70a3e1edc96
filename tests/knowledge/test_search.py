"""Which passages of a shop's articles a message finds."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from service.db.engine import fetch
from service.db.unit_of_work import unit_of_work
from service.drafting.types import Excerpt
from service.knowledge.languages import configuration_of
from service.knowledge.queries import _SEARCH, find_excerpts
from service.shops.service import create_shop
from tests.factories import ShopAtWork
from tests.knowledge.writing import RETURNS, SHIPPING, found, put


async def test_search_when_a_word_has_another_ending_then_its_article_is_found(shop: ShopAtWork) -> None:
    await put(shop)
    await put(shop, "shipping", title="Shipping", body=SHIPPING)

    excerpts = await find_excerpts(shop.id, language="en", query="Hello, I was wearing them once. Can I return my boots?")

    assert excerpts == (Excerpt(slug="returns", title="Returns", text=RETURNS),)


@pytest.mark.parametrize("query", ["", "   ", "the and of", "Hello, thank you! Regards", "zebra", "\x00", "'", "\\", "& | ! <->"])
async def test_search_when_no_word_is_in_an_article_then_nothing(shop: ShopAtWork, query: str) -> None:
    await put(shop)

    assert await find_excerpts(shop.id, language="en", query=query) == ()


@pytest.mark.parametrize(
    "query",
    [
        "delivery'); DROP TABLE article; --",
        "delivery \\' | 'sale' & !",
        "https://shop.example/it's?a=1&b='delivery'\\x it's delivery",
        "delivery \ud800\x00",
        "delivery " + "x" * 100_000,
        "delivery " + " ".join(f"w{number}" for number in range(2_000)),
        "delivery \U0001f4e6 \u202e מסירה 配送",
    ],
)
async def test_search_when_the_message_is_odd_then_it_is_only_text(shop: ShopAtWork, query: str) -> None:
    await put(shop)

    assert await found(shop, query) == ["returns"]


async def test_search_when_a_word_stands_behind_the_first_2000_characters_then_it_does_not_count(shop: ShopAtWork) -> None:
    await put(shop)

    assert await found(shop, "zebra " * 400 + "delivery") == []


async def test_search_when_an_article_is_another_shops_then_it_is_not_found(shop: ShopAtWork, other_shop: ShopAtWork) -> None:
    await put(other_shop)

    assert await found(shop, "return within 30 days of delivery") == []


@pytest.mark.parametrize(
    ("language", "body", "query"),
    [
        ("de", "Rückgaben sind innerhalb von 30 Tagen möglich.", "Ist eine Rückgabe noch möglich?"),
        ("fr", "Les retours sont gratuits pendant trente jours.", "Puis-je faire un retour gratuit ?"),
        ("sv", "Returer är gratis.", "Är en retur gratis?"),
        ("pl", "Zwroty są bezpłatne przez 30 dni.", "Czy zwroty są płatne?"),
        ("xx", "Returns are free.", "Are returns free?"),
    ],
)
async def test_search_when_the_shop_has_its_language_then_its_endings_are_known(
    shop: ShopAtWork, language: str, body: str, query: str
) -> None:
    await fetch("UPDATE shop SET language = $2 WHERE id = $1", shop.id, language)
    await put(shop, title="1", body=body)

    assert await found(shop, query, language=language) == ["returns"]


async def test_search_when_the_title_has_the_word_then_its_article_is_first(shop: ShopAtWork) -> None:
    await put(shop, "shipping", title="Shipping", body="See also our page on the warranty.")
    await put(shop, "warranty", title="Warranty", body="Two years on seams and soles. See also our page on shipping.")

    assert (await found(shop, "Is there a warranty?"))[0] == "warranty"


async def test_search_when_many_passages_match_then_the_bounds_hold(shop: ShopAtWork) -> None:
    section = "## Part {}\n" + "Delivery takes three days. " * 35
    for number in range(10):
        await put(shop, f"a{number}", title="Delivery", body="\n\n".join(section.format(part) for part in range(9)))

    excerpts = await find_excerpts(shop.id, language="en", query="How long does delivery take?", limit=5)

    of_article = [sum(each.slug == slug for each in excerpts) for slug in {each.slug for each in excerpts}]
    assert 1 < len(excerpts) <= 5
    assert max(of_article) <= 2
    assert sum(len(each.text) for each in excerpts) <= 4_000


async def test_search_when_fewer_are_asked_for_then_fewer_come(shop: ShopAtWork) -> None:
    for number in range(3):
        await put(shop, f"a{number}")

    assert len(await find_excerpts(shop.id, language="en", query="delivery", limit=1)) == 1


async def test_search_when_an_article_fills_its_bounds_then_it_is_still_found(shop: ShopAtWork) -> None:
    body = "\n\n".join(f"Word{number} zebra{number % 7} {'x' * 20}." for number in range(1_000))
    await put(shop, "long", title="Long", body=body)

    excerpts = await find_excerpts(shop.id, language="en", query="What is word777?")

    assert "Word777 " in excerpts[0].text


async def test_search_when_inside_a_unit_of_work_then_it_reads_in_it(shop: ShopAtWork) -> None:
    await put(shop)

    async with unit_of_work():
        await fetch("DELETE FROM article WHERE shop = $1", shop.id)
        inside = await found(shop, "delivery")

    assert inside == []


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", []):
        yield from nodes(each)


async def test_search_when_other_shops_have_articles_too_then_only_the_shops_own_are_read(shop: ShopAtWork) -> None:
    shop_ids = [shop.id, *[await create_shop(slug=f"other-{secrets.token_hex(6)}", name="Other") for _ in range(20)]]
    for shop_id in shop_ids:
        await fetch(
            "INSERT INTO article (id, shop, slug, title, body, search, created_at, updated_at)"
            " SELECT gen_random_uuid(), $1, 'a' || n, 'Delivery', 'Delivery takes days', to_tsvector('english', 'Delivery days'),"
            " now(), now() FROM generate_series(1, 1000) AS n",
            shop_id,
        )
    async with unit_of_work():
        await fetch("ANALYZE article")
        # As asyncpg runs it: prepared, and planned for any shop and message.
        await fetch(f"PREPARE search (uuid, text, text) AS {_SEARCH}")
        rows = await fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE search ('{shop.id}', 'english', 'days of delivery')")
        await fetch("DEALLOCATE search")
    plan = json.loads(rows[0]["QUERY PLAN"])[0]["Plan"]

    (scan,) = [node for node in nodes(plan) if node.get("Relation Name") == "article"]
    await fetch("DELETE FROM article WHERE shop = ANY($1::uuid[])", shop_ids)
    assert scan["Node Type"] in {"Index Scan", "Bitmap Heap Scan"}
    assert (scan["Actual Rows"], scan.get("Rows Removed by Filter", 0)) == (1_000, 0)


async def test_language_when_mapped_then_postgresql_has_its_configuration(shop: ShopAtWork) -> None:
    assert shop.id
    known = {row["cfgname"] for row in await fetch("SELECT cfgname FROM pg_ts_config")}

    letters = "abcdefghijklmnopqrstuvwxyz"
    assert {configuration_of(a + b) for a in letters for b in letters} <= known
    assert (configuration_of("DE"), configuration_of("nb"), configuration_of("pl")) == ("german", "norwegian", "simple")
