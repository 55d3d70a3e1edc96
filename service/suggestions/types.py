"""What passes between the suggestions' service, its queries and its callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

AttemptOutcome = Literal["ready", "discarded", "not_claimed"]
"""`discarded`: overtaken while the model wrote. `not_claimed`: somebody else has it, or it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A worker's hold on a suggestion. Every later write names the token, so that a zombie's is refused."""

    suggestion_id: UUID
    shop_id: UUID
    message_id: UUID
    thread_id: UUID
    attempt: int
    is_vip: bool
    lease_token: UUID
    created_at: datetime
