"""`draftdesk shop`."""

from __future__ import annotations

import click

from service.commands.database import run_on_database


@click.group(name="shop")
def command() -> None:
    """Make shops. A shop is a tenant: it sees nothing of another."""


@command.command()
@click.argument("slug")
@click.option("--name", default="", help="How customers know it; the slug when left out.")
@click.option("--language", default="en", show_default=True, help="ISO 639-1 code.")
@click.option("--voice", default="", help="How the shop writes, in a sentence or two.")
@click.option("--signature", default="", help="The end of every reply; the name when left out.")
def create(slug: str, name: str, language: str, voice: str, signature: str) -> None:
    """Make the shop SLUG."""
    from service.shops.service import create_shop  # noqa: PLC0415 - the database only where it is needed

    shop_id = run_on_database(lambda: create_shop(slug=slug, name=name, language=language, voice=voice, signature=signature))
    click.echo(f"shop {slug}: {shop_id}")
