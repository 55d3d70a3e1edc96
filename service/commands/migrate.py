"""`draftdesk migrate`."""

from __future__ import annotations

import click

from service.commands.database import run_with_pool, servers
from service.settings import Settings


@click.command(name="migrate")
def command() -> None:
    """Run the migrations that are missing. Safe to run from several containers at once; nothing is deleted."""
    from service.db.migrate import migrate  # noqa: PLC0415 - Piccolo only where it is needed

    with servers(Settings.from_env()):
        ran = run_with_pool(migrate)
    for name in ran:
        click.echo(f"ran {name}")
    click.echo("The schema is up to date.")
