"""`draftdesk articles`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.commands.database import run_on_database

if TYPE_CHECKING:
    from service.knowledge.importing import Tally

MAX_NAMED = 20
"""Bad files that are told one by one."""

MAX_ROWS = 1_000


@click.group(name="articles")
def command() -> None:
    """Load a shop's policies and answers, which drafts may quote, and list them."""


@command.command(name="import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--prune", is_flag=True, help="Delete the shop's articles that have no file in DIR.")
@click.pass_context
def import_(context: click.Context, folder: Path, slug: str, prune: bool) -> None:
    """Store every *.md below DIR as an article: returns/how-to.md as returns-how-to, its first `# ` heading as the title.

    Doing it again changes only what changed. Bad files are told and left away; there being any makes the exit code 1.
    """
    from service.knowledge.importing import import_articles  # noqa: PLC0415 - the database only where it is needed
    from service.observability.logging import configure_logging  # noqa: PLC0415
    from service.shops.service import shop_id_of  # noqa: PLC0415

    async def run() -> Tally:
        return await import_articles(await shop_id_of(slug), folder, prune=prune)

    # A line for each article would bury those that are for a person.
    configure_logging("warning")
    tally = run_on_database(run)
    for bad in tally.bad[:MAX_NAMED]:
        click.echo(f"{bad.path}: {bad.problem}", err=True)
    if len(tally.bad) > MAX_NAMED:
        click.echo(f"and {len(tally.bad) - MAX_NAMED:,} more", err=True)
    click.echo(
        f"{tally.puts['new']:,} new, {tally.puts['changed']:,} changed, {tally.puts['unchanged']:,} unchanged,"
        f" {tally.deleted:,} deleted, {len(tally.bad):,} bad files"
    )
    if tally.bad:
        context.exit(1)


@command.command(name="list")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--limit", type=click.IntRange(1, MAX_ROWS), default=MAX_ROWS, show_default=True)
def list_(slug: str, limit: int) -> None:
    """Print a shop's articles by slug."""
    from service.knowledge.queries import list_articles  # noqa: PLC0415 - the database only where it is needed
    from service.shops.service import shop_id_of  # noqa: PLC0415

    async def read() -> list[str]:
        rows = await list_articles(await shop_id_of(slug), limit=limit)
        return [f"{row['slug']}  {row['updated_at']:%Y-%m-%d %H:%M:%S}  {row['length']} characters  {row['title']}" for row in rows]

    for line in run_on_database(read):
        click.echo(line)
