"""Transactions give their connection back whatever happens, and a database that went away is an error one can retry."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import asyncpg
import pytest
from litestar import Litestar
from piccolo.engine.exceptions import TransactionError

from service.db.engine import DatabaseUnavailable, engine, fetch, fetch_row
from service.db.unit_of_work import unit_of_work
from service.settings import Settings
from tests.waiting import until

DEFERRED = """
CREATE TABLE {name} (id int PRIMARY KEY, parent int REFERENCES {name} (id) DEFERRABLE INITIALLY DEFERRED)
"""


def idle_connections() -> int:
    pool: Any = engine().pool
    return int(pool.get_idle_size())


def held_connections() -> int:
    pool: Any = engine().pool
    return int(pool.get_size()) - idle_connections()


async def backend_pid() -> int:
    return int((await fetch_row("SELECT pg_backend_pid() AS pid"))["pid"])


async def end_backends(settings: Settings, *pids: int) -> None:
    """End backends and wait until they are gone."""
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest($1::int[]) AS pid", list(pids))
    await connection.close()


async def failing_commit(name: str) -> None:
    async with unit_of_work():
        await fetch(f"INSERT INTO {name} VALUES (1, 99)")


async def test_unit_of_work_when_its_block_ends_then_all_of_it_is_there(app: Litestar) -> None:
    assert app.state.sender is not None
    await fetch("CREATE TABLE committed (id int)")

    async with unit_of_work():
        await fetch("INSERT INTO committed VALUES (1)")
        await fetch("INSERT INTO committed VALUES (2)")

    assert len(await fetch("SELECT id FROM committed")) == 2
    assert held_connections() == 0


async def test_unit_of_work_when_its_block_raises_then_none_of_it_is_there(app: Litestar) -> None:
    assert app.state.sender is not None
    await fetch("CREATE TABLE rolled_back (id int)")

    async def fail() -> None:
        async with unit_of_work():
            await fetch("INSERT INTO rolled_back VALUES (1)")
            raise LookupError("as it is")

    with pytest.raises(LookupError, match="as it is"):
        await fail()

    assert await fetch("SELECT id FROM rolled_back") == []
    assert held_connections() == 0


async def test_unit_of_work_when_the_commit_fails_then_the_connection_comes_back(app: Litestar, settings: Settings) -> None:
    assert app.state.sender is not None
    await fetch(DEFERRED.format(name="deferred"))

    for _ in range(settings.pool_size + 2):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await failing_commit("deferred")

    assert held_connections() == 0
    assert engine().current_transaction.get() is None
    assert await fetch("SELECT id FROM deferred") == []


async def test_unit_of_work_when_opened_inside_another_then_it_raises_and_the_outer_is_undone(app: Litestar) -> None:
    assert app.state.sender is not None
    await fetch("CREATE TABLE nested (id int)")

    async def nest() -> None:
        async with unit_of_work():
            await fetch("INSERT INTO nested VALUES (1)")
            await one_unit()

    with pytest.raises(TransactionError):
        await nest()

    assert await fetch("SELECT id FROM nested") == []
    assert held_connections() == 0


async def test_unit_of_work_when_its_backend_is_killed_then_it_is_temporary_and_the_next_query_works(
    app: Litestar, settings: Settings
) -> None:
    assert app.state.sender is not None

    async def lose_it() -> None:
        async with unit_of_work():
            await end_backends(settings, await backend_pid())
            await fetch("SELECT 1")

    with pytest.raises(DatabaseUnavailable):
        await lose_it()

    assert held_connections() == 0
    assert (await fetch_row("SELECT 1 AS one"))["one"] == 1
    async with unit_of_work():
        assert (await fetch_row("SELECT 2 AS two"))["two"] == 2


async def test_unit_of_work_when_its_backend_is_killed_before_the_commit_then_it_is_temporary(
    app: Litestar, settings: Settings
) -> None:
    assert app.state.sender is not None

    with pytest.raises(DatabaseUnavailable):
        async with unit_of_work():
            await end_backends(settings, await backend_pid())

    assert held_connections() == 0
    assert (await fetch_row("SELECT 1 AS one"))["one"] == 1


async def test_unit_of_work_when_the_begin_fails_then_the_connection_comes_back(app: Litestar, settings: Settings) -> None:
    assert app.state.sender is not None
    pids = await asyncio.gather(*(hold_backend() for _ in range(settings.pool_size)))
    ending = threading.Thread(target=lambda: asyncio.run(end_backends(settings, *pids)))
    ending.start()
    # The loop stands still meanwhile: the pool does not know that its connections are gone, so that BEGIN finds out.
    ending.join()

    outcomes = await asyncio.gather(*(one_unit() for _ in range(settings.pool_size)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable] * settings.pool_size
    assert held_connections() == 0
    await one_unit()


async def test_unit_of_work_when_cancelled_at_any_step_then_the_connection_comes_back(app: Litestar) -> None:
    assert app.state.sender is not None

    for steps in range(12):
        task = asyncio.create_task(one_unit())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert held_connections() == 0


async def test_unit_of_work_when_every_connection_is_taken_then_it_is_temporary(app: Litestar, settings: Settings) -> None:
    assert app.state.sender is not None
    all_taken, may_end = asyncio.Barrier(settings.pool_size + 1), asyncio.Event()

    async def hold() -> None:
        async with unit_of_work():
            await all_taken.wait()
            await may_end.wait()

    holding = [asyncio.create_task(hold()) for _ in range(settings.pool_size)]
    await all_taken.wait()

    for ask in (one_unit, backend_pid):
        with pytest.raises(DatabaseUnavailable):
            await ask()

    may_end.set()
    await asyncio.gather(*holding)
    assert held_connections() == 0


async def test_fetch_when_an_argument_is_of_the_wrong_type_then_it_is_not_temporary(app: Litestar) -> None:
    assert app.state.sender is not None

    with pytest.raises(asyncpg.DataError):
        await fetch("SELECT $1::int", "seven")

    with pytest.raises(asyncpg.DataError):
        async with unit_of_work():
            await fetch("SELECT $1::int", "seven")


async def one_unit() -> None:
    async with unit_of_work():
        await fetch("SELECT 1")


async def hold_backend() -> int:
    async with unit_of_work():
        pid = await backend_pid()
        await fetch("SELECT pg_sleep(0.2)")
    return pid


async def test_fetch_when_its_backend_is_killed_then_it_is_temporary_and_the_next_works(app: Litestar, settings: Settings) -> None:
    assert app.state.sender is not None
    sleeping = asyncio.create_task(fetch("SELECT pg_sleep(30) -- to be killed"))
    connection = await asyncpg.connect(settings.database_url)
    kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%-- to be ' || 'killed'"
    await until(lambda: connection.fetchval(kill))
    await connection.close()

    with pytest.raises(DatabaseUnavailable):
        await sleeping
    assert (await fetch_row("SELECT 1 AS one"))["one"] == 1
    assert held_connections() == 0
