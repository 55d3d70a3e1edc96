"""Articles over HTTP: put, read, listed and deleted, by those who may."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from service.db.engine import fetch
from service.shops.service import create_key
from tests.api.receiving import assert_problem
from tests.factories import ShopAtWork
from tests.knowledge.writing import put, slugs

ARTICLE = {"title": "Returns", "body": "Free for 30 days."}


@pytest.fixture
async def writer(shop: ShopAtWork) -> dict[str, str]:
    """The headers of a key that may write."""
    return {"authorization": f"Bearer {await create_key(shop.id, name='writer', scopes=('read', 'write'))}"}


async def test_put_when_new_then_201_and_when_known_then_200(client: httpx2.AsyncClient, writer: dict[str, str]) -> None:
    responses = [await client.put("/v1/articles/returns", json=ARTICLE, headers=writer) for _ in range(2)]

    assert [response.status_code for response in responses] == [201, 200]
    assert responses[0].json() == responses[1].json()
    assert {name: responses[0].json()[name] for name in ("slug", "title", "body")} == {"slug": "returns", **ARTICLE}


async def test_get_when_put_then_it_is_what_was_stored(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str]
) -> None:
    stored = (await client.put("/v1/articles/returns", json=ARTICLE, headers=writer)).json()

    response = await client.get("/v1/articles/returns", headers=shop.auth)

    assert (response.status_code, response.json()) == (200, stored)


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        (b'{"title": "\'); DROP TABLE article; --", "body": "x"}', ("'); DROP TABLE article; --", "x")),
        (b'{"title": "a\\u0000b\\r\\nc", "body": "x\\u0000y\\r\\n\\n\\nz"}', ("ab c", "xy\n\nz")),
        ('{"title": "\U0001f4e6 Größe \u202e", "body": "配送"}'.encode(), ("\U0001f4e6 Größe \u202e", "配送")),
        (b'{"title": "t", "body": "x", "unknown": 1}', ("t", "x")),
    ],
)
async def test_put_when_the_text_is_odd_then_it_is_stored_as_text(
    client: httpx2.AsyncClient, writer: dict[str, str], body: bytes, stored: tuple[str, str]
) -> None:
    response = await client.put("/v1/articles/a", content=body, headers={**writer, "content-type": "application/json"})

    assert response.status_code == 201, response.text
    assert (response.json()["title"], response.json()["body"]) == stored


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"title": "secret"}',
        b'{"title": 1, "body": "secret"}',
        b'{"title": "", "body": "secret"}',
        b'{"title": "secret", "body": "\\u0000"}',
        b'{"title": "secret\xff", "body": "secret"}',
        b'{"title": "secret", "body": "' + b"x" * 50_001 + b'"}',
        b'{"title": "' + b"x" * 201 + b'", "body": "secret"}',
        b"[" * 100_000,
    ],
)
async def test_put_when_the_body_is_bad_then_a_problem_without_its_content(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str], body: bytes
) -> None:
    response = await client.put("/v1/articles/a", content=body, headers={**writer, "content-type": "application/json"})

    assert_problem(response, 400)
    assert "secret" not in response.text
    assert await slugs(shop) == []


async def test_put_when_a_surrogate_stands_alone_then_invalid(client: httpx2.AsyncClient, writer: dict[str, str]) -> None:
    body = b'{"title": "t\\ud800", "body": "b\\udfff"}'

    response = await client.put("/v1/articles/a", content=body, headers={**writer, "content-type": "application/json"})

    assert_problem(response, 400)


async def test_put_when_all_of_the_body_is_escaped_then_50000_characters_are_taken(
    client: httpx2.AsyncClient, writer: dict[str, str]
) -> None:
    body = b'{"title": "t", "body": "' + b"\\ud83d\\udce6" * 50_000 + b'"}'

    response = await client.put("/v1/articles/a", content=body, headers={**writer, "content-type": "application/json"})

    assert (response.status_code, len(response.json()["body"])) == (201, 50_000)


async def test_put_when_the_body_is_huge_then_413(client: httpx2.AsyncClient, writer: dict[str, str]) -> None:
    body = b'{"title": "t", "body": "' + b"x" * 2_000_000 + b'"}'

    assert_problem(await client.put("/v1/articles/a", content=body, headers={**writer, "content-type": "application/json"}), 413)


ODD_SLUGS = ["No%20Slug", "UPPER", "-a", "a-", "%00", "a%00", "%ED%A0%80", "%FF", "r%C3%BCck", "x" * 101, "a.b", "a%0A", "%27--"]


@pytest.mark.parametrize("slug", ODD_SLUGS)
async def test_put_when_the_slug_is_odd_then_invalid(client: httpx2.AsyncClient, writer: dict[str, str], slug: str) -> None:
    assert_problem(await client.put(f"/v1/articles/{slug}", json=ARTICLE, headers=writer), 400)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("slug", ["gone", *ODD_SLUGS])
async def test_article_when_there_is_none_of_that_slug_then_not_found(
    client: httpx2.AsyncClient, writer: dict[str, str], method: str, slug: str
) -> None:
    assert_problem(await client.request(method, f"/v1/articles/{slug}", headers=writer), 404)


async def test_put_when_the_shop_has_1000_then_conflict(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str]
) -> None:
    await fetch(
        "INSERT INTO article (id, shop, slug, title, body, created_at, updated_at)"
        " SELECT gen_random_uuid(), $1, 'a' || n, 'A', 'A', now(), now() FROM generate_series(1, 1000) AS n",
        shop.id,
    )

    assert_problem(await client.put("/v1/articles/one-more", json=ARTICLE, headers=writer), 409)


async def test_delete_when_it_is_there_then_204_and_then_404(
    client: httpx2.AsyncClient, shop: ShopAtWork, writer: dict[str, str]
) -> None:
    await put(shop)

    responses = [await client.delete("/v1/articles/returns", headers=writer) for _ in range(2)]

    assert [(response.status_code, bool(response.content)) for response in responses] == [(204, False), (404, True)]


async def test_article_when_it_is_another_shops_then_not_found(
    client: httpx2.AsyncClient, other_shop: ShopAtWork, writer: dict[str, str]
) -> None:
    await put(other_shop)

    for method in ("GET", "DELETE"):
        assert_problem(await client.request(method, "/v1/articles/returns", headers=writer), 404)
    assert (await client.get("/v1/articles", headers=writer)).json()["items"] == []
    assert await slugs(other_shop) == ["returns"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_article_when_the_key_only_reads_then_forbidden(client: httpx2.AsyncClient, shop: ShopAtWork, method: str) -> None:
    await put(shop)

    response = await client.request(method, "/v1/articles/returns", json=ARTICLE, headers=shop.auth)

    assert_problem(response, 403)
    assert await slugs(shop) == ["returns"]


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/a"), ("PUT", "/a"), ("DELETE", "/a")])
async def test_article_when_there_is_no_key_then_401(client: httpx2.AsyncClient, method: str, path: str) -> None:
    assert_problem(await client.request(method, f"/v1/articles{path}", json=ARTICLE), 401)


async def test_list_when_paged_then_every_article_once_and_no_bodies(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    for slug in ("b", "a", "c-1", "c", "d"):
        await put(shop, slug)
    items: list[dict[str, Any]] = []
    cursor = None

    for _ in range(3):
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/articles", params=params, headers=shop.auth)).json()
        items += page["items"]
        cursor = page["next_cursor"]

    assert cursor is None
    assert sorted(item["slug"] for item in items) == ["a", "b", "c", "c-1", "d"]
    assert set(items[0]) == {"slug", "title", "length", "created_at", "updated_at"}


@pytest.mark.parametrize("query", ["cursor=No%20Slug", "cursor=%00", "cursor=" + "x" * 101, "limit=0", "limit=201", "limit=x"])
async def test_list_when_a_parameter_is_bad_then_invalid(client: httpx2.AsyncClient, shop: ShopAtWork, query: str) -> None:
    assert_problem(await client.get(f"/v1/articles?{query}", headers=shop.auth), 400)
