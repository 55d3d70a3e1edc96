from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-25T15:20:53:666901"
VERSION = "1.38.0"
DESCRIPTION = "Since when a suggestion is held back"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="draftdesk", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Suggestion",
        tablename="suggestion",
        column_name="held_back_since",
        db_column_name="held_back_since",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    return manager
