"""Take deliveries: each authentic call is kept once, with what it brought: a message, a record of the shop, or a reason why not."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import asyncpg
import structlog

from service.db.unit_of_work import unit_of_work
from service.deliveries import repository
from service.deliveries.queries import find_kept_call
from service.deliveries.reading import off_loop, read_payload
from service.deliveries.types import Receipt
from service.errors import AuthenticationFailed, Conflict, NotFound, TemporaryError, Unreadable
from service.inbox import service as inbox
from service.inbox.judgement import JudgedMail
from service.inbox.types import Schedule, StoredMail
from service.orders import service as orders
from service.providers.records import Record
from service.providers.registry import FORMATS
from service.providers.types import AuthenticCall, Ignored, WebhookCall
from service.shops.sources import find_source
from service.shops.types import Source

MAX_KEY_LENGTH = 200
MAX_TRIES = 3
"""Tries to write a record while another of the same customer is written."""

REPLAYABLE = frozenset({"failed", "ignored"})

log = structlog.get_logger()


async def receive(source: Source, call: WebhookCall, authentic: AuthenticCall, *, schedule: Schedule) -> Receipt:
    """Store an authentic call. Commits; sends nothing: give the receipt's suggestion to the publisher.

    Raises:
        AuthenticationFailed: the signature was used before, with another content.
        TemporaryError: the database is away, nothing is stored.
    """
    key = _bounded(authentic.dedupe_key)
    try:
        found = await off_loop(partial(read_payload, authentic.payload, source, call.body), len(call.body))
        if isinstance(found, JudgedMail):
            stored = await inbox.store(source, call, found, dedupe_key=key, schedule=schedule)
            if stored is None:
                return await _duplicate(source, authentic, key=key, fingerprint=found.mail.fingerprint())
            return _mail_receipt(stored, found)
        event_key = _bounded(authentic.event_key) if authentic.event_key else None
        receipt = await _take_record(source, call, found, key=key, event_key=event_key)
    except Unreadable as error:
        return await _keep_unreadable(source, call, authentic, key=key, error=error)
    return receipt or Receipt("duplicate", reason="delivery_seen")


async def replay(shop_id: UUID, delivery_id: UUID, *, schedule: Schedule) -> Receipt:
    """Read a failed or ignored delivery again, with today's program. Commits; sends nothing, as receive.

    Raises:
        NotFound: this shop has no such delivery, or it was purged.
        Conflict: what it brought is stored already.
    """
    kept = await find_kept_call(shop_id, delivery_id)
    source = await find_source(kept.source_id, with_disabled=True) if kept else None
    if kept is None or source is None:
        raise NotFound(f"There is no delivery {delivery_id}")
    if kept.outcome not in REPLAYABLE:
        raise Conflict(f"Delivery {delivery_id} is {kept.outcome}: only failed and ignored ones can be replayed")
    payload = partial(FORMATS[source.provider].read, kept.call)
    try:
        found = await off_loop(partial(read_payload, payload, source, kept.call.body), len(kept.call.body))
        if isinstance(found, JudgedMail):
            stored = await inbox.store(
                source, kept.call, found, dedupe_key=kept.dedupe_key, schedule=schedule, replayed=delivery_id
            )
            return _mail_receipt(stored, found) if stored else Receipt("duplicate", reason="delivery_seen")
        return await _replay_record(source, found, delivery_id)
    except Unreadable as error:
        return Receipt("failed", reason=error.reason)


async def _take_record(
    source: Source, call: WebhookCall, found: Record | Ignored, *, key: str, event_key: str | None
) -> Receipt | None:
    """Keep the call and apply its record, both or neither. None: the call or its event was there already."""
    take = partial(
        repository.take,
        source,
        call,
        dedupe_key=key,
        event_key=event_key,
        fingerprint=hashlib.sha256(call.body).digest(),
    )
    if isinstance(found, Ignored):
        taken = await take(outcome="ignored", reason=found.reason)
        return Receipt("ignored", reason=found.reason) if taken else None
    return await _apply(source, found, partial(take, outcome="stored"))


async def _replay_record(source: Source, found: Record | Ignored, delivery_id: UUID) -> Receipt:
    if isinstance(found, Ignored):
        return Receipt("ignored", reason=found.reason)
    receipt = await _apply(source, found, partial(repository.retake, source.shop_id, delivery_id))
    return receipt or Receipt("duplicate", reason="delivery_seen")


async def _apply(source: Source, change: Record, take: Callable[[], Awaitable[UUID | None]]) -> Receipt | None:
    """Take a delivery and apply its record in one transaction. None: there was nothing to take."""
    for attempt in range(MAX_TRIES):
        try:
            async with unit_of_work():
                delivery_id = await take()
                if delivery_id is None:
                    return None
                if await orders.apply(source.shop_id, change):
                    return Receipt("stored")
                await repository.mark(delivery_id, "ignored", "older_state")
                return Receipt("ignored", reason="older_state")
        except asyncpg.DeadlockDetectedError:
            log.debug("deliveries.record_raced", source_id=str(source.id), attempt=attempt)
        except asyncpg.DataError as error:
            raise Unreadable("unstorable", f"The database cannot hold this record: {type(error).__name__}") from error
    raise TemporaryError("Too many records of one customer at once", retry_after_s=1)


def _mail_receipt(stored: StoredMail, judged: JudgedMail) -> Receipt:
    if stored.message_id is None:
        return Receipt("duplicate", reason="message_id_seen")
    return Receipt(
        "stored",
        message_id=stored.message_id,
        suggestion_id=stored.suggestion_id,
        is_job=judged.machine_class is None,
        is_vip=stored.is_vip,
        pause_s=stored.pause_s,
        reason="machine_mail" if judged.machine_class else None,
    )


async def _keep_unreadable(source: Source, call: WebhookCall, authentic: AuthenticCall, *, key: str, error: Unreadable) -> Receipt:
    fingerprint = hashlib.sha256(call.body).digest()
    taken = await repository.take(
        source, call, dedupe_key=key, event_key=None, fingerprint=fingerprint, outcome="failed", reason=error.reason
    )
    if taken is None:
        return await _duplicate(source, authentic, key=key, fingerprint=fingerprint)
    log.warning("deliveries.call_unreadable", source_id=str(source.id), reason=error.reason)
    return Receipt("failed", reason=error.reason)


async def _duplicate(source: Source, authentic: AuthenticCall, *, key: str, fingerprint: bytes) -> Receipt:
    """Answer a repeated call: a retry is fine; a used signature on other content is an attack."""
    if authentic.is_replayable and await repository.kept_fingerprint(source.id, key) != fingerprint:
        log.warning("deliveries.signature_replayed", source_id=str(source.id))
        raise AuthenticationFailed("This signature has been used before, with another content")
    return Receipt("duplicate", reason="delivery_seen")


def _bounded(key: str) -> str:
    """Return a key that an index takes: itself, or its hash where it is long or odd."""
    if len(key) > MAX_KEY_LENGTH or not key.isprintable():
        return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    return key
