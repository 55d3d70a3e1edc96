"""A shop's endpoints and keys, as the rest of the program sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args
from uuid import UUID

Provider = Literal["standard", "mailgun", "postmark", "mime", "shopify"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)

MAILGUN_HOST = "mailgun"
"""Among the trusted hosts of a Mailgun source: its route has the spam filter on, which adds the verdicts that we read."""

Scope = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Source:
    """One webhook endpoint of a shop.

    Attributes:
        secrets: the current one first; both verify while a rotation lasts.
        mailboxes: addresses of the whole shop, lower case: mail from one of them is its own.
        trusted_hosts: whose word on SPF and DKIM counts, lower case; see the field in `draftdesk source create`.
        reply_key: the shop's key for Message-IDs of its own.
    """

    id: UUID
    shop_id: UUID
    provider: Provider
    secrets: tuple[str, ...] = field(repr=False)
    mailboxes: frozenset[str] = frozenset()
    trusted_hosts: frozenset[str] = frozenset()
    reply_key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who uses the JSON API: one shop's key. `scopes` may hold `read`, `write`, `admin`; admin includes the others."""

    shop_id: UUID
    key_id: UUID
    scopes: frozenset[str]

    def may(self, scope: Scope) -> bool:
        """Whether the key allows this."""
        return scope in self.scopes or "admin" in self.scopes
