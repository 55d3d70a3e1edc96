"""What becomes of a delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Outcome = Literal["stored", "duplicate", "ignored", "failed"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one authentic call.

    Attributes:
        suggestion_id: the suggestion that the message got.
        is_job: a draft is due, so the suggestion is to be sent to the queue.
        is_vip: it goes to the VIPs' queue.
        pause_s: how long to wait before it is sent, for further mails of the thread.
        reason: why the call changed nothing, or the message gets no draft.
    """

    outcome: Outcome
    message_id: UUID | None = None
    suggestion_id: UUID | None = None
    is_job: bool = False
    is_vip: bool = False
    pause_s: float = 0.0
    reason: str | None = None
