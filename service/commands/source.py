"""`draftdesk source`."""

from __future__ import annotations

import click

from service.commands.database import run_on_database
from service.shops.types import PROVIDERS, Provider, Source


@click.group(name="source")
def command() -> None:
    """Make webhook endpoints."""


@command.command()
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--provider", type=click.Choice(PROVIDERS), default="standard", show_default=True)
@click.option("--name", default="support", show_default=True, help="Which mailbox it stands for.")
@click.option("--secret", default="", help="The provider's signing key; made for you where the provider is `standard`.")
def create(slug: str, provider: Provider, name: str, secret: str) -> None:
    """Make an endpoint; print its path and the secret that signs its calls."""
    from service.shops.service import create_source, shop_id_of  # noqa: PLC0415 - the database only where it is needed

    async def make() -> Source:
        return await create_source(await shop_id_of(slug), provider=provider, name=name, secret=secret)

    source = run_on_database(make)
    click.echo(f"path: /webhooks/{source.provider}/{source.id}")
    click.echo(f"secret: {source.secrets[0]}")
