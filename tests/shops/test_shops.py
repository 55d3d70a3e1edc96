"""Shops, keys and sources: what is taken, what is refused, what is kept of a secret."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

import pytest

from service.db.engine import fetch_row
from service.errors import InvalidInput, NotFound
from service.shops.service import (
    KEY_PREFIX,
    create_key,
    create_shop,
    find_caller,
    shop_id_of,
)
from service.shops.sources import create_source, find_source, only_source
from service.shops.types import Provider, Scope
from tests.factories import ShopAtWork


def new_slug() -> str:
    return f"shop-{secrets.token_hex(6)}"


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "Nordlicht", "signature": "Bye"}, ("Nordlicht", "Bye", "en", "")),
        ({"name": "Nordlicht"}, ("Nordlicht", "Nordlicht", "en", "")),
        ({"name": "N", "language": "de", "voice": "warm"}, ("N", "N", "de", "warm")),
    ],
)
async def test_shop_when_made_then_it_is_found_by_its_slug(given: dict[str, Any], expected: tuple[str, ...]) -> None:
    slug = new_slug()
    shop_id = await create_shop(slug=slug, **given)

    row = await fetch_row("SELECT * FROM shop WHERE id = $1", shop_id)
    assert await shop_id_of(slug) == shop_id
    assert (row["name"], row["signature"], row["language"], row["voice"]) == expected


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("slug", ["", "A", "a b", "-a", "a-", "\u00e4", "a\n", "a" * 64, "a/b", "a\x00"])
async def test_shop_when_the_slug_is_malformed_then_invalid_input(slug: str) -> None:
    with pytest.raises(InvalidInput):
        await create_shop(slug=slug, name="x")


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("language", ["", "e", "eng", "EN", "12", "en\n"])
async def test_shop_when_the_language_is_no_code_then_invalid_input(language: str) -> None:
    with pytest.raises(InvalidInput):
        await create_shop(slug=new_slug(), name="x", language=language)


async def test_shop_when_the_slug_is_taken_then_invalid_input(shop: ShopAtWork) -> None:
    with pytest.raises(InvalidInput, match=shop.slug):
        await create_shop(slug=shop.slug, name="x")


@pytest.mark.usefixtures("app")
async def test_shop_when_there_is_none_of_the_slug_then_not_found() -> None:
    with pytest.raises(NotFound):
        await shop_id_of(new_slug())


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        (("read",), {"read"}),
        (("write",), {"write"}),
        (("read", "write"), {"read", "write"}),
        (("admin",), {"read", "write", "admin"}),
        ((), set[str]()),
    ],
)
async def test_key_when_made_then_only_its_hash_is_kept_and_it_may_what_it_says(
    shop: ShopAtWork, scopes: tuple[Scope, ...], may: set[str]
) -> None:
    key = await create_key(shop.id, name="k", scopes=scopes)

    caller = await find_caller(key)
    assert caller is not None
    row = await fetch_row("SELECT * FROM api_key WHERE id = $1", caller.key_id)
    every: tuple[Scope, ...] = ("read", "write", "admin")
    assert (caller.shop_id, {scope for scope in every if caller.may(scope)}) == (shop.id, may)
    assert key.startswith(KEY_PREFIX)
    assert bytes(row["key_sha256"]) == hashlib.sha256(key.encode()).digest()
    assert key not in str(dict(row))


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("key", ["", "dd_", "\x00", "\ud800", "x" * 100_000])
async def test_key_when_it_is_unknown_then_nobody(key: str) -> None:
    assert await find_caller(key) is None


@pytest.mark.parametrize("size", [24, 32, 64])
async def test_source_when_a_good_secret_is_given_then_it_is_kept(shop: ShopAtWork, size: int) -> None:
    secret = "whsec_" + base64.b64encode(bytes(size)).decode()
    source = await create_source(shop.id, provider="standard", name="x", secret=secret)

    assert await find_source(source.id) == source
    assert source.secrets == (secret,)
    assert secret not in repr(source)


@pytest.mark.parametrize(
    ("provider", "secret"),
    [
        ("mailgun", ""),
        ("standard", "short"),
        ("standard", "whsec_"),
        ("standard", "whsec_" + base64.b64encode(bytes(23)).decode()),
        ("standard", "whsec_" + base64.b64encode(bytes(65)).decode()),
        ("standard", "whsec_not base64 at all, whatever its length is"),
        ("standard", "whsec_\u00e9" + "A" * 43),
    ],
)
async def test_source_when_the_secret_is_none_of_the_schemes_then_invalid_input(
    shop: ShopAtWork, provider: Provider, secret: str
) -> None:
    with pytest.raises(InvalidInput):
        await create_source(shop.id, provider=provider, name="x", secret=secret)


async def test_source_when_there_is_a_choice_then_there_is_no_only_one(shop: ShopAtWork) -> None:
    assert shop.standard.id != shop.mailgun.id
    assert await only_source() is None
