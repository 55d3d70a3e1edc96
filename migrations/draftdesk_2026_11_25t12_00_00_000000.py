"""What Piccolo cannot declare for the tables of the migration before. The old program runs on it as it did."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = (
    "Full-text words of the articles, indexes for rechecks, claims and costs; a claimed or resolved suggestion lets another live"
)

STATEMENTS = (
    # In the shop's language; written with the article, for the language is another table's. Without an index over all shops' words:
    # a search reads the shop's own articles, which are few, and a mail has words that most articles of every shop have.
    "ALTER TABLE article ADD COLUMN IF NOT EXISTS search tsvector NOT NULL DEFAULT ''",
    # One live suggestion a thread, as before; what an agent holds or has answered stands beside it.
    "DROP INDEX IF EXISTS uq_suggestion_thread_live",
    """CREATE UNIQUE INDEX uq_suggestion_thread_live ON suggestion (thread)
       WHERE status IN ('pending', 'queued', 'drafting') OR (status = 'ready' AND outcome IS NULL AND claimed_by IS NULL)""",
    # The relay: whose orders have changed, and whose claim has lapsed.
    "CREATE INDEX IF NOT EXISTS ix_suggestion_recheck_at ON suggestion (recheck_at) WHERE recheck_at IS NOT NULL",
    """CREATE INDEX IF NOT EXISTS ix_suggestion_claimed_until ON suggestion (claimed_until)
       WHERE status = 'ready' AND outcome IS NULL AND claimed_by IS NOT NULL""",
    # What a shop spent since a moment, by id, which holds the time.
    "CREATE INDEX IF NOT EXISTS ix_model_call_shop_id ON model_call (shop, id) INCLUDE (cost_usd, input_tokens)",
)

INDEXES = (
    "ix_suggestion_recheck_at",
    "ix_suggestion_claimed_until",
    "ix_model_call_shop_id",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="draftdesk", description=DESCRIPTION)

    async def change() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    async def change_back() -> None:
        for name in INDEXES:
            await engine_finder().run_ddl(f"DROP INDEX IF EXISTS {name}")
        await engine_finder().run_ddl("ALTER TABLE article DROP COLUMN IF EXISTS search")
        await engine_finder().run_ddl("DROP INDEX IF EXISTS uq_suggestion_thread_live")
        # Fails, and leaves all as it was, while a thread has two suggestions that the old rule takes for live.
        await engine_finder().run_ddl(
            """CREATE UNIQUE INDEX uq_suggestion_thread_live ON suggestion (thread)
               WHERE status IN ('pending', 'queued', 'drafting', 'ready')"""
        )

    manager.add_raw(change)
    manager.add_raw_backwards(change_back)
    return manager
