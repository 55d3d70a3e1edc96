"""`draftdesk deliveries`."""

from __future__ import annotations

import sys
from uuid import UUID

import click

from service.commands.database import run_on_database
from service.errors import InvalidInput, NotFound

MAX_ROWS = 1_000


@click.group(name="deliveries")
def command() -> None:
    """List what the webhooks brought, get it raw, and read again what could not be read."""


@command.command(name="list")
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--failed", is_flag=True, help="Only those that could not be read.")
@click.option("--limit", type=click.IntRange(1, MAX_ROWS), default=50, show_default=True)
def list_(slug: str, failed: bool, limit: int) -> None:
    """Print a shop's deliveries, newest first."""
    from service.db.ids import NEWEST  # noqa: PLC0415 - the database only where it is needed
    from service.deliveries.queries import list_deliveries  # noqa: PLC0415
    from service.shops.service import shop_id_of  # noqa: PLC0415

    async def read() -> list[str]:
        rows = await list_deliveries(await shop_id_of(slug), only_failed=failed, before=NEWEST, limit=limit)
        return [
            f"{row['id']}  {row['received_at']:%Y-%m-%d %H:%M:%S}  {row['provider']}  {row['outcome']}"
            f"  {row['reason'] or '-'}  {row['size_bytes']} bytes"
            for row in rows
        ]

    for line in run_on_database(read):
        click.echo(line)


@command.command(name="raw")
@click.argument("delivery_id", type=click.UUID)
@click.option("--shop", "slug", required=True, help="The shop's slug.")
def raw_(delivery_id: UUID, slug: str) -> None:
    """Write the body of DELIVERY_ID as it came to the standard output."""
    from service.deliveries.queries import find_kept_call  # noqa: PLC0415 - the database only where it is needed
    from service.shops.service import shop_id_of  # noqa: PLC0415

    async def read() -> bytes:
        kept = await find_kept_call(await shop_id_of(slug), delivery_id)
        if kept is None:
            raise NotFound(f"There is no delivery {delivery_id}, or its message was deleted")
        return kept.call.body

    sys.stdout.buffer.write(run_on_database(read))


@command.command(name="replay")
@click.argument("delivery_ids", type=click.UUID, nargs=-1)
@click.option("--shop", "slug", required=True, help="The shop's slug.")
@click.option("--all-failed", is_flag=True, help=f"Every failed one, the newest {MAX_ROWS:,}.")
def replay_(delivery_ids: tuple[UUID, ...], slug: str, all_failed: bool) -> None:
    """Read failed or ignored deliveries again: DELIVERY_IDS, or all failed ones. The relay sends their jobs."""
    from service.db.ids import NEWEST  # noqa: PLC0415 - the database only where it is needed
    from service.deliveries.queries import list_deliveries  # noqa: PLC0415
    from service.deliveries.service import replay  # noqa: PLC0415
    from service.inbox.types import Schedule  # noqa: PLC0415
    from service.shops.service import shop_id_of  # noqa: PLC0415

    if bool(delivery_ids) == all_failed:
        raise InvalidInput("Name deliveries, or say --all-failed")

    async def run() -> list[str]:
        shop_id = await shop_id_of(slug)
        ids = list(delivery_ids)
        if all_failed:
            ids = [row["id"] for row in await list_deliveries(shop_id, only_failed=True, before=NEWEST, limit=MAX_ROWS)]
        told = []
        for delivery_id in ids:
            receipt = await replay(shop_id, delivery_id, schedule=Schedule(head_start_s=0))
            told.append(f"{delivery_id}  {receipt.outcome}  {receipt.reason or '-'}")
        return told

    for line in run_on_database(run):
        click.echo(line)
