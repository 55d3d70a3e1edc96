"""`draftdesk dead-letters`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args
from uuid import UUID

import click

from service.commands.columns import age, in_columns
from service.commands.database import run_on_database
from service.errors import InvalidInput
from service.suggestions.lifecycle import ReasonCode

if TYPE_CHECKING:
    from service.suggestions.dead_letters.types import Cause, CauseGroup, DeadLetter, Retried

MAX_LETTERS = 100
MAX_IDS = 1_000
MAX_CALLS = 200
"""Transactions of one run for one reason, of up to 1,000 letters each."""

REASONS: tuple[str, ...] = get_args(ReasonCode)

_CAUSES = ("reason", "error", "waiting", "VIPs", "longest wait", "overtaken", "a retry costs")
_LETTERS = ("id", "wait", "attempts", "")
_WHY = {
    "not_found": "the shop has no such suggestion",
    "resolved": "an agent has dealt with it",
    "not_failed": "it is no dead letter",
    "claimed": "an agent holds it",
    "newer_message": "the customer has written again",
    "answered": "it was answered",
    "other_suggestion": "another suggestion of its thread is in work or waits for an agent",
}


@click.group(name="dead-letters")
def command() -> None:
    """List suggestions that failed and that nobody has dealt with, and put them back into work."""


@command.command(name="list")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--reason", type=click.Choice(REASONS), help="Only those that failed for this reason.")
@click.option("--letters", "limit", type=click.IntRange(1, MAX_LETTERS), default=10, show_default=True, help="Of each cause.")
def list_(slug: str, reason: ReasonCode | None, limit: int) -> None:
    """Print a shop's dead letters by cause, and of each cause those whose customers have waited longest."""
    from service.shops.service import shop_id_of  # noqa: PLC0415 - the database only where it is needed
    from service.suggestions.dead_letters.queries import list_dead_letters  # noqa: PLC0415
    from service.suggestions.dead_letters.types import Cause  # noqa: PLC0415

    async def read() -> list[CauseGroup]:
        return await list_dead_letters(await shop_id_of(slug), cause=Cause(reason) if reason else None, limit=limit)

    groups = run_on_database(read)
    if not groups:
        click.echo(f"{slug}: no dead letters")
    for line in _lines(groups, datetime.now(UTC)):
        click.echo(line)


@command.command(name="retry")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--id", "suggestion_ids", type=click.UUID, multiple=True, help="A suggestion; may be given more than once.")
@click.option("--reason", type=click.Choice(REASONS), help="All that failed for this reason.")
@click.option("--all", "is_all", is_flag=True, help="All.")
def retry_(slug: str, suggestion_ids: tuple[UUID, ...], reason: ReasonCode | None, is_all: bool) -> None:
    """Put dead letters back into work, to be drafted with the prompt of today: VIPs first, then the longest wait.

    The relay sends them. What cannot be put back stays as it is, and is printed with the reason.
    """
    from service.observability.logging import configure_logging  # noqa: PLC0415 - the database only where it is needed
    from service.shops.service import shop_id_of  # noqa: PLC0415
    from service.suggestions.dead_letters.types import Cause  # noqa: PLC0415

    configure_logging("warning")
    if [bool(suggestion_ids), reason is not None, is_all].count(True) != 1:
        raise InvalidInput("Say --id, --reason or --all: one of them")
    if len(suggestion_ids) > MAX_IDS:
        raise InvalidInput(f"At most {MAX_IDS:,} ids at once")
    reasons: tuple[ReasonCode, ...] = (reason,) if reason else get_args(ReasonCode)

    async def run() -> list[str]:
        shop_id = await shop_id_of(slug)
        if suggestion_ids:
            retried = await _retry_once(shop_id, suggestion_ids)
            return [*_kept(retried), f"{len(retried.put_back):,} put back"]
        told = []
        for each in reasons:
            told += [line async for line in _retry_all(shop_id, Cause(each))]
        return told or ["0 put back"]

    for line in run_on_database(run):
        click.echo(line)


async def _retry_all(shop_id: UUID, cause: Cause) -> AsyncIterator[str]:
    """Put back a whole cause, part by part; each part is committed."""
    count = left = 0
    for _ in range(MAX_CALLS):
        retried = await _retry_once(shop_id, cause)
        count, left = count + len(retried.put_back), retried.left
        for line in _kept(retried):
            yield line
        if not left:
            break
    if count or left:
        yield f"{cause.reason_code}: {count:,} put back" + (f", {left:,} left" if left else "")


async def _retry_once(shop_id: UUID, wanted: tuple[UUID, ...] | Cause) -> Retried:
    from service.suggestions.agents.actions import Done, act  # noqa: PLC0415
    from service.suggestions.dead_letters.retrying import MAX_PER_CALL, retry_cause, retry_letters  # noqa: PLC0415

    told: list[Retried] = []

    async def work() -> Done:
        if isinstance(wanted, tuple):
            told.append(await retry_letters(shop_id, wanted, head_start_s=0))
        else:
            told.append(await retry_cause(shop_id, wanted, limit=MAX_PER_CALL, head_start_s=0))
        return Done(shop_id)

    async def answer(_: UUID) -> bytes:
        return b""

    await act(shop_id, work, answer)
    return told[-1]


def _kept(retried: Retried) -> Iterator[str]:
    return (f"{each.id}  not put back: {_WHY[each.why]}" for each in retried.kept)


def _lines(groups: list[CauseGroup], now: datetime) -> Iterator[str]:
    if not groups:
        return
    yield from in_columns([_CAUSES, *(_cause_row(group, now) for group in groups)], right=frozenset({2, 3, 4, 5, 6}))
    for group in groups:
        if group.letters:
            more = f", and {group.count - len(group.letters):,} more" if group.has_more else ""
            yield ""
            yield f"{group.reason_code}, {group.error or '-'}{more}"
            rows = [_letter_row(letter, now) for letter in group.letters]
            yield from (f"  {line}" for line in in_columns([_LETTERS, *rows], right=frozenset({1, 2})))


def _cause_row(group: CauseGroup, now: datetime) -> tuple[str, ...]:
    wait_s = (now - group.oldest_wait_since).total_seconds() if group.oldest_wait_since else None
    cost = "-" if group.estimated_cost_usd is None else f"{group.estimated_cost_usd:,.4f} USD"
    counts = (f"{group.count:,}", f"{group.vip_count:,}", age(wait_s), f"{group.overtaken_count:,}")
    return (group.reason_code, group.error or "-", *counts, cost)


def _letter_row(letter: DeadLetter, now: datetime) -> tuple[str, ...]:
    wait_s = (now - letter.waiting_since).total_seconds()
    marks = (("VIP", letter.is_vip), ("an agent holds it", letter.claimed_until), ("retried before", letter.retried_at))
    return (str(letter.id), age(wait_s), str(letter.attempt), ", ".join(mark for mark, is_set in marks if is_set))
