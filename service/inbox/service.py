"""Store a mail: judge it, then write it, in the turn of its sender where others of its thread arrive at the same moment."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import structlog

from service.db.unit_of_work import unit_of_work
from service.errors import TemporaryError, Unreadable
from service.inbox import repository
from service.inbox.judgement import JudgedMail
from service.inbox.types import Schedule, StoredMail
from service.providers.types import WebhookCall
from service.shops.types import Source

MAX_TRIES = 10
"""Tries to store a mail while others of its thread arrive at the same moment."""

log = structlog.get_logger()


async def store(
    source: Source, call: WebhookCall, judged: JudgedMail, *, dedupe_key: str, schedule: Schedule, replayed: UUID | None = None
) -> StoredMail | None:
    """Store a mail with its delivery. Commits. Returns None when the delivery was there already, or is no longer failed.

    replayed: the delivery that holds the call; None stores a new one.

    Raises:
        Unreadable: permanent; the database cannot hold it.
        TemporaryError: the database is away, or too many mails of one thread came at once; nothing is stored.
    """
    for attempt in range(MAX_TRIES):
        try:
            # The first try takes no turn: a race is rare. Without turns after it, one of twenty mails could lose all its tries.
            async with _turn(source, judged.mail.sender) if attempt else contextlib.nullcontext():
                return await repository.store_mail(
                    source, call, judged, dedupe_key=dedupe_key, schedule=schedule, replayed=replayed
                )
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            log.debug("inbox.thread_raced", source_id=str(source.id))
        except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
            raise Unreadable("unstorable", f"The database cannot hold this mail: {type(error).__name__}") from error
    raise TemporaryError("Too many mails of one thread at once", retry_after_s=1)


@contextlib.asynccontextmanager
async def _turn(source: Source, sender: str) -> AsyncIterator[None]:
    """Open a transaction in which no other mail of this sender that has lost a race is stored."""
    async with unit_of_work():
        await repository.wait_for_turn(source.shop_id, sender)
        yield
