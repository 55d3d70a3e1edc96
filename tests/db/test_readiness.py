"""A program that starts before the migrations waits for them, and says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from litestar import Litestar

from service.db.engine import fetch
from service.db.readiness import NotMigrated, known_migrations, missing_migrations, wait_until_migrated


async def forget_newest() -> Any:
    """Make the database forget its newest migration; return the row."""
    (row,) = await fetch("DELETE FROM migration WHERE name = $1 RETURNING *", max(known_migrations()))
    return row


async def remember(row: Any) -> None:
    columns = list(row.keys())
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await fetch(f"INSERT INTO migration ({', '.join(columns)}) VALUES ({places})", *row.values())


async def test_wait_when_nothing_is_missing_then_it_returns(app: Litestar) -> None:
    assert app.state.sender is not None

    await wait_until_migrated(patience_s=0)

    assert await missing_migrations() == []


async def test_wait_when_one_is_missing_and_the_patience_ends_then_the_error_names_the_mend(app: Litestar) -> None:
    assert app.state.sender is not None
    row = await forget_newest()
    try:
        with pytest.raises(NotMigrated, match=r"lacks 1 of this program's migrations: run `draftdesk migrate`"):
            await wait_until_migrated(patience_s=0)
    finally:
        await remember(row)


async def test_wait_when_the_missing_one_is_run_meanwhile_then_it_returns(app: Litestar) -> None:
    assert app.state.sender is not None
    row = await forget_newest()
    try:
        waiting = asyncio.create_task(wait_until_migrated(patience_s=60))
        await asyncio.sleep(0.2)
        assert not waiting.done()
    finally:
        await remember(row)

    await waiting

    assert await missing_migrations() == []


async def test_wait_when_a_newer_program_has_migrated_then_it_returns(app: Litestar) -> None:
    assert app.state.sender is not None
    await fetch(
        "INSERT INTO migration (name, app_name, ran_on) SELECT 'zz-of-a-newer-program', app_name, ran_on FROM migration LIMIT 1"
    )
    try:
        await wait_until_migrated(patience_s=0)
    finally:
        await fetch("DELETE FROM migration WHERE name = 'zz-of-a-newer-program'")

    assert await missing_migrations() == []
