"""`draftdesk orders`."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from service.commands.database import run_on_database
from service.errors import InvalidInput

if TYPE_CHECKING:
    from service.orders.importing import Tally


@click.group(name="orders")
def command() -> None:
    """Load a shop's orders."""


@command.command(name="import")
@click.argument("file", metavar="FILE.jsonl")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.pass_context
def import_(context: click.Context, file: str, slug: str) -> None:
    """Load orders from FILE.jsonl, one JSON object a line; `-` reads standard input.

    What is known in a newer state stays, so a file can be loaded again. Bad lines are told and left away; there being any makes
    the exit code 1.
    """
    from rich.console import Console  # noqa: PLC0415 - --help needs none of it
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TimeRemainingColumn  # noqa: PLC0415

    from service.orders.importing import import_orders  # noqa: PLC0415 - the database only where it is needed
    from service.shops.service import shop_id_of  # noqa: PLC0415

    with ExitStack() as stack:
        lines = sys.stdin.buffer if file == "-" else stack.enter_context(_opened(Path(file)))
        console = Console(stderr=True)
        columns = (TaskProgressColumn(), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        progress = stack.enter_context(Progress(*columns, console=console, transient=True, disable=not console.is_terminal))
        task = progress.add_task("orders", total=_size_bytes(lines))

        async def run() -> Tally:
            return await import_orders(await shop_id_of(slug), lines, on_read=lambda size: progress.advance(task, size))

        tally = run_on_database(run)
    for bad in tally.first_bad:
        click.echo(f"line {bad.number}: {bad.problem}", err=True)
    if tally.bad > len(tally.first_bad):
        click.echo(f"and {tally.bad - len(tally.first_bad):,} more", err=True)
    click.echo(f"{tally.imported:,} imported, {tally.unchanged:,} unchanged (a newer state is known), {tally.bad:,} bad lines")
    if tally.bad:
        context.exit(1)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InvalidInput(f"Cannot read {path}: {error.strerror}") from None


def _size_bytes(lines: BinaryIO) -> int | None:
    """Return the length of a file; None for a pipe or a terminal."""
    try:
        found = os.fstat(lines.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
