"""What Piccolo cannot declare for the tables of the migration before. The old program runs on it as it did."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes for dead letters and batches"

STATEMENTS = (
    # Dead letters: a shop's, by cause, the longest wait first. What an agent has answered is none any more.
    """CREATE INDEX IF NOT EXISTS ix_suggestion_dead ON suggestion (shop, reason_code, (coalesce(waiting_since, created_at)), id)
       WHERE status = 'failed' AND outcome IS NULL""",
    # A batch's suggestions, counted by status.
    "CREATE INDEX IF NOT EXISTS ix_suggestion_batch ON suggestion (batch, status) WHERE batch IS NOT NULL",
    # The relay: which batch is to be moved on.
    "CREATE INDEX IF NOT EXISTS ix_batch_next_step_at ON batch (next_step_at) WHERE next_step_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS ix_batch_shop_id ON batch (shop, id DESC)",
)

INDEXES = ("ix_suggestion_dead", "ix_suggestion_batch", "ix_batch_next_step_at", "ix_batch_shop_id")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="draftdesk", description=DESCRIPTION)

    async def create_indexes() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    async def drop_indexes() -> None:
        for name in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(create_indexes)
    manager.add_raw_backwards(drop_indexes)
    return manager
