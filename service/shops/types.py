"""A shop's endpoints and keys, as the rest of the program sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args
from uuid import UUID

Provider = Literal["standard", "mailgun", "postmark", "mime"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)

Scope = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Source:
    """One webhook endpoint of a shop; both secrets verify while a rotation lasts."""

    id: UUID
    shop_id: UUID
    provider: str
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who uses the JSON API: one shop's key. `scopes` may hold `read`, `write`, `admin`; admin includes the others."""

    shop_id: UUID
    key_id: UUID
    scopes: frozenset[str]

    def may(self, scope: Scope) -> bool:
        """Whether the key allows this."""
        return scope in self.scopes or "admin" in self.scopes
