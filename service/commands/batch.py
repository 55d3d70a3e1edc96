"""`draftdesk batch`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, get_args
from uuid import UUID

import click

from service.commands.columns import age, in_columns
from service.commands.database import run_on_database
from service.errors import InvalidInput, NotFound
from service.suggestions.lifecycle import ReasonCode

if TYPE_CHECKING:
    from service.batches.types import Batch, NewBatch

MAX_ROWS = 50
MAX_INSTRUCTION_LENGTH = 1_000
CREATED_BY = "draftdesk batch"

REASONS: tuple[str, ...] = get_args(ReasonCode)

_DAY = click.DateTime(["%Y-%m-%d"])
_HEAD = ("id", "age", "state", "messages", "expanded", "drafted", "failed", "waiting", "superseded", "passed over")
_WHY = {
    "not_found": "the shop has no such message",
    "not_from_customer": "it went out, or a machine wrote it",
    "newer_message": "the customer has written again",
    "answered": "it was answered",
    "resolved": "an agent has dealt with its suggestion",
    "claimed": "an agent holds a suggestion of its thread",
    "other_suggestion": "one for another message of its thread waits for an agent",
    "in_work": "a suggestion of its thread is on its way already",
}


@click.group(name="batch")
def command() -> None:
    """Have many messages drafted again, behind all others; see how far that is; stop it."""


@command.command(name="create")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--since", type=_DAY, help="The first day, in UTC; 30 days before the last one when left out.")
@click.option("--until", type=_DAY, help="The last day; today when left out.")
@click.option("--status", type=click.Choice(["failed", "ready"]), help="Of their suggestions; both when left out.")
@click.option("--reason", type=click.Choice(REASONS), help="Only those that failed for this reason.")
@click.option("--instruction", default="", help="What should be different in the drafts.")
@click.option("--provider-batch", "is_provider_batch", is_flag=True, help="As one file to the provider: a day, half the price.")
def create_(
    slug: str,
    since: datetime | None,
    until: datetime | None,
    *,
    status: Literal["ready", "failed"] | None,
    reason: ReasonCode | None,
    instruction: str,
    is_provider_batch: bool,
) -> None:
    """Have the newest message of each thread drafted again whose suggestion is failed or ready, and print the batch's id.

    What was answered, or dealt with by an agent, is left out. At most 92 days and 10,000 messages.
    """
    from service.batches.types import Filter, NewBatch  # noqa: PLC0415 - the database only where it is needed
    from service.observability.logging import configure_logging  # noqa: PLC0415
    from service.shops.service import shop_id_of  # noqa: PLC0415
    from service.suggestions.periods import period_of  # noqa: PLC0415

    if reason is not None and status == "ready":
        raise InvalidInput("--reason goes with --status failed only")
    if len(instruction) > MAX_INSTRUCTION_LENGTH or "\0" in instruction:
        raise InvalidInput(f"--instruction takes at most {MAX_INSTRUCTION_LENGTH:,} characters")
    configure_logging("warning")
    period = period_of(_day(since), _day(until), today=datetime.now(UTC).date())
    new = NewBatch(
        wanted=Filter(period, status="failed" if reason is not None else status, reason_code=reason),
        created_by=CREATED_BY,
        instruction=instruction,
        is_provider_batch=is_provider_batch,
    )

    async def run() -> Batch:
        shop_id = await shop_id_of(slug)
        return await _found(shop_id, await _create(shop_id, new))

    batch = run_on_database(run)
    click.echo(batch.id)
    messages = "message" if batch.total == 1 else "messages"
    click.echo(f"{batch.total:,} {messages} of {period.since} to {period.until}", err=True)


@command.command(name="list")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--limit", type=click.IntRange(1, MAX_ROWS), default=20, show_default=True)
def list_(slug: str, limit: int) -> None:
    """Print a shop's batches, newest first."""
    from service.batches.queries import list_batches  # noqa: PLC0415 - the database only where it is needed
    from service.shops.service import shop_id_of  # noqa: PLC0415

    async def read() -> list[Batch]:
        return await list_batches(await shop_id_of(slug), limit=limit)

    batches, now = run_on_database(read), datetime.now(UTC)
    if not batches:
        click.echo(f"{slug}: no batches")
        return
    rows = [_row(batch, now) for batch in batches]
    for line in in_columns([_HEAD, *rows], right=frozenset({1, *range(3, len(_HEAD))})):
        click.echo(line)


@command.command(name="show")
@click.argument("batch_id", type=click.UUID)
@click.option("--shop", "slug", required=True, help="The shop's slug.")
def show_(batch_id: UUID, slug: str) -> None:
    """Print how far BATCH_ID is, and why messages were passed over."""
    from service.shops.service import shop_id_of  # noqa: PLC0415 - the database only where it is needed

    async def read() -> Batch:
        return await _found(await shop_id_of(slug), batch_id)

    for line in _lines(run_on_database(read), datetime.now(UTC)):
        click.echo(line)


@command.command(name="cancel")
@click.argument("batch_id", type=click.UUID)
@click.option("--shop", "slug", required=True, help="The shop's slug.")
def cancel_(batch_id: UUID, slug: str) -> None:
    """Stop BATCH_ID: what waits is ended, and the drafts that it was to replace come back."""
    from service.batches.service import cancel  # noqa: PLC0415 - the database only where it is needed
    from service.observability.logging import configure_logging  # noqa: PLC0415
    from service.shops.service import shop_id_of  # noqa: PLC0415

    configure_logging("warning")

    async def run() -> Batch:
        shop_id = await shop_id_of(slug)
        await cancel(shop_id, batch_id)
        return await _found(shop_id, batch_id)

    for line in _lines(run_on_database(run), datetime.now(UTC)):
        click.echo(line)


async def _create(shop_id: UUID, new: NewBatch) -> UUID:
    from service.batches.service import create  # noqa: PLC0415
    from service.suggestions.agents.actions import act  # noqa: PLC0415

    async def answer(batch_id: UUID) -> bytes:
        return batch_id.bytes

    answered = await act(shop_id, partial(create, shop_id, new), answer)
    return UUID(bytes=answered.answer)


async def _found(shop_id: UUID, batch_id: UUID) -> Batch:
    from service.batches.queries import get_batch  # noqa: PLC0415

    batch = await get_batch(shop_id, batch_id)
    if batch is None:
        raise NotFound(f"There is no batch {batch_id}")
    return batch


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _row(batch: Batch, now: datetime) -> Sequence[str]:
    made = (batch.drafted, batch.failed, batch.waiting, batch.superseded)
    counts = (batch.total, batch.expanded, *made, sum(batch.skipped.values()))
    return (str(batch.id), age((now - batch.created_at).total_seconds()), batch.state, *(f"{count:,}" for count in counts))


def _lines(batch: Batch, now: datetime) -> Iterator[str]:
    """Yield what a person wants to know of one batch."""
    yield f"{batch.id}  {batch.state}{', with the provider' if batch.is_provider_batch else ''}"
    yield f"by {batch.created_by}, {age((now - batch.created_at).total_seconds())} ago"
    if batch.error is not None:
        yield f"error: {batch.error}"
    counts = (
        ("messages", batch.total),
        ("expanded", batch.expanded),
        ("drafted", batch.drafted),
        ("failed", batch.failed),
        ("waiting", batch.waiting),
        ("superseded", batch.superseded),
        ("passed over", sum(batch.skipped.values())),
    )
    yield from in_columns([(name, f"{count:,}") for name, count in counts], right=frozenset({1}))
    by_count = sorted(batch.skipped.items(), key=lambda each: (-each[1], each[0]))
    yield from (f"  {count:,}: {_WHY[reason]}" for reason, count in by_count)
