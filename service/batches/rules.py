"""Which messages a batch has drafted again, and how many at a time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from service.batches.types import SkipReason

CHUNK = 50
"""Messages that one transaction turns into suggestions: it holds their threads for some milliseconds."""

MAX_LIVE = 200
"""A batch's suggestions that wait or are drafted at a time: the queue stays short, and a cancelled batch stops soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message that a batch asks for, as it stands under its thread's lock. Without a thread the shop has no such message.

    Attributes:
        is_resolved: an agent has dealt with a suggestion for it.
        is_held: an agent holds a suggestion of its thread.
        has_other_live: a draft for another message of the thread waits for an agent.
        is_in_work: a suggestion of its thread waits or is being drafted.
    """

    message_id: UUID
    thread_id: UUID | None
    is_from_customer: bool
    has_newer_message: bool
    is_answered: bool
    is_resolved: bool
    is_held: bool
    has_other_live: bool
    is_in_work: bool


def skip_reason(asked: Asked) -> SkipReason | None:
    """Return why a message is passed over; None: it is drafted again. What is of the message comes before what may pass."""
    if asked.thread_id is None:
        return "not_found"
    reasons: tuple[tuple[bool, SkipReason], ...] = (
        (not asked.is_from_customer, "not_from_customer"),
        (asked.has_newer_message, "newer_message"),
        (asked.is_answered, "answered"),
        (asked.is_resolved, "resolved"),
        (asked.is_held, "claimed"),
        (asked.is_in_work, "in_work"),
        (asked.has_other_live, "other_suggestion"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def chunk_size(*, live: int, is_provider_batch: bool) -> int:
    """Return how many messages may follow now; none while enough of the batch's suggestions are live.

    A provider's batch is answered as one file: there all may wait.
    """
    return CHUNK if is_provider_batch else max(0, min(CHUNK, MAX_LIVE - live))
