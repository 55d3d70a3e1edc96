"""`draftdesk source`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click

from service.commands.database import run_on_database
from service.shops.types import PROVIDERS, Provider, Source


@click.group(name="source")
def command() -> None:
    """Make webhook endpoints, list them, change their secrets."""


@command.command()
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--provider", type=click.Choice(PROVIDERS), default="standard", show_default=True)
@click.option("--name", default="support", show_default=True, help="What it is for.")
@click.option("--secret", default="", help="The provider's signing key; made for you where the provider lets us choose.")
@click.option("--mailbox", "mailboxes", multiple=True, help="An address of the shop's; mail from it is not answered. Repeatable.")
@click.option(
    "--trust",
    "trusted_hosts",
    multiple=True,
    help="A mail server of yours whose Authentication-Results are believed, by the name that stands first in them; for a Mailgun"
    " route with the spam filter on: `mailgun`. Repeatable.",
)
def create(  # noqa: PLR0917 - click passes by keyword
    slug: str, provider: Provider, name: str, secret: str, mailboxes: tuple[str, ...], trusted_hosts: tuple[str, ...]
) -> None:
    """Make an endpoint; print its path and the secret that signs its calls."""
    from service.shops.service import shop_id_of  # noqa: PLC0415 - the database only where it is needed
    from service.shops.sources import create_source  # noqa: PLC0415

    async def make() -> Source:
        shop_id = await shop_id_of(slug)
        return await create_source(
            shop_id, provider=provider, name=name, secret=secret, mailboxes=mailboxes, trusted_hosts=trusted_hosts
        )

    source = run_on_database(make)
    click.echo(f"path: /webhooks/{source.provider}/{source.id}")
    click.echo(f"secret: {source.secrets[0]}")


@command.command(name="list")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
def list_(slug: str) -> None:
    """Print a shop's endpoints, oldest first; their secrets are not shown again."""
    from service.shops.service import shop_id_of  # noqa: PLC0415 - the database only where it is needed
    from service.shops.sources import list_sources  # noqa: PLC0415

    async def read() -> list[Any]:
        return await list_sources(await shop_id_of(slug))

    for row in run_on_database(read):
        state = "disabled" if row["disabled_at"] else "two secrets" if row["is_rotating"] else "enabled"
        names = ", ".join([*row["mailboxes"], *(f"trusts {host}" for host in row["trusted_hosts"])])
        click.echo(f"{row['id']}  {row['provider']}  {row['name']}  {state}  {names or '-'}")


@command.command()
@click.argument("source_id", type=click.UUID)
@click.option("--secret", default="", help="The new signing key; made for you where the provider lets us choose.")
@click.option("--end", is_flag=True, help="End the rotation: only the newest secret counts from now on.")
def rotate(source_id: UUID, secret: str, end: bool) -> None:
    """Give SOURCE_ID a new secret and print it. The old one counts as well until --end, so that no call is refused meanwhile."""
    from service.shops.sources import end_rotation, rotate_secret  # noqa: PLC0415 - the database only where it is needed

    if end:
        run_on_database(lambda: end_rotation(source_id))
        click.echo("the old secret no longer counts")
    else:
        click.echo(f"secret: {run_on_database(lambda: rotate_secret(source_id, secret))}")


@command.command()
@click.argument("source_id", type=click.UUID)
def disable(source_id: UUID) -> None:
    """Take no more calls for SOURCE_ID: they answer 404. What it brought stays."""
    from service.shops.sources import disable_source  # noqa: PLC0415 - the database only where it is needed

    run_on_database(lambda: disable_source(source_id))
    click.echo("disabled")
