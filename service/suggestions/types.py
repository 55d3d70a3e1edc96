"""What passes between the suggestions' service, its queries and its callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from service.drafting.types import Snapshot, Tier
from service.jobs import Priority

AttemptOutcome = Literal["ready", "failed", "discarded", "postponed", "not_claimed"]
"""`discarded`: overtaken while the model wrote. `postponed`: the model's provider takes nothing just now; it counts as no attempt.
`not_claimed`: somebody else has it, or it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A worker's hold on a suggestion. Every later write names the token, so that a zombie's is refused.

    Attributes:
        held_back_since: since when the model's provider takes nothing; None: it was not held back yet.
    """

    suggestion_id: UUID
    shop_id: UUID
    message_id: UUID
    thread_id: UUID
    attempt: int
    priority: Priority
    lease_token: UUID
    created_at: datetime
    held_back_since: datetime | None = None
    instruction: str = ""

    @property
    def is_vip(self) -> bool:
        """Whether a VIP waits for it."""
        return self.priority == Priority.VIP


class DisclosedOrder(msgspec.Struct, frozen=True):
    """An order that the model was told of: which fields, and why it is the sender's to know."""

    id: UUID
    number: str
    fields: tuple[str, ...]
    why: Literal["named_in_message", "recent"]


class Disclosed(msgspec.Struct, frozen=True):
    """What the model was told, for whoever has to answer for it: how the sender was proven, which orders, which articles."""

    tier: Tier
    trust_reasons: tuple[str, ...]
    orders: tuple[DisclosedOrder, ...]
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A snapshot with the record of what it discloses. order_hash: changes when what is told of the orders does."""

    snapshot: Snapshot
    disclosed: Disclosed
    order_hash: str
