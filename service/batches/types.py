"""What passes between the batches' services, their queries and their callers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from service.suggestions.lifecycle import ReasonCode
from service.suggestions.periods import Period

BatchState = Literal["running", "finished", "cancelled", "failed"]
"""`failed`: a bug stands in its way; what was expanded until then is drafted all the same. The last three are final."""

SkipReason = Literal[
    "not_found", "not_from_customer", "newer_message", "answered", "resolved", "claimed", "other_suggestion", "in_work"
]
"""Why a message is passed over: the shop has none of this id; it went out, or a machine wrote it; the customer has written again;
it was answered; an agent has dealt with its suggestion; an agent holds one of its thread; one for another message of the thread
waits for an agent; one of its thread is on its way already. A closed list."""

StepOutcome = Literal["moved_on", "ended", "not_due"]
"""What a step did: `ended`: nothing is left to be done. `not_due`: another step is at it, or it is over."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which messages: the newest of their threads, of a period, not answered, with a ready or failed suggestion.

    Attributes:
        status: None: both.
        reason_code: why it failed; None: whatever it was.
    """

    period: Period
    status: Literal["ready", "failed"] | None = None
    reason_code: ReasonCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """What is asked for. instruction: what should be different in the drafts; "" for nothing. created_by: who asks."""

    wanted: tuple[UUID, ...] | Filter
    created_by: str
    instruction: str = ""
    is_provider_batch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch and how far it is.

    Attributes:
        total: messages asked for. expanded: those that were turned into suggestions or passed over so far.
        drafted, failed, waiting, superseded: its suggestions, as they stand now.
        skipped: the messages that were passed over, by reason.
        error: what stands, or stood last, in its way.
    """

    id: UUID
    state: BatchState
    is_provider_batch: bool
    instruction: str | None
    created_by: str
    total: int
    expanded: int
    drafted: int
    failed: int
    waiting: int
    superseded: int
    skipped: Mapping[SkipReason, int]
    error: str | None
    created_at: datetime
    finished_at: datetime | None
