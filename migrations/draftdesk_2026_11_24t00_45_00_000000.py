"""Indexes for the lists of deliveries. The old program runs on them as it did."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-24T00:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes for the lists of deliveries"

STATEMENTS = (
    "CREATE INDEX IF NOT EXISTS ix_delivery_shop_id ON delivery (shop, id DESC)",
    "CREATE INDEX IF NOT EXISTS ix_delivery_failed_shop_id ON delivery (shop, id DESC) WHERE outcome = 'failed'",
)

INDEXES = ("ix_delivery_shop_id", "ix_delivery_failed_shop_id")


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
