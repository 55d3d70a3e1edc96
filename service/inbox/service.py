"""Receive mail: each authentic call becomes one delivery, and one message with one suggestion, or a reason why not."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import asyncpg
import structlog

from service.db.unit_of_work import unit_of_work
from service.errors import AuthenticationFailed, Conflict, NotFound, TemporaryError, Unreadable
from service.inbox import repository
from service.inbox.deliveries import find_kept_call
from service.inbox.machine_mail import machine_class
from service.inbox.types import Receipt, StoredMail
from service.providers.registry import FORMATS
from service.providers.types import AuthenticCall, InboundMail, WebhookCall
from service.shops.types import Source

MAX_TRIES = 10
"""Tries to store a mail while others of its thread arrive at the same moment."""

MAX_KEY_LENGTH = 200

log = structlog.get_logger()


async def receive(source: Source, call: WebhookCall, authentic: AuthenticCall, *, head_start_s: float) -> Receipt:
    """Store an authentic call. Commits; sends nothing: give the receipt's suggestion to the publisher.

    head_start_s: how long the publisher has before the relay takes the suggestion up.

    Raises:
        AuthenticationFailed: the signature was used before, with another content.
        TemporaryError: the database is away, nothing is stored.
    """
    key = authentic.dedupe_key
    if len(key) > MAX_KEY_LENGTH or not key.isprintable():
        key = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    try:
        mail = _read(authentic.to_mail)
        machine = machine_class(mail.headers, mail.sender)
        stored = await _store(source, call, mail, key=key, machine=machine, head_start_s=head_start_s)
    except Unreadable as error:
        return await _store_unreadable(source, call, authentic, key=key, error=error)
    if stored is None:
        return await _duplicate(source, authentic, key=key, fingerprint=mail.fingerprint())
    return await _receipt(stored, machine)


async def replay(shop_id: UUID, delivery_id: UUID, *, head_start_s: float) -> Receipt:
    """Read a failed delivery again, with today's program. Commits; sends nothing, as receive.

    Raises:
        NotFound: this shop has no such delivery, or it was purged.
        Conflict: its mail is stored already.
    """
    kept = await find_kept_call(shop_id, delivery_id)
    if kept is None:
        raise NotFound(f"There is no delivery {delivery_id}")
    if kept.outcome != "failed":
        raise Conflict(f"Delivery {delivery_id} is {kept.outcome}: only failed ones can be replayed")
    source = kept.source
    try:
        mail = _read(lambda: FORMATS[source.provider].read(kept.call))
        machine = machine_class(mail.headers, mail.sender)
        stored = await _store(
            source, kept.call, mail, key=kept.dedupe_key, machine=machine, head_start_s=head_start_s, replayed=delivery_id
        )
    except Unreadable as error:
        return Receipt("failed", reason=error.reason)
    if stored is None:
        return Receipt("duplicate", reason="delivery_seen")
    return await _receipt(stored, machine)


async def _receipt(stored: StoredMail, machine: str | None) -> Receipt:
    if stored.message_id is None:
        await repository.mark_duplicate(stored.delivery_id)
        return Receipt("duplicate", reason="message_id_seen")
    return Receipt(
        "stored",
        message_id=stored.message_id,
        suggestion_id=stored.suggestion_id,
        is_job=machine is None,
        is_vip=stored.is_vip,
        reason="machine_mail" if machine else None,
    )


def _read(to_mail: Callable[[], InboundMail]) -> InboundMail:
    """Map the payload. A bug of ours in the mapping must not lose the mail: its delivery is kept and can be replayed."""
    try:
        return to_mail()
    except Unreadable:
        raise
    except Exception as error:
        log.exception("inbox.parser_failed")
        raise Unreadable("parser_failed", f"The mail could not be read: {type(error).__name__}") from error


async def _store(
    source: Source,
    call: WebhookCall,
    mail: InboundMail,
    *,
    key: str,
    machine: str | None,
    head_start_s: float,
    replayed: UUID | None = None,
) -> StoredMail | None:
    for attempt in range(MAX_TRIES):
        try:
            # The first try takes no turn: a race is rare. Without turns after it, one of twenty mails could lose all its tries.
            async with _turn(source, mail) if attempt else contextlib.nullcontext():
                return await repository.store_mail(
                    source, call, mail, dedupe_key=key, machine_class=machine, head_start_s=head_start_s, replayed=replayed
                )
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            log.debug("inbox.thread_raced", source_id=str(source.id))
        except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
            raise Unreadable("unstorable", f"The database cannot hold this mail: {type(error).__name__}") from error
    raise TemporaryError("Too many mails of one thread at once", retry_after_s=1)


@contextlib.asynccontextmanager
async def _turn(source: Source, mail: InboundMail) -> AsyncIterator[None]:
    """Open a transaction in which no other mail of this sender that has lost a race is stored."""
    async with unit_of_work():
        await repository.wait_for_turn(source.shop_id, mail.sender)
        yield


async def _store_unreadable(source: Source, call: WebhookCall, authentic: AuthenticCall, *, key: str, error: Unreadable) -> Receipt:
    fingerprint = hashlib.sha256(call.body).digest()
    if not await repository.store_unreadable(source, call, dedupe_key=key, fingerprint=fingerprint, reason=error.reason):
        return await _duplicate(source, authentic, key=key, fingerprint=fingerprint)
    log.warning("inbox.mail_unreadable", source_id=str(source.id), reason=error.reason)
    return Receipt("failed", reason=error.reason)


async def _duplicate(source: Source, authentic: AuthenticCall, *, key: str, fingerprint: bytes) -> Receipt:
    """Answer a repeated call: a retry is fine; a used signature on other content is an attack."""
    if authentic.is_replayable and await repository.delivery_fingerprint(source.id, key) != fingerprint:
        log.warning("inbox.signature_replayed", source_id=str(source.id))
        raise AuthenticationFailed("This signature has been used before, with another content")
    return Receipt("duplicate", reason="delivery_seen")
