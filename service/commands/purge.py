"""`draftdesk purge`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from service.commands.database import run_on_database


@click.command(name="purge")
def command() -> None:
    """Delete raw deliveries of over 7 days, failed ones of over 30. The relay does it every hour; messages stay."""
    from service.deliveries.purge import purge  # noqa: PLC0415 - the database only where it is needed

    count = run_on_database(lambda: purge(now=datetime.now(UTC)))
    click.echo(f"{count} deliveries deleted")
