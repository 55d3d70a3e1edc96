"""`draftdesk shop`."""

from __future__ import annotations

import click

from service.commands.database import run_on_database

MAX_ROWS = 1_000
NONE = "none"


@click.group(name="shop")
def command() -> None:
    """Make shops, list them, set their model and budget. A shop is a tenant: it sees nothing of another."""


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


@command.command(name="list")
@click.option("--after", default="", help="Go on behind this slug.")
@click.option("--limit", type=click.IntRange(1, MAX_ROWS), default=MAX_ROWS, show_default=True)
def list_(after: str, limit: int) -> None:
    """Print the shops by slug, with language, model and monthly budget."""
    from service.shops.service import list_shops  # noqa: PLC0415 - the database only where it is needed

    for shop in run_on_database(lambda: list_shops(after=after, limit=limit)):
        budget = "-" if shop.monthly_budget_usd is None else f"{shop.monthly_budget_usd} USD"
        click.echo(f"{shop.slug}  {shop.language}  {shop.model or '-'}  {budget}  {shop.name}")


@command.command()
@click.argument("slug")
@click.argument("usd", metavar="USD|none")
def budget(slug: str, usd: str) -> None:
    """Set what the drafts of the shop SLUG may cost in a month, in US dollars; `none`: as much as they do."""
    from service.shops.service import budget_of, set_monthly_budget  # noqa: PLC0415 - the database only where it is needed

    budget_usd = None if usd == NONE else budget_of(usd)
    run_on_database(lambda: set_monthly_budget(slug, budget_usd))
    click.echo(f"shop {slug}: {'no budget' if budget_usd is None else f'{budget_usd:.2f} USD a month'}")


@command.command()
@click.argument("slug")
@click.argument("model_name", metavar="MODEL|none")
def model(slug: str, model_name: str) -> None:
    """Set the model that drafts for the shop SLUG; `none`: the one of OPENAI_MODEL."""
    from service.shops.service import set_model  # noqa: PLC0415 - the database only where it is needed

    chosen = None if model_name == NONE else model_name
    run_on_database(lambda: set_model(slug, chosen))
    click.echo(f"shop {slug}: {chosen or 'the model of the settings'}")
