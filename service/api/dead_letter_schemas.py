"""Dead letters as the JSON API shows them, what a retry takes, and the cursors of their pages."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from service.errors import InvalidInput
from service.suggestions.dead_letters.retrying import MAX_PER_CALL
from service.suggestions.dead_letters.types import Cause, CauseGroup, Obstacle, Position, Retried
from service.suggestions.lifecycle import ReasonCode

MAX_NAMED = 100
MAX_ERROR_LENGTH = 500
FIRST_YEAR, LAST_YEAR = 1970, 9000


class DeadLetterOut(msgspec.Struct, kw_only=True):
    """A failed suggestion that nobody has dealt with; `waiting_since`: from when its customer waits.

    `retried_at`: when it was put back into work for the last time. `claimed_until`: until when an agent holds it.
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


class CauseOut(msgspec.Struct, kw_only=True):
    """The dead letters of one cause: a reason, and the kind of error.

    `count`: those whose customer waits, `vip_count` of them VIPs. `overtaken_count`: those that nobody waits for any more, since
    the customer wrote again, the message was answered, or another suggestion is in work; they are not among the letters.
    `estimated_cost_usd`, a decimal number in a string: of a retry of all that wait, by what the shop's newest drafts cost; null
    when no price is known. `letters`: the longest wait first; `next_cursor` leads to the others, null when there are none.
    """

    reason_code: str
    error: str
    count: int
    vip_count: int
    overtaken_count: int
    oldest_wait_since: datetime | None
    estimated_cost_usd: str | None
    letters: list[DeadLetterOut]
    next_cursor: str | None


class DeadLetters(msgspec.Struct, kw_only=True):
    """A shop's dead letters by cause: that with the longest wait first."""

    causes: list[CauseOut]


class RetryIn(msgspec.Struct, kw_only=True):
    """What to put back: `suggestion_ids`, or all of a `reason_code`, of one `error` where it is given, at most `limit` a call."""

    suggestion_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MAX_NAMED)] | None = None
    reason_code: ReasonCode | None = None
    error: Annotated[str, Meta(max_length=MAX_ERROR_LENGTH)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PER_CALL)] = MAX_PER_CALL


class KeptOut(msgspec.Struct, kw_only=True):
    """A suggestion that was not put back, and why.

    - `not_found`: the shop has no such suggestion
    - `resolved`: an agent has dealt with it
    - `not_failed`: it is no dead letter, or not any more
    - `claimed`: an agent holds it
    - `newer_message`: the customer has written again
    - `answered`: the message was answered
    - `other_suggestion`: another one of the thread is in work or waits for an agent
    """

    suggestion_id: UUID
    why: Obstacle


class RetryOut(msgspec.Struct, kw_only=True):
    """What was put back, VIPs first, then the longest wait. `left`: so many of the cause can be put back by another call."""

    put_back: list[UUID]
    not_put_back: list[KeptOut]
    left: int


class _Cursor(msgspec.Struct, array_like=True):
    """The last letter of a page."""

    reason_code: ReasonCode
    error: Annotated[str, Meta(max_length=MAX_ERROR_LENGTH)]
    waiting_since: datetime
    id: UUID


_cursors = msgspec.json.Decoder(_Cursor)


def decode_letter_cursor(cursor: str) -> tuple[Cause, Position]:
    """Return the cause and the place that a cursor stands for. Raises InvalidInput."""
    try:
        told = _cursors.decode(base64.b64decode(cursor + "==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        told = None
    if told is None or not _can_be_ours(told):
        raise InvalidInput("`cursor` is not one that this API has given out; leave it away for the first page")
    return Cause(told.reason_code, told.error), Position(told.waiting_since, told.id)


def _can_be_ours(cursor: _Cursor) -> bool:
    """Whether the database takes it: a moment near the end of the calendar is none in another time zone."""
    at = cursor.waiting_since
    return at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR and "\0" not in cursor.error


def checked_cause(reason_code: ReasonCode | None, error: str | None) -> Cause | None:
    """Return a cause as it was asked for; None: any. Raises InvalidInput when an error stands without its reason."""
    if error is not None and (reason_code is None or "\0" in error):
        raise InvalidInput("`error` goes with `reason_code`, and takes text without NUL characters")
    return Cause(reason_code, error) if reason_code else None


def checked_selection(told: RetryIn) -> Cause | None:
    """Return the cause that a retry is for; None: it names suggestions. Raises InvalidInput unless it is one of the two."""
    cause = checked_cause(told.reason_code, told.error)
    if (told.suggestion_ids is None) == (cause is None):
        raise InvalidInput("Name `suggestion_ids`, or a `reason_code`: one of the two")
    return cause


def cause_out(group: CauseGroup) -> CauseOut:
    """Build a cause with its letters."""
    last = group.letters[-1] if group.has_more and group.letters else None
    return CauseOut(
        reason_code=group.reason_code,
        error=group.error,
        count=group.count,
        vip_count=group.vip_count,
        overtaken_count=group.overtaken_count,
        oldest_wait_since=group.oldest_wait_since,
        estimated_cost_usd=None if group.estimated_cost_usd is None else f"{group.estimated_cost_usd:f}",
        letters=[msgspec.convert(letter, DeadLetterOut, from_attributes=True) for letter in group.letters],
        next_cursor=_encoded((group.reason_code, group.error, last.waiting_since, last.id)) if last else None,
    )


def retry_out(retried: Retried) -> RetryOut:
    """Build the answer to a retry."""
    return RetryOut(
        put_back=list(retried.put_back),
        not_put_back=[KeptOut(suggestion_id=each.id, why=each.why) for each in retried.kept],
        left=retried.left,
    )


def _encoded(place: tuple[str, str, datetime, UUID]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")
