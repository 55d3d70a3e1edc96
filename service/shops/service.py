"""Make shops and API keys, find them again, and set a shop's model and budget.

A key is shown once, by the caller, and never logged.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import asyncpg

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.errors import InvalidInput, NotFound
from service.shops.types import Caller, Scope

KEY_PREFIX = "dd_"
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2}")
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}")
_USD = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")

_SHOP = "id, slug, name, language, model, monthly_budget_usd"

_FIND_KEY = """
WITH used AS (
    UPDATE api_key SET last_used_at = now()
    WHERE key_sha256 = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
)
SELECT id, shop, scopes FROM api_key WHERE key_sha256 = $1 AND revoked_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as its owner sees it. `model`: None for the one of the settings. `monthly_budget_usd`: None for no budget."""

    id: UUID
    slug: str
    name: str
    language: str
    model: str | None
    monthly_budget_usd: Decimal | None


async def create_shop(*, slug: str, name: str, language: str = "en", voice: str = "", signature: str = "") -> UUID:
    """Make a shop. Raises InvalidInput: the slug is taken or malformed, or the language is no ISO 639-1 code."""
    if not _SLUG.fullmatch(slug):
        raise InvalidInput("A slug is 1-63 lower-case letters, digits and inner hyphens")
    if not _LANGUAGE.fullmatch(language):
        raise InvalidInput("A language is a two-letter ISO 639-1 code, such as en")
    shop_id = uuid7()
    try:
        await fetch(
            "INSERT INTO shop (id, slug, name, language, voice, signature, created_at) VALUES ($1, $2, $3, $4, $5, $6, now())",
            shop_id,
            slug,
            name or slug,
            language,
            voice,
            signature or name or slug,
        )
    except asyncpg.UniqueViolationError:
        raise InvalidInput(f"There is a shop {slug} already") from None
    return shop_id


async def shop_id_of(slug: str) -> UUID:
    """Return the id of a shop. Raises NotFound."""
    row = await fetch_row("SELECT id FROM shop WHERE slug = $1", slug) if _SLUG.fullmatch(slug) else None
    if row is None:
        raise NotFound(f"There is no shop {slug}; make one with `draftdesk shop create {slug}`")
    found: UUID = row["id"]
    return found


async def get_shop(slug: str) -> Shop:
    """Return a shop. Raises NotFound."""
    return Shop(**await fetch_row(f"SELECT {_SHOP} FROM shop WHERE id = $1", await shop_id_of(slug)))


async def list_shops(*, after: str = "", limit: int) -> list[Shop]:
    """Return up to limit shops by slug, those after `after`."""
    rows = await fetch(f"SELECT {_SHOP} FROM shop WHERE slug > $1 ORDER BY slug LIMIT $2", after, limit)
    return [Shop(**row) for row in rows]


async def set_monthly_budget(slug: str, budget_usd: Decimal | None) -> None:
    """Set what a shop's drafts may cost in a calendar month (UTC); None: as much as they do. Raises NotFound."""
    await fetch("UPDATE shop SET monthly_budget_usd = $2 WHERE id = $1", await shop_id_of(slug), budget_usd)


async def set_model(slug: str, model: str | None) -> None:
    """Set the model that drafts for a shop; None: the one of the settings. Raises NotFound; InvalidInput: a malformed name."""
    if model is not None and not _MODEL.fullmatch(model):
        raise InvalidInput("A model's name is 1-100 letters, digits and . _ : / @ -")
    await fetch("UPDATE shop SET model = $2 WHERE id = $1", await shop_id_of(slug), model)


def budget_of(text: str) -> Decimal:
    """Return a budget that somebody typed, such as 50 or 49.90. Raises InvalidInput."""
    if not _USD.fullmatch(text) or not (budget_usd := Decimal(text)):
        raise InvalidInput("A budget is a number of US dollars above 0 with at most two decimals, such as 50 or 49.90")
    return budget_usd


async def create_key(shop_id: UUID, *, name: str, scopes: tuple[Scope, ...]) -> str:
    """Make an API key and return it; only its SHA-256 is kept, so this is the one time it can be seen."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    await fetch(
        "INSERT INTO api_key (id, shop, name, prefix, key_sha256, scopes, created_at) VALUES ($1, $2, $3, $4, $5, $6, now())",
        uuid7(),
        shop_id,
        name,
        key[:10],
        _digest(key),
        list(scopes),
    )
    return key


async def find_caller(key: str) -> Caller | None:
    """Return who a key belongs to; None when it is unknown or revoked. Found by its hash, so no comparison leaks time."""
    row = await fetch_row(_FIND_KEY, _digest(key))
    return Caller(shop_id=row["shop"], key_id=row["id"], scopes=frozenset(row["scopes"])) if row else None


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
