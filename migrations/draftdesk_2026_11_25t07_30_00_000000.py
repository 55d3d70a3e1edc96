"""What Piccolo cannot declare for the tables of the migration before. The old program runs on it as it did."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T07:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keys of the shops' Message-IDs, storage of attachments, indexes for events, bounces, refunds and threads"

STATEMENTS = (
    # A key for every shop, old or new, whichever program makes it: 244 random bits.
    """ALTER TABLE shop ALTER COLUMN reply_key
       SET DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')""",
    "UPDATE shop SET reply_key = DEFAULT WHERE reply_key IS NULL",
    # Pictures and PDFs do not shrink any more; trying costs more than the rest of storing them.
    "ALTER TABLE attachment ALTER COLUMN content SET STORAGE EXTERNAL",
    # The same event in another call: several subscriptions of a shop may tell it.
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_delivery_shop_event_key ON delivery (shop, event_key) WHERE event_key IS NOT NULL",
    # The bounce of a message that went out.
    "CREATE INDEX IF NOT EXISTS ix_message_bounced_message ON message (bounced_message) WHERE bounced_message IS NOT NULL",
    # What was cut out of a delivery's body.
    "CREATE INDEX IF NOT EXISTS ix_attachment_shop_sha256 ON attachment (shop, sha256) WHERE content IS NOT NULL",
    # An order's refunds; a thread's suggestions, newest first.
    "CREATE INDEX IF NOT EXISTS ix_refund_shop_order_external_id ON refund (shop, order_external_id)",
    "CREATE INDEX IF NOT EXISTS ix_suggestion_thread_id ON suggestion (thread, id DESC)",
)

INDEXES = (
    "uq_delivery_shop_event_key",
    "ix_message_bounced_message",
    "ix_attachment_shop_sha256",
    "ix_refund_shop_order_external_id",
    "ix_suggestion_thread_id",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="draftdesk", description=DESCRIPTION)

    async def change() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    async def change_back() -> None:
        for name in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX IF EXISTS {name}")
        await engine_finder().run_ddl("ALTER TABLE shop ALTER COLUMN reply_key DROP DEFAULT")

    manager.add_raw(change)
    manager.add_raw_backwards(change_back)
    return manager
