"""Who may read: 401 without a good key, 403 without the scope, and another shop's rows do not exist."""

from __future__ import annotations

from uuid import uuid4

import httpx2
import pytest

from service.db.engine import fetch, fetch_row
from service.shops.service import create_key
from service.shops.types import Scope
from tests.api.receiving import assert_problem, deliver_mail
from tests.factories import ShopAtWork

SOME_ID = uuid4()
PATHS = pytest.mark.parametrize("path", ["/v1/suggestions", f"/v1/suggestions/{SOME_ID}", f"/v1/threads/{SOME_ID}"])


@PATHS
@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer dd_wrong",
        "Bearer \x00",
        "Basic ZGRfOng=",
        "dd_wrong",
        "Bearer " + "x" * 201,
        "Bearer " + "x" * 20_000,
        b"Bearer \xff\xfe",
        "Bearer  dd_two_spaces",
    ],
)
async def test_api_when_the_key_is_missing_or_wrong_then_401(
    client: httpx2.AsyncClient, shop: ShopAtWork, path: str, authorization: str | bytes | None
) -> None:
    assert shop.api_key
    value = authorization.encode() if isinstance(authorization, str) else authorization
    response = await client.get(path, headers=[] if value is None else [(b"authorization", value)])

    problem = assert_problem(response, 401)
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert "dd_wrong" not in problem["detail"]


@PATHS
async def test_api_when_the_key_was_revoked_then_401(client: httpx2.AsyncClient, shop: ShopAtWork, path: str) -> None:
    await fetch("UPDATE api_key SET revoked_at = now() WHERE shop = $1", shop.id)

    assert_problem(await client.get(path, headers=shop.auth), 401)


@PATHS
@pytest.mark.parametrize("scopes", [(), ("write",)])
async def test_api_when_the_key_lacks_the_scope_then_403(
    client: httpx2.AsyncClient, shop: ShopAtWork, path: str, scopes: tuple[Scope, ...]
) -> None:
    key = await create_key(shop.id, name="no reading", scopes=scopes)

    assert_problem(await client.get(path, headers={"authorization": f"Bearer {key}"}), 403)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("scope", ["read", "admin"])
async def test_api_when_the_key_may_read_then_200(client: httpx2.AsyncClient, shop: ShopAtWork, scheme: str, scope: Scope) -> None:
    key = await create_key(shop.id, name=scope, scopes=(scope,))

    assert (await client.get("/v1/suggestions", headers={"authorization": f"{scheme} {key}"})).status_code == 200


async def test_api_when_a_key_is_used_then_its_row_says_when(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await client.get("/v1/suggestions", headers=shop.auth)

    row = await fetch_row("SELECT last_used_at, prefix, key_sha256 FROM api_key WHERE shop = $1", shop.id)
    assert row["last_used_at"] is not None
    assert row["prefix"] == shop.api_key[:10]
    assert shop.api_key.encode() not in bytes(row["key_sha256"])


async def test_another_shops_rows_when_asked_for_then_they_answer_as_if_they_did_not_exist(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    receipt = await deliver_mail(client, other_shop)
    detail = (await client.get(f"/v1/suggestions/{receipt['suggestion_id']}", headers=other_shop.auth)).json()

    for kind, foreign in (("suggestions", receipt["suggestion_id"]), ("threads", detail["suggestion"]["thread_id"])):
        unknown = uuid4()
        responses = [await client.get(f"/v1/{kind}/{each}", headers=shop.auth) for each in (foreign, unknown)]

        theirs, nobodys = (assert_problem(response, 404) for response in responses)
        assert str(theirs).replace(foreign, "ID") == str(nobodys).replace(str(unknown), "ID")
        first, second = (dict(response.headers) for response in responses)
        assert {**first, "date": ""} == {**second, "date": ""}


async def test_list_when_another_shop_has_suggestions_then_none_of_them_shows(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    await deliver_mail(client, other_shop)

    assert (await client.get("/v1/suggestions", headers=shop.auth)).json() == {"items": [], "next_cursor": None}


async def test_list_when_another_shops_cursor_is_used_then_only_own_rows(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    own = await deliver_mail(client, shop)
    for _ in range(3):
        await deliver_mail(client, other_shop)
    cursor = (await client.get("/v1/suggestions?limit=1", headers=other_shop.auth)).json()["next_cursor"]

    page = (await client.get(f"/v1/suggestions?cursor={cursor}", headers=shop.auth)).json()
    assert [item["id"] for item in page["items"]] == [own["suggestion_id"]]
