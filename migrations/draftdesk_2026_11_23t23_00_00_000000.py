"""Indexes that Piccolo cannot declare: partial, or over several columns. One for every query of the program."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-23T23:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes for the relay, the lists, the threads and the one live suggestion of a thread"

STATEMENTS = (
    # One live suggestion a thread: what keeps two mails of one thread from being answered twice.
    """CREATE UNIQUE INDEX IF NOT EXISTS uq_suggestion_thread_live ON suggestion (thread)
       WHERE status IN ('pending', 'queued', 'drafting', 'ready')""",
    # The relay: what is due to be sent, and whose lease has lapsed.
    """CREATE INDEX IF NOT EXISTS ix_suggestion_next_send_at ON suggestion (next_send_at)
       WHERE status IN ('pending', 'queued')""",
    "CREATE INDEX IF NOT EXISTS ix_suggestion_lease_until ON suggestion (lease_until) WHERE status = 'drafting'",
    # The JSON API's lists: newest first, within a shop, with and without a status.
    "CREATE INDEX IF NOT EXISTS ix_suggestion_shop_id ON suggestion (shop, id DESC)",
    "CREATE INDEX IF NOT EXISTS ix_suggestion_shop_status_id ON suggestion (shop, status, id DESC)",
    # A thread's messages in order; a reply's way to its thread.
    "CREATE INDEX IF NOT EXISTS ix_message_thread_id ON message (thread, id)",
    "CREATE INDEX IF NOT EXISTS ix_message_shop_rfc_message_id ON message (shop, rfc_message_id)",
    # The newest orders of a customer.
    "CREATE INDEX IF NOT EXISTS ix_orders_customer_placed_at ON orders (customer, placed_at DESC)",
)

INDEXES = (
    "uq_suggestion_thread_live",
    "ix_suggestion_next_send_at",
    "ix_suggestion_lease_until",
    "ix_suggestion_shop_id",
    "ix_suggestion_shop_status_id",
    "ix_message_thread_id",
    "ix_message_shop_rfc_message_id",
    "ix_orders_customer_placed_at",
)


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
