"""Every setting of the program. The only reader of the environment; imports nothing of ours."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec

MODEL_DEADLINE_S = 50.0
"""Wall clock for one model call; a read may take 45 s, so the more telling error wins."""

MODEL_READ_TIMEOUT_S = 45.0
ACTOR_TIME_LIMIT_S = 70.0
"""Dramatiq's limit for one job: a backstop above the model deadline."""

SHUTDOWN_GRACE_S = 65.0
"""How long a worker may finish what it has begun after SIGTERM."""

WEBHOOK_BODY_LIMIT_BYTES = 50_000_000
"""Mail with attachments reaches 25 MB, base64 a third more; more than this answers 413."""

MIN_TOKEN_LENGTH = 16

CHEAPER_THAN = {"gpt-5.4-mini": "gpt-5.4-nano"}
"""The cheaper model beside our default; whoever names a model of their own names the cheaper one too."""

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]


class SettingsError(ValueError):
    """A setting is missing or malformed; the message names the variable and the mend."""


class Environment(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The variables as they are named outside, with their defaults."""

    DATABASE_URL: str = ""
    REDIS_URL: str = ""
    OPENAI_API_KEY: str = ""
    OPENAI_BASE_URL: str = ""
    OPENAI_MODEL: str = "gpt-5.4-mini"
    OPENAI_API: Literal["responses", "chat"] = "responses"
    DRAFTDESK_CHEAP_MODEL: str = ""
    DRAFTDESK_REQUESTS_PER_MINUTE: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    DRAFTDESK_TOKENS_PER_MINUTE: Annotated[int, msgspec.Meta(ge=0, le=100_000_000_000)] = 0
    DRAFTDESK_HOST: str = "127.0.0.1"
    DRAFTDESK_PORT: Port = 8000
    DRAFTDESK_METRICS_HOST: str = "127.0.0.1"
    DRAFTDESK_METRICS_PORT: Port = 9191
    DRAFTDESK_METRICS_TOKEN: str = ""
    DRAFTDESK_LOG_LEVEL: Literal["debug", "info", "warning", "error"] = "info"
    DRAFTDESK_POOL_SIZE: Annotated[int, msgspec.Meta(ge=2, le=200)] = 10
    DRAFTDESK_RELAY: Literal["on", "off"] = "on"
    DRAFTDESK_RELAY_INTERVAL_S: Annotated[float, msgspec.Meta(ge=0.1, le=86_400)] = 2.0
    DRAFTDESK_RELAY_HEAD_START_S: Annotated[float, msgspec.Meta(ge=0, le=300)] = 5.0
    DRAFTDESK_RELAY_PER_SECOND: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 500
    DRAFTDESK_COALESCE_PAUSE_S: Annotated[float, msgspec.Meta(ge=0, le=3_600)] = 5.0
    DRAFTDESK_EMBEDDED_USER: str = "nobody"
    DRAFTDESK_DATA_DIR: str = ""
    XDG_DATA_HOME: str = ""
    PROMETHEUS_MULTIPROC_DIR: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One process's settings; build it once, in a composition root."""

    database_url: str
    """PostgreSQL, `postgresql://...`; empty: the embedded server."""
    redis_url: str
    """Redis or Valkey, `redis://...`; empty: the embedded server."""
    openai_api_key: str
    """Empty: the stand-in model."""
    openai_base_url: str
    openai_model: str
    openai_api: Literal["responses", "chat"]
    """`chat` for servers that only speak Chat Completions."""
    cheap_model: str
    """What a shop near the end of its budget is drafted with; empty: that step is left out."""
    requests_per_minute: int
    """Requests that all workers together send to the model; 0: as many as there are."""
    tokens_per_minute: int
    host: str
    port: int
    metrics_host: str
    metrics_port: int
    metrics_token: str
    """What a scrape of the API's /metrics sends as its bearer token; empty: only this machine may read it."""
    log_level: str
    pool_size: int
    """Database connections a process may hold."""
    has_relay: bool
    """Whether an API process runs a relay; `draftdesk relay` does so at any rate."""
    relay_interval_s: float
    relay_head_start_s: float
    """How old a placeholder is before the relay sends what the route could not."""
    relay_per_second: int
    """Jobs that one relay sends a second at most, when many have piled up."""
    coalesce_pause_s: float
    """How long a suggestion waits for further mails of its thread; VIPs do not wait."""
    embedded_user: str
    """The account that the embedded servers run as when we are root."""
    data_dir: Path
    """Where the embedded servers keep their files; outside any virtual environment."""
    prometheus_dir: str

    def __repr__(self) -> str:
        """Name the public settings only: the rest may hold secrets."""
        return f"Settings(host={self.host!r}, port={self.port}, model={self.openai_model!r}, api={self.openai_api!r})"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check the environment.

        Raises:
            SettingsError: names the variable and what it takes; never its value.
        """
        source = os.environ if environ is None else environ
        given = {name: value for name, value in source.items() if value and name in Environment.__struct_fields__}
        try:
            env = msgspec.convert(given, Environment, strict=False)
        except msgspec.ValidationError as error:
            # msgspec quotes a wrong word; the value of a setting is nobody's to read.
            told = re.sub("value '.*'", "value", str(error), flags=re.DOTALL)
            raise SettingsError(f"A setting is not usable: {told}") from None
        _check_url("DATABASE_URL", env.DATABASE_URL, ("postgresql", "postgres"))
        _check_url("REDIS_URL", env.REDIS_URL, ("redis", "rediss", "unix"))
        _check_base_url(env.OPENAI_BASE_URL)
        if 0 < len(env.DRAFTDESK_METRICS_TOKEN) < MIN_TOKEN_LENGTH:
            raise SettingsError(f"DRAFTDESK_METRICS_TOKEN must have at least {MIN_TOKEN_LENGTH} characters")
        return cls(
            database_url=env.DATABASE_URL,
            redis_url=env.REDIS_URL,
            openai_api_key=env.OPENAI_API_KEY,
            openai_base_url=env.OPENAI_BASE_URL,
            openai_model=env.OPENAI_MODEL,
            openai_api=env.OPENAI_API,
            cheap_model=env.DRAFTDESK_CHEAP_MODEL or CHEAPER_THAN.get(env.OPENAI_MODEL, ""),
            requests_per_minute=env.DRAFTDESK_REQUESTS_PER_MINUTE,
            tokens_per_minute=env.DRAFTDESK_TOKENS_PER_MINUTE,
            host=env.DRAFTDESK_HOST,
            port=env.DRAFTDESK_PORT,
            metrics_host=env.DRAFTDESK_METRICS_HOST,
            metrics_port=env.DRAFTDESK_METRICS_PORT,
            metrics_token=env.DRAFTDESK_METRICS_TOKEN,
            log_level=env.DRAFTDESK_LOG_LEVEL,
            pool_size=env.DRAFTDESK_POOL_SIZE,
            has_relay=env.DRAFTDESK_RELAY == "on",
            relay_interval_s=env.DRAFTDESK_RELAY_INTERVAL_S,
            relay_head_start_s=env.DRAFTDESK_RELAY_HEAD_START_S,
            relay_per_second=env.DRAFTDESK_RELAY_PER_SECOND,
            coalesce_pause_s=env.DRAFTDESK_COALESCE_PAUSE_S,
            embedded_user=env.DRAFTDESK_EMBEDDED_USER,
            data_dir=_data_dir(env),
            prometheus_dir=env.PROMETHEUS_MULTIPROC_DIR,
        )

    @classmethod
    def for_server_process(cls) -> Settings:
        """Read the environment of an API or worker process; exit with a sentence when it cannot run with it."""
        try:
            settings = cls.from_env()
        except SettingsError as error:
            sys.exit(f"draftdesk: {error}")
        missing = [name for name, url in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)) if not url]
        if missing:
            sys.exit(f"draftdesk: {' and '.join(missing)} must be set; `draftdesk up` starts servers of its own")
        return settings


def _check_url(name: str, url: str, schemes: tuple[str, ...]) -> None:
    if url and _split(name, url).scheme not in schemes:
        raise SettingsError(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")


def _check_base_url(url: str) -> None:
    """Refuse plain http to another machine: a typing error must not send customers' mail in the clear."""
    if not url:
        return
    parts = _split("OPENAI_BASE_URL", url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise SettingsError("OPENAI_BASE_URL must be https, or http on the loopback interface")


def _split(name: str, url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise SettingsError(f"{name} is not a URL") from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _data_dir(env: Environment) -> Path:
    """Return where embedded data lies. Root without a wish of its own gets /var/lib: its home is closed to others."""
    if env.DRAFTDESK_DATA_DIR:
        return Path(env.DRAFTDESK_DATA_DIR).expanduser()
    if env.XDG_DATA_HOME:
        return Path(env.XDG_DATA_HOME) / "draftdesk"
    if os.geteuid() == 0:
        return Path("/var/lib/draftdesk")
    return Path.home() / ".local" / "share" / "draftdesk"
