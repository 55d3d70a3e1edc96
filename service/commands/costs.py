"""`draftdesk costs`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from service.commands.database import run_on_database

if TYPE_CHECKING:
    from service.suggestions.stats import Spending, Stats

_HEAD = ("model", "calls", "input", "cached", "output", "reasoning", "cost USD")


@click.command(name="costs")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--month", help="As 2026-11; this month (UTC) when left out.")
def command(slug: str, month: str | None) -> None:
    """Print what a shop's suggestions cost in a month: tokens and cost by model, cost per suggestion, and the budget."""
    from service.shops.service import get_shop  # noqa: PLC0415 - the database only where it is needed
    from service.suggestions.periods import month_of  # noqa: PLC0415
    from service.suggestions.stats import read_stats  # noqa: PLC0415

    period = month_of(month, today=datetime.now(UTC).date())

    async def read() -> tuple[Decimal | None, Stats]:
        shop = await get_shop(slug)
        return shop.monthly_budget_usd, await read_stats(shop.id, period)

    budget_usd, stats = run_on_database(read)
    click.echo(f"{slug}, {period.since:%Y-%m}")
    click.echo()
    for line in _table(stats):
        click.echo(line.rstrip())
    click.echo()
    for line in _summary(stats, budget_usd):
        click.echo(line)


def _table(stats: Stats) -> Iterator[str]:
    rows = [_HEAD, *(_row(model, each) for model, each in stats.by_model.items()), _row("all", stats.spending)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(
            text.rjust(width) if place else text.ljust(width) for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )


def _row(name: str, spending: Spending) -> tuple[str, ...]:
    counts = (spending.calls, spending.input_tokens, spending.cached_tokens, spending.output_tokens, spending.reasoning_tokens)
    return (name, *(f"{count:,}" for count in counts), f"{spending.cost_usd:,.4f}")


def _summary(stats: Stats, budget_usd: Decimal | None) -> Iterator[str]:
    sent = stats.outcomes.get("accepted", 0) + stats.outcomes.get("edited", 0)
    yield f"per suggestion           {_usd(stats.cost_per_suggestion)}  ({stats.drafted:,} drafted)"
    yield f"per accepted suggestion  {_usd(stats.cost_per_accepted)}  ({sent:,} accepted or edited)"
    if budget_usd is None:
        yield "budget of the month      none"
    else:
        left = budget_usd - stats.spending.cost_usd
        yield f"budget of the month      {budget_usd:,.2f} USD, {_left(left)}"
    yield f"calls of unknown price   {stats.spending.unpriced_calls:,}"
    yield f"calls without tokens     {stats.spending.uncounted_calls:,}  (the model was away, refused, or was too slow)"


def _left(left_usd: Decimal) -> str:
    return f"{left_usd:,.2f} USD left" if left_usd >= 0 else f"{-left_usd:,.2f} USD over it"


def _usd(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,.4f} USD"
