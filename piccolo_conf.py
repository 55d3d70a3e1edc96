"""Piccolo's configuration: the process's engine and the applications whose migrations it runs."""

from piccolo.conf.apps import AppRegistry

from service.db.engine import make_engine
from service.settings import Settings

_settings = Settings.from_env()

DB = make_engine(_settings.database_url, pool_size=_settings.pool_size)

APP_REGISTRY = AppRegistry(apps=["service.db.piccolo_app"])
