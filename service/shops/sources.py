"""Make sources, find them, and change them. Secrets are shown once, by the caller, and never logged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.errors import InvalidInput, NotFound
from service.shops.source_secrets import usable_secret
from service.shops.types import Provider, Source

MAX_NAMES = 100
"""Mailboxes, and trusted hosts, of one source."""

_MAILBOX = re.compile(r"[^@\s<>,]{1,64}@[^@\s<>,]{1,255}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,252})")

_SOURCES = """
SELECT source.id, source.shop, source.provider, source.secret, source.previous_secret, source.trusted_hosts, shop.reply_key,
       ARRAY(SELECT unnest(each.mailboxes) FROM source each WHERE each.shop = source.shop) AS mailboxes
FROM source JOIN shop ON shop.id = source.shop
"""

_INSERT = """
INSERT INTO source (id, shop, provider, name, secret, mailboxes, trusted_hosts, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, now())
"""

_LIST = """
SELECT source.id, source.provider, source.name, source.mailboxes, source.trusted_hosts, source.disabled_at,
       source.previous_secret IS NOT NULL AS is_rotating
FROM source WHERE source.shop = $1 ORDER BY source.id LIMIT 1000
"""

_ROTATE = """
UPDATE source SET previous_secret = secret, secret = $2 WHERE id = $1 AND disabled_at IS NULL AND secret <> $2 RETURNING id
"""


async def create_source(
    shop_id: UUID,
    *,
    provider: Provider,
    name: str,
    secret: str = "",
    mailboxes: Sequence[str] = (),
    trusted_hosts: Sequence[str] = (),
) -> Source:
    """Make a webhook endpoint. secret: the provider's signing key; empty makes a new one where the scheme lets us choose.

    Raises:
        InvalidInput: the provider chooses its own secret, or the secret, a mailbox or a host is malformed.
    """
    secret = usable_secret(provider, secret)
    boxes = _checked(mailboxes, _MAILBOX, "A mailbox is an address such as support@shop.example")
    hosts = _checked(trusted_hosts, _HOST, "A trusted host is a name such as mx.shop.example")
    source_id = uuid7()
    await fetch(_INSERT, source_id, shop_id, provider, name, secret, boxes, hosts)
    made = await find_source(source_id)
    if made is None:
        raise NotFound(f"The source {source_id} was deleted at once")
    return made


async def find_source(source_id: UUID, *, with_disabled: bool = False) -> Source | None:
    """Return a source with its secrets, the current one first; None when there is no such source, or it is disabled."""
    row = await fetch_row(f"{_SOURCES} WHERE source.id = $1 AND ($2 OR source.disabled_at IS NULL)", source_id, with_disabled)
    return _source(row) if row else None


async def only_source() -> Source | None:
    """Return the one enabled source there is; None when there is none or a choice."""
    rows = await fetch(f"{_SOURCES} WHERE source.disabled_at IS NULL LIMIT 2")
    return _source(rows[0]) if len(rows) == 1 else None


async def list_sources(shop_id: UUID) -> list[Any]:
    """Return a shop's sources without their secrets, oldest first, at most 1,000."""
    return list(await fetch(_LIST, shop_id))


async def rotate_secret(source_id: UUID, secret: str = "") -> str:
    """Give a source a new secret and return it; the one before goes on counting until `end_rotation` or the next rotation.

    Raises:
        NotFound: no such source, or it is disabled.
        InvalidInput: the secret is malformed, is the current one, or is missing where the provider chooses it.
    """
    source = await find_source(source_id)
    if source is None:
        raise NotFound(f"There is no source {source_id}, or it is disabled")
    secret = usable_secret(source.provider, secret)
    if await fetch_row(_ROTATE, source_id, secret) is None:
        raise InvalidInput("This is the source's secret already")
    return secret


async def end_rotation(source_id: UUID) -> None:
    """Let only the current secret count. Raises NotFound."""
    await _change("previous_secret = NULL", source_id)


async def disable_source(source_id: UUID) -> None:
    """Take no more calls; processes notice within 5 s. Raises NotFound."""
    await _change("disabled_at = coalesce(disabled_at, now())", source_id)


async def _change(assignment: str, source_id: UUID) -> None:
    if await fetch_row(f"UPDATE source SET {assignment} WHERE id = $1 RETURNING id", source_id) is None:
        raise NotFound(f"There is no source {source_id}")


def _checked(names: Sequence[str], form: re.Pattern[str], sentence: str) -> list[str]:
    found = sorted({name.strip().lower() for name in names})
    if len(found) > MAX_NAMES or not all(form.fullmatch(each) for each in found):
        raise InvalidInput(f"{sentence}; at most {MAX_NAMES} of them")
    return found


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        id=row["id"],
        shop_id=row["shop"],
        provider=row["provider"],
        secrets=tuple(secret for secret in (row["secret"], row["previous_secret"]) if secret),
        mailboxes=frozenset(row["mailboxes"]),
        trusted_hosts=frozenset(row["trusted_hosts"]),
        reply_key=row["reply_key"],
    )
