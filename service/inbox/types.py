"""What the inbox hands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one authentic call.

    Attributes:
        suggestion_id: the suggestion that the message got.
        is_job: a draft is due, so the suggestion is to be sent to the queue.
        is_vip: it goes to the VIPs' queue.
        reason: why the call brought no message, or the message no draft.
    """

    outcome: Literal["stored", "duplicate", "failed"]
    message_id: UUID | None = None
    suggestion_id: UUID | None = None
    is_job: bool = False
    is_vip: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StoredMail:
    """The rows that one mail made. `message_id` is None when another delivery had brought the same mail."""

    delivery_id: UUID
    message_id: UUID | None
    suggestion_id: UUID | None
    is_vip: bool
