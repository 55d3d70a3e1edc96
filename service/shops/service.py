"""Make shops, keys and sources, and find them again. Secrets are shown once, by the caller, and never logged."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.errors import InvalidInput, NotFound
from service.shops.types import Caller, Provider, Scope, Source

KEY_PREFIX = "dd_"
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_URL_SECRET = re.compile(r"[A-Za-z0-9_-]{24,200}")
_LANGUAGE = re.compile(r"[a-z]{2}")

_FIND_KEY = """
WITH used AS (
    UPDATE api_key SET last_used_at = now()
    WHERE key_sha256 = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
)
SELECT id, shop, scopes FROM api_key WHERE key_sha256 = $1 AND revoked_at IS NULL
"""
_SOURCES = "SELECT id, shop, provider, secret, previous_secret FROM source WHERE disabled_at IS NULL"


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
    row = await fetch_row("SELECT id FROM shop WHERE slug = $1", slug)
    if row is None:
        raise NotFound(f"There is no shop {slug}; make one with `draftdesk shop create {slug}`")
    found: UUID = row["id"]
    return found


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


async def create_source(shop_id: UUID, *, provider: Provider, name: str, secret: str = "") -> Source:
    """Make a webhook endpoint. secret: the provider's signing key; empty makes a new one where the scheme lets us choose.

    Raises:
        InvalidInput: Mailgun chooses its own signing key, or the secret is not one of the scheme's.
    """
    if provider == "mailgun" and not secret:
        raise InvalidInput("Mailgun chooses the key: give its HTTP webhook signing key with --secret")
    if provider in ("standard", "mime"):
        secret = secret or "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        _check_standard_secret(secret)
    elif provider == "postmark":
        secret = secret or secrets.token_urlsafe(32)
        _check_url_secret(secret)
    source_id = uuid7()
    await fetch(
        "INSERT INTO source (id, shop, provider, name, secret, created_at) VALUES ($1, $2, $3, $4, $5, now())",
        source_id,
        shop_id,
        provider,
        name,
        secret,
    )
    return Source(id=source_id, shop_id=shop_id, provider=provider, secrets=(secret,))


async def find_source(source_id: UUID) -> Source | None:
    """Return an enabled source with its secrets, the current one first; None when there is no such source."""
    row = await fetch_row(f"{_SOURCES} AND id = $1", source_id)
    return _source(row) if row else None


async def only_source() -> Source | None:
    """Return the one enabled source there is; None when there is none or a choice."""
    rows = await fetch(f"{_SOURCES} LIMIT 2")
    return _source(rows[0]) if len(rows) == 1 else None


def _source(row: Mapping[str, Any]) -> Source:
    secrets_found = tuple(secret for secret in (row["secret"], row["previous_secret"]) if secret)
    return Source(id=row["id"], shop_id=row["shop"], provider=row["provider"], secrets=secrets_found)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def _check_url_secret(secret: str) -> None:
    if not _URL_SECRET.fullmatch(secret):
        raise InvalidInput("Postmark's secret stands in a URL: 24-200 letters, digits, hyphens and underscores")


def _check_standard_secret(secret: str) -> None:
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if not 24 <= size <= 64:
        raise InvalidInput("A Standard Webhooks secret is whsec_ and 24-64 bytes in base64")
