"""How the API, the worker and the stand-in are started as programs of their own, and with which environment."""

from __future__ import annotations

from pathlib import Path

from service.settings import SHUTDOWN_GRACE_S, Settings

ROOT = Path(__file__).resolve().parents[2]
"""Where the packages `service` and `actors` lie side by side: the programs' working directory."""

API_GRACE_S = 15.0
"""Uvicorn gives open requests 10 s of it."""

WORKER_GRACE_S = SHUTDOWN_GRACE_S + 5.0
STAND_IN_GRACE_S = 5.0


def api_command(settings: Settings) -> list[str]:
    """Return the arguments after `python -m` that serve the API."""
    return [
        *("uvicorn", "service.app:create_app", "--factory"),
        *("--host", settings.host, "--port", str(settings.port), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--timeout-graceful-shutdown", "10", "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    """Return the arguments after `python -m` that run the worker: one process, five jobs at once."""
    grace_ms = int(SHUTDOWN_GRACE_S * 1000)
    return ["dramatiq", "actors", "-p", "1", "-t", "5", "--worker-shutdown-timeout", str(grace_ms)]


def stand_in_command(port: int) -> list[str]:
    """Return the arguments after `python -m` that serve the stand-in model."""
    return ["service.embedded.standin", "--host", "127.0.0.1", "--port", str(port)]


def api_url(settings: Settings) -> str:
    """Return the base URL at which this machine reaches the API."""
    host = reachable_host(settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def reachable_host(host: str) -> str:
    """Return an address to connect to for one to listen on: "every interface" is not a place."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  # a key, nothing listens


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables from which a child reads these same settings."""
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "OPENAI_API_KEY": settings.openai_api_key,
        "OPENAI_BASE_URL": settings.openai_base_url,
        "OPENAI_MODEL": settings.openai_model,
        "OPENAI_API": settings.openai_api,
        "DRAFTDESK_CHEAP_MODEL": settings.cheap_model,
        "DRAFTDESK_REQUESTS_PER_MINUTE": str(settings.requests_per_minute),
        "DRAFTDESK_TOKENS_PER_MINUTE": str(settings.tokens_per_minute),
        "DRAFTDESK_HOST": settings.host,
        "DRAFTDESK_PORT": str(settings.port),
        "DRAFTDESK_METRICS_HOST": settings.metrics_host,
        "DRAFTDESK_METRICS_PORT": str(settings.metrics_port),
        "DRAFTDESK_METRICS_TOKEN": settings.metrics_token,
        "DRAFTDESK_LOG_LEVEL": settings.log_level,
        "DRAFTDESK_POOL_SIZE": str(settings.pool_size),
        "DRAFTDESK_RELAY": "on" if settings.has_relay else "off",
        "DRAFTDESK_RELAY_INTERVAL_S": str(settings.relay_interval_s),
        "DRAFTDESK_RELAY_HEAD_START_S": str(settings.relay_head_start_s),
        "DRAFTDESK_RELAY_PER_SECOND": str(settings.relay_per_second),
        "DRAFTDESK_COALESCE_PAUSE_S": str(settings.coalesce_pause_s),
        # Dramatiq's own two, in lower case: a second between its looks at delayed messages, and no more messages
        # fetched ahead than there are threads, so that a killed worker strands few.
        "dramatiq_worker_timeout": "1000",
        "dramatiq_queue_prefetch": "5",
    }
