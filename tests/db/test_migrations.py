"""The schema: made once however many start at once, complete, and never ahead of its migrations."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import msgspec
from litestar import Litestar

from service.db.engine import fetch
from service.db.readiness import known_migrations, missing_migrations
from tests.drift import drift

ROOT = Path(__file__).parents[2]

MIGRATE = """
import asyncio, json, sys
from service.db.engine import connection_pool, fetch
from service.db.migrate import migrate
from service.db.readiness import missing_migrations

async def main():
    async with connection_pool():
        before = await missing_migrations()
        print("ready", flush=True)
        sys.stdin.readline()
        ran = await migrate()
        print(json.dumps({"before": before, "ran": ran, "after": await missing_migrations()}))

asyncio.run(main())
"""

INDEXES = {
    "uq_suggestion_thread_live",
    "ix_suggestion_priority_next_send_at",
    "ix_suggestion_lease_until",
    "ix_suggestion_shop_id",
    "ix_suggestion_shop_status_id",
    "ix_message_thread_id",
    "ix_message_shop_rfc_message_id",
    "ix_orders_customer_placed_at",
    "ix_delivery_shop_id",
    "ix_delivery_failed_shop_id",
    "uq_delivery_shop_event_key",
    "ix_message_bounced_message",
    "ix_attachment_shop_sha256",
    "ix_refund_shop_order_external_id",
    "ix_suggestion_thread_id",
    "ix_suggestion_recheck_at",
    "ix_suggestion_claimed_until",
    "ix_model_call_shop_id",
    "ix_suggestion_dead",
    "ix_suggestion_batch",
    "ix_batch_next_step_at",
    "ix_batch_shop_id",
}


class Told(msgspec.Struct):
    before: list[str]
    ran: list[str]
    after: list[str]


def start_migration(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def answer(process: subprocess.Popen[str]) -> Told:
    """Let a migration begin, wait for its end, and return what it printed."""
    output, _ = process.communicate("\n", timeout=60)
    assert process.returncode == 0
    return msgspec.json.decode(output.splitlines()[-1], type=Told)


async def test_migrate_when_two_processes_start_at_once_then_one_runs_and_both_succeed(empty_database_url: str) -> None:
    known = sorted(known_migrations())
    processes = [start_migration(empty_database_url) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert (await asyncio.to_thread(process.stdout.readline)).strip() == "ready"

    outputs = await asyncio.gather(*(asyncio.to_thread(answer, process) for process in processes))

    assert [told.before for told in outputs] == [known, known]
    assert sorted(told.ran for told in outputs) == [[], known]
    assert [told.after for told in outputs] == [[], []]


async def test_migrate_when_run_again_then_nothing_is_run_and_rows_stay(empty_database_url: str) -> None:
    assert known_migrations()
    await asyncio.to_thread(answer, start_migration(empty_database_url))
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(
        """INSERT INTO shop (id, slug, name, language, voice, signature, created_at)
           VALUES (gen_random_uuid(), 's', 's', 'en', '', '', now())"""
    )

    second = await asyncio.to_thread(answer, start_migration(empty_database_url))

    assert (second.before, second.ran, second.after) == ([], [], [])
    assert await connection.fetchval("SELECT count(*) FROM shop") == 1
    await connection.close()


async def test_missing_migrations_when_one_was_not_run_then_it_is_named(app: Litestar) -> None:
    assert app.state.sender is not None
    newest = max(known_migrations())
    assert await missing_migrations() == []
    (row,) = await fetch("DELETE FROM migration WHERE name = $1 RETURNING *", newest)

    missing = await missing_migrations()

    columns = list(row.keys())
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await fetch(f"INSERT INTO migration ({', '.join(columns)}) VALUES ({places})", *row.values())
    assert missing == [newest]
    assert await missing_migrations() == []


async def test_schema_when_migrated_then_every_query_has_its_index(app: Litestar) -> None:
    assert app.state.sender is not None
    rows = await fetch("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")

    assert {row["indexname"] for row in rows} >= INDEXES


async def test_schema_when_migrated_then_no_text_is_cut_and_every_time_has_a_zone(app: Litestar) -> None:
    assert app.state.sender is not None
    rows = await fetch(
        """SELECT table_name, column_name, data_type FROM information_schema.columns
           WHERE table_schema = 'public' AND table_name <> 'migration'
             AND data_type IN ('character varying', 'character', 'timestamp without time zone')"""
    )

    assert rows == []


async def test_schema_when_migrated_then_every_table_has_its_shop(app: Litestar) -> None:
    assert app.state.sender is not None
    rows = await fetch(
        """SELECT table_name FROM information_schema.tables AS tables
           WHERE table_schema = 'public' AND table_name NOT IN ('shop', 'migration') AND table_name = ANY($1::text[])
             AND NOT EXISTS (SELECT FROM information_schema.columns AS columns
                             WHERE columns.table_name = tables.table_name AND column_name = 'shop')""",
        [
            "api_key",
            "source",
            "delivery",
            "customer",
            "orders",
            "refund",
            "thread",
            "message",
            "attachment",
            "suggestion",
            "model_call",
            "article",
            "idempotent_call",
            "batch",
        ],
    )

    assert rows == []


def test_migrations_when_the_tables_are_compared_then_nothing_is_missing() -> None:
    assert drift() == []
