"""What passes between the dead letters' queries, their retry and its callers.

A dead letter is a suggestion that has failed and that no agent has dealt with: its status is `failed`, its outcome is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from service.jobs import DraftJob
from service.suggestions.lifecycle import ReasonCode

Obstacle = Literal["not_found", "resolved", "not_failed", "claimed", "newer_message", "answered", "other_suggestion"]
"""Why a suggestion is not put back: the shop has none of this id; an agent has dealt with it; it has not failed, or was put back
already; an agent holds it; the customer has written again; the message was answered; another suggestion of the thread is in work or
waits for an agent. A closed list."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why letters are dead: their reason, and the kind of error; None stands for every error of the reason."""

    reason_code: ReasonCode
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One dead letter whose customer still waits.

    Attributes:
        waiting_since: when the first of the mails came that it was to answer.
        claimed_until: until when an agent holds it.
    """

    id: UUID
    thread_id: UUID
    message_id: UUID
    sender: str
    subject: str
    is_vip: bool
    waiting_since: datetime
    attempt: int
    failed_at: datetime | None
    retried_at: datetime | None
    claimed_until: datetime | None


@dataclass(frozen=True, slots=True)
class Position:
    """A letter's place among those of its cause, by wait."""

    waiting_since: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseGroup:
    """The dead letters of one cause.

    Attributes:
        count: those whose customer still waits; vip_count: of them.
        overtaken_count: those that nobody waits for any more; they cannot be put back, and are not among the letters.
        oldest_wait_since: None when nobody waits.
        estimated_cost_usd: of a retry of all that wait; None when no price is known.
        letters: the longest wait first.
        has_more: whether more follow the letters.
    """

    reason_code: str
    error: str
    count: int
    vip_count: int
    overtaken_count: int
    oldest_wait_since: datetime | None
    estimated_cost_usd: Decimal | None
    letters: tuple[DeadLetter, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A suggestion that was not put back, and why."""

    id: UUID
    why: Obstacle


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What a retry did.

    Attributes:
        put_back: VIPs first, then the longest wait.
        left: how many of the cause could be put back by another call.
        jobs: to be published once all is committed; those of many letters are left to the relay, which spreads them.
    """

    put_back: tuple[UUID, ...]
    kept: tuple[Kept, ...]
    left: int = 0
    jobs: tuple[DraftJob, ...] = ()
