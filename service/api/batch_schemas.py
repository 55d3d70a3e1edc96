"""Batches as the JSON API shows them, and what it takes to make one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from service.api.action_schemas import Agent, checked_agent
from service.batches.service import MAX_MESSAGES
from service.batches.types import Batch, BatchState, Filter, NewBatch, SkipReason
from service.errors import InvalidInput
from service.suggestions.lifecycle import ReasonCode
from service.suggestions.periods import period_of


class FilterIn(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The newest message of each thread, from `since` to `until`: whole days in UTC, both included, at most 92.

    The last 30 days where both are left out. `status`: of its suggestion, `ready` or `failed`, both where it is left out.
    `reason_code`: why it failed. What was answered, or dealt with by an agent, is left out.
    """

    since: date | None = None
    until: date | None = None
    status: Literal["ready", "failed"] | None = None
    reason_code: ReasonCode | None = None


class BatchIn(msgspec.Struct, kw_only=True):
    """Which messages to draft again: `message_ids` or a `filter`; who wants it; and what should be different in the drafts.

    `is_provider_batch`: sent to the model's provider as one file, answered within a day at half the price.
    """

    agent: Agent
    message_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MAX_MESSAGES)] | None = None
    filter: FilterIn | None = None
    instruction: Annotated[str, Meta(max_length=1000)] = ""
    is_provider_batch: bool = False


class BatchOut(msgspec.Struct, kw_only=True):
    """A batch and how far it is.

    `total`: messages asked for; `expanded`: those that were turned into suggestions or passed over so far. `drafted`, `failed`,
    `waiting`, `superseded`: its suggestions as they stand now. `error`: what stands in its way, or stood last.

    `skipped`: how many messages were passed over, by reason:

    - `not_found`: the shop has no such message
    - `not_from_customer`: it went out, or a machine wrote it
    - `newer_message`: the customer has written again
    - `answered`: it was answered
    - `resolved`: an agent has dealt with its suggestion
    - `claimed`: an agent holds a suggestion of its thread
    - `other_suggestion`: one for another message of its thread waits for an agent
    - `in_work`: a suggestion of its thread is on its way already
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
    skipped: dict[SkipReason, int]
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class BatchPage(msgspec.Struct, kw_only=True):
    """Batches, newest first. `next_cursor` is null on the last page."""

    items: list[BatchOut]
    next_cursor: str | None


def batch_out(batch: Batch) -> BatchOut:
    """Build a batch."""
    return msgspec.convert(batch, BatchOut, from_attributes=True)


def checked_batch(told: BatchIn) -> NewBatch:
    """Return what is asked for. Raises InvalidInput unless it names messages or a filter, one of the two."""
    if (told.message_ids is None) == (told.filter is None):
        raise InvalidInput("Name `message_ids`, or a `filter`: one of the two")
    if "\0" in told.instruction:
        raise InvalidInput("`instruction` takes text without NUL characters")
    return NewBatch(
        wanted=tuple(told.message_ids) if told.message_ids is not None else _filter(told.filter or FilterIn()),
        created_by=checked_agent(told.agent),
        instruction=told.instruction,
        is_provider_batch=told.is_provider_batch,
    )


def _filter(told: FilterIn) -> Filter:
    if told.reason_code is not None and told.status == "ready":
        raise InvalidInput("`reason_code` goes with the status `failed` only")
    period = period_of(told.since, told.until, today=datetime.now(UTC).date())
    return Filter(period, status="failed" if told.reason_code is not None else told.status, reason_code=told.reason_code)
