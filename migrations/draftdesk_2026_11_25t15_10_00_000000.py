"""The relay takes what is due by priority. The old program runs without its index as it did, only slower."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Index for what is due to be sent, by priority"

FORWARDS = (
    """CREATE INDEX IF NOT EXISTS ix_suggestion_priority_next_send_at ON suggestion (priority, next_send_at)
       WHERE status IN ('pending', 'queued')""",
    "DROP INDEX IF EXISTS ix_suggestion_next_send_at",
)

BACKWARDS = (
    "CREATE INDEX IF NOT EXISTS ix_suggestion_next_send_at ON suggestion (next_send_at) WHERE status IN ('pending', 'queued')",
    "DROP INDEX IF EXISTS ix_suggestion_priority_next_send_at",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="draftdesk", description=DESCRIPTION)

    async def change() -> None:
        for statement in FORWARDS:
            await engine_finder().run_ddl(statement)

    async def change_back() -> None:
        for statement in BACKWARDS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(change)
    manager.add_raw_backwards(change_back)
    return manager
