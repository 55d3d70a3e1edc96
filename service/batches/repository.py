"""A batch's row: made, taken by the relay, leased by a step, moved on and ended; on the database's clock.

`next_step_at` is the lease: who takes a batch moves it into the future, and whoever finds it there leaves the batch alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from service.batches.rules import CHUNK, MAX_LIVE
from service.batches.types import BatchState, NewBatch, SkipReason
from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.jobs import BatchJob

SENT_S = 30.0
"""So long a batch that was sent is left to the queue; then it is sent again."""

STEP_LEASE_S = 90.0
"""So long a step may take: it has ended by the actor's time limit. A killed worker's batch moves on after this."""

LAST_WORDS_S = 60.0

_INSERT = """
INSERT INTO batch (id, shop, state, is_provider_batch, instruction, created_by, messages, position, skipped, next_step_at,
                   created_at, finished_at)
SELECT $1, $2, CASE WHEN is_empty THEN 'finished' ELSE 'running' END, $3, nullif($4, ''), $5, $6, 0, '{}',
       CASE WHEN NOT is_empty THEN now() END, now(), CASE WHEN is_empty THEN now() END
FROM (SELECT cardinality($6::uuid[]) = 0 AS is_empty) AS asked
"""

_TAKE_DUE = """
UPDATE batch SET next_step_at = now() + make_interval(secs => $2::float8)
WHERE id IN (SELECT id FROM batch WHERE next_step_at <= now() ORDER BY next_step_at LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""

# Further ahead than the relay puts it: another step is at it, or it is to be left alone for a while.
_BEGIN_STEP = """
UPDATE batch SET next_step_at = now() + make_interval(secs => $3::float8)
WHERE id = $1 AND next_step_at <= now() + make_interval(secs => $2::float8)
RETURNING id, shop, state, is_provider_batch, provider_file_id IS NOT NULL AS has_file
"""

_LOCK = f"""
SELECT id, shop, is_provider_batch, coalesce(instruction, '') AS instruction, position, cardinality(messages) AS total, skipped,
       messages[position + 1 : position + {CHUNK}] AS following
FROM batch WHERE id = $1 AND state = 'running' FOR UPDATE
"""

_IS_LIVE = "shop = $1 AND batch = $2 AND status IN ('pending', 'queued', 'drafting')"

_COUNT_LIVE = f"SELECT count(*) AS live FROM (SELECT FROM suggestion WHERE {_IS_LIVE} LIMIT {MAX_LIVE}) AS found"

_MOVE_ON = "UPDATE batch SET position = $2, skipped = $3 WHERE id = $1"

# Never later than another has wished meanwhile: a cancelled batch is due at once.
_SCHEDULE = """
UPDATE batch SET next_step_at = least(next_step_at, now() + make_interval(secs => $2::float8))
WHERE id = $1 AND next_step_at IS NOT NULL
"""

_END = f"""
UPDATE batch
SET state = CASE WHEN state = 'running' THEN 'finished' ELSE state END, finished_at = coalesce(finished_at, now()),
    next_step_at = NULL
WHERE shop = $1 AND id = $2 AND (state <> 'running' OR position = cardinality(messages))
  AND NOT EXISTS (SELECT FROM suggestion WHERE {_IS_LIVE})
RETURNING id
"""

_CANCEL = """
UPDATE batch SET state = 'cancelled', finished_at = now(), next_step_at = now()
WHERE shop = $1 AND id = $2 AND state IN ('running', 'failed')
RETURNING id
"""

# What lies with the provider is still to be cancelled there; where that fails too, nothing more is tried.
_FAIL = """
UPDATE batch
SET next_step_at = CASE WHEN is_provider_batch AND state = 'running' THEN now() + make_interval(secs => $3::float8) END, error = $2,
    state = CASE WHEN state = 'running' THEN 'failed' ELSE state END, finished_at = coalesce(finished_at, now())
WHERE id = $1 AND next_step_at IS NOT NULL
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A batch that a step has leased. has_file: the provider has, or had, its prompts."""

    id: UUID
    shop_id: UUID
    state: BatchState
    is_provider_batch: bool
    has_file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedBatch:
    """A running batch whose row is locked. following: the next messages, at most a chunk."""

    id: UUID
    shop_id: UUID
    is_provider_batch: bool
    instruction: str
    position: int
    total: int
    skipped: Mapping[SkipReason, int]
    following: tuple[UUID, ...]


_skipped = msgspec.json.Decoder(dict[SkipReason, int])


async def insert(shop_id: UUID, new: NewBatch, message_ids: list[UUID]) -> UUID:
    """Store a batch, due at once; one without messages is finished. Returns its id."""
    batch_id = uuid7()
    await fetch(_INSERT, batch_id, shop_id, new.is_provider_batch, new.instruction, new.created_by, message_ids)
    return batch_id


async def take_due(limit: int) -> list[BatchJob]:
    """Take up to limit batches that are to be moved on; for 30 s nobody else takes them."""
    return [BatchJob(row["id"]) for row in await fetch(_TAKE_DUE, limit, SENT_S)]


async def begin_step(batch_id: UUID) -> Step | None:
    """Lease a batch for a step; None: another step is at it, or it is not to be moved on."""
    row = await fetch_row(_BEGIN_STEP, batch_id, SENT_S, STEP_LEASE_S)
    if row is None:
        return None
    return Step(
        id=row["id"],
        shop_id=row["shop"],
        state=row["state"],
        is_provider_batch=row["is_provider_batch"],
        has_file=row["has_file"],
    )


async def lock(batch_id: UUID) -> LockedBatch | None:
    """Hold a batch until the transaction ends; None: it does not run any more."""
    row = await fetch_row(_LOCK, batch_id)
    if row is None:
        return None
    return LockedBatch(
        id=row["id"],
        shop_id=row["shop"],
        is_provider_batch=row["is_provider_batch"],
        instruction=row["instruction"],
        position=row["position"],
        total=row["total"],
        skipped=_skipped.decode(row["skipped"]),
        following=tuple(row["following"]),
    )


async def count_live(shop_id: UUID, batch_id: UUID) -> int:
    """Return how many of a batch's suggestions wait or are drafted; counts up to MAX_LIVE."""
    row = await fetch_row(_COUNT_LIVE, shop_id, batch_id)
    return int(row["live"])


async def move_on(batch_id: UUID, *, position: int, skipped: Mapping[SkipReason, int]) -> None:
    """Record how far a batch is, in the transaction that has locked it."""
    await fetch(_MOVE_ON, batch_id, position, msgspec.json.encode(skipped).decode())


async def schedule(batch_id: UUID, pause_s: float) -> None:
    """End a step: the next one is due after a pause."""
    await fetch(_SCHEDULE, batch_id, pause_s)


async def end(shop_id: UUID, batch_id: UUID) -> bool:
    """Have no further step where nothing is left to be done; a running batch is finished then. False: something is."""
    return await fetch_row(_END, shop_id, batch_id) is not None


async def cancel(shop_id: UUID, batch_id: UUID) -> bool:
    """Let nothing more of a batch be expanded. False: it is not running, or the shop has no such batch."""
    return await fetch_row(_CANCEL, shop_id, batch_id) is not None


async def fail(batch_id: UUID, error: str) -> bool:
    """Give a batch up. False: there was nothing left to be done."""
    return await fetch_row(_FAIL, batch_id, error, LAST_WORDS_S) is not None
