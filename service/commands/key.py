"""`draftdesk key`."""

from __future__ import annotations

import click

from service.commands.database import run_on_database
from service.shops.types import SCOPES, Scope


@click.group(name="key")
def command() -> None:
    """Make API keys."""


@command.command()
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--name", default="api", show_default=True, help="What the key is for.")
@click.option("--scope", "scopes", type=click.Choice(SCOPES), multiple=True, default=("read",), show_default=True)
def create(slug: str, name: str, scopes: tuple[Scope, ...]) -> None:
    """Make an API key and print it. It is kept as a hash: this is the one time it can be seen."""
    from service.shops.service import create_key, shop_id_of  # noqa: PLC0415 - the database only where it is needed

    async def make() -> str:
        return await create_key(await shop_id_of(slug), name=name, scopes=scopes)

    click.echo(run_on_database(make))
