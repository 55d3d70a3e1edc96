"""`draftdesk queue`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import click

from service.commands.columns import age, in_columns
from service.commands.database import run_on_database
from service.settings import Settings

if TYPE_CHECKING:
    from service.jobs.contents import DeadMessage, LiveWorker, Portion, QueueContents
    from service.suggestions.backlog import Backlog

MAX_DEAD = 500

_BACKLOG = ("state", "suggestions", "oldest")
_QUEUES = ("queue", "ready", "oldest", "delayed", "oldest", "in flight", "oldest", "stranded", "dead", "oldest")
_WORKERS = ("worker", "last heard", "holds")
_DEAD = ("dead since", "suggestion", "actor", "attempts", "exception", "the row now")


@click.group(name="queue")
def command() -> None:
    """Look into the queues. They carry ids alone: what is to be done stands in PostgreSQL."""


@command.command()
@click.option("--dead", "limit", type=click.IntRange(1, MAX_DEAD), help="Also the last N that Dramatiq has given up.", metavar="N")
def inspect(limit: int | None) -> None:
    """Print what waits in PostgreSQL and in Redis, for how long, and which workers live.

    Delayed are retries in back-off. In flight is what live workers have taken, stranded what dead ones had: it returns by itself.
    Dead is what Dramatiq has given up, kept for seven days. Ages are those of the oldest among a hundred looked at.
    """
    from service.jobs.contents import QueueAway  # noqa: PLC0415 - the queue only where it is needed

    async def read() -> QueueAway | None:
        from service.suggestions.backlog import read_backlog  # noqa: PLC0415

        for line in _backlog_lines(await read_backlog()):
            click.echo(line)
        try:
            await _print_queues(limit)
        except QueueAway as error:
            return error
        return None

    error = run_on_database(read)
    if error is not None:
        raise error


async def _print_queues(limit: int | None) -> None:
    from service.jobs import Queue  # noqa: PLC0415 - the queue only where it is needed
    from service.jobs.contents import read_contents, read_dead  # noqa: PLC0415
    from service.suggestions.backlog import standing_of  # noqa: PLC0415

    # Read anew: it may be that of a running `draftdesk up`, or of servers that run for this command.
    redis_url, names = Settings.from_env().redis_url, [str(queue) for queue in Queue]
    queues, workers = await asyncio.to_thread(read_contents, redis_url, names)
    for line in (*_queue_lines(queues), *_worker_lines(workers)):
        click.echo(line)
    if limit is not None:
        letters = await asyncio.to_thread(read_dead, redis_url, names, limit=limit)
        rows = await standing_of([each.suggestion_id for each in letters if each.suggestion_id])
        for line in _dead_lines(letters, rows):
            click.echo(line)


def _backlog_lines(backlog: Sequence[Backlog]) -> Iterator[str]:
    from service.suggestions.backlog import MAX_COUNT  # noqa: PLC0415

    rows = [
        (each.state, f"{each.count:,}" + ("+" if each.count == MAX_COUNT else ""), age(each.oldest_s) if each.count else "-")
        for each in backlog
    ]
    return in_columns([_BACKLOG, *rows], right=frozenset({1, 2}))


def _queue_lines(queues: Sequence[QueueContents]) -> Iterator[str]:
    yield ""
    rows = [
        (
            each.name,
            *_cells(each.ready),
            *_cells(each.delayed),
            *_cells(each.in_flight),
            f"{each.stranded:,}",
            *_cells(each.dead),
        )
        for each in queues
    ]
    yield from in_columns([_QUEUES, *rows], right=frozenset(range(1, len(_QUEUES))))


def _cells(portion: Portion) -> tuple[str, str]:
    return f"{portion.count:,}", age(portion.oldest_s) if portion.count else "-"


def _worker_lines(workers: Sequence[LiveWorker]) -> Iterator[str]:
    yield ""
    if not workers:
        yield "no worker lives"
        return
    rows = [(each.id, age(each.silent_s), f"{each.held:,}") for each in workers]
    yield from in_columns([_WORKERS, *rows], right=frozenset({1, 2}))


def _dead_lines(letters: Sequence[DeadMessage], rows: dict[UUID, tuple[str, str | None]]) -> Iterator[str]:
    yield ""
    if not letters:
        yield "Dramatiq has given up nothing"
        return
    told = [
        (
            f"{each.died_at:%Y-%m-%d %H:%M:%S}",
            str(each.suggestion_id or "-"),
            each.actor or "-",
            str(each.attempts),
            each.exception or "-",
            _standing(each.suggestion_id, rows),
        )
        for each in letters
    ]
    yield from in_columns([_DEAD, *told], right=frozenset({3}))


def _standing(suggestion_id: UUID | None, rows: dict[UUID, tuple[str, str | None]]) -> str:
    if suggestion_id is None:
        return "-"
    if suggestion_id not in rows:
        return "gone"
    status, reason_code = rows[suggestion_id]
    return f"{status}, {reason_code}" if reason_code else status
