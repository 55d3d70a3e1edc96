"""One action of an agent: one transaction, tried again after a race, and done once however often its Idempotency-Key comes.

The key's row is written first: a second call with the same key waits until the first has committed, and gives its answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import structlog

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.db.unit_of_work import unit_of_work
from service.errors import TemporaryError, Unprocessable
from service.jobs import DraftJob
from service.observability.metrics import OUTCOMES

MAX_TRIES = 3

_TAKE_KEY = """
INSERT INTO idempotent_call (id, shop, key, fingerprint, created_at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT (shop, key) DO NOTHING RETURNING id
"""

_KEEP_ANSWER = "UPDATE idempotent_call SET answer = $3 WHERE shop = $1 AND key = $2"

_KEPT_ANSWER = "SELECT fingerprint, answer FROM idempotent_call WHERE shop = $1 AND key = $2"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CallKey:
    """An Idempotency-Key, and a hash of the call that it stands for."""

    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did.

    Attributes:
        id: the row that the answer shows.
        jobs: to be published once all is committed.
        outcomes: what became of the model's drafts, for the metric; fallbacks do not count.
    """

    id: UUID
    jobs: tuple[DraftJob, ...] = ()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer's bytes, new or kept, and the jobs to publish."""

    answer: bytes
    jobs: tuple[DraftJob, ...] = ()


async def act(
    shop_id: UUID, work: Callable[[], Awaitable[Done]], answer: Callable[[UUID], Awaitable[bytes]], *, key: CallKey | None = None
) -> Answered:
    """Do the work and build its answer in one transaction. Commits; sends nothing: publish the jobs afterwards.

    Only an answer that was committed is kept: work that raised may be tried again with the same key.

    Raises:
        Unprocessable: the key stands for another call.
        TemporaryError: the database is away, or too much happens in one thread at once; nothing is done.
    """
    for attempt in range(MAX_TRIES):
        try:
            async with unit_of_work():
                kept = await _take(shop_id, key) if key else None
                if kept is not None:
                    return Answered(kept)
                done = await work()
                told = await answer(done.id)
                if key:
                    await fetch(_KEEP_ANSWER, shop_id, key.key, told)
        except (asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError):
            log.debug("suggestions.action_raced", attempt=attempt)
            continue
        for outcome in done.outcomes:
            OUTCOMES.labels(outcome).inc()
        return Answered(told, done.jobs)
    raise TemporaryError("Too much happens in this thread at once", retry_after_s=1)


async def _take(shop_id: UUID, key: CallKey) -> bytes | None:
    """Take a key for this call; return the answer that is kept for it, None when it is new. Waits for a call under way."""
    if await fetch_row(_TAKE_KEY, uuid7(), shop_id, key.key, key.fingerprint) is not None:
        return None
    kept = await fetch_row(_KEPT_ANSWER, shop_id, key.key)
    if kept is None or kept["answer"] is None:
        raise TemporaryError("The Idempotency-Key is just being forgotten", retry_after_s=1)
    if bytes(kept["fingerprint"]) != key.fingerprint:
        raise Unprocessable("This Idempotency-Key was used for another call: give every new call a new key")
    return bytes(kept["answer"])
