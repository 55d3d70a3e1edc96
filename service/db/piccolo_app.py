"""Tell Piccolo which tables there are and where their migrations lie: in the top-level `migrations/`."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="draftdesk",
    migrations_folder_path=str(Path(__file__).resolve().parents[2] / "migrations"),
    table_classes=table_finder(modules=["service.db.tables", "service.db.suggestion_tables", "service.db.batch_tables"]),
)
