"""The servers of the fault suite: real Postgres, real Valkey with its append-only file, the stand-in model; and their ends."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import asyncpg
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from service.embedded.ready import answers_ok
from service.embedded.stack import Stack
from service.embedded.supervisor import Part
from service.settings import Settings
from tests.processes.desk import Desk as ShopDesk
from tests.processes.desk import make_desk
from tests.proxy import Proxy

START_WITHIN_S = 30.0
POLL_S = 0.02


@dataclasses.dataclass(frozen=True, slots=True)
class Ways:
    """How one role reaches the servers. Each way leads through a proxy, so that it can be in trouble for this role alone."""

    postgres: Proxy
    valkey: Proxy
    model: Proxy

    def pass_on(self) -> None:
        """Open all of them."""
        for each in (self.postgres, self.valkey, self.model):
            each.pass_on()

    def lead(self, settings: Settings) -> Settings:
        """Return settings that go through the proxies."""
        return dataclasses.replace(
            settings,
            database_url=_through(settings.database_url, self.postgres),
            redis_url=_through(settings.redis_url, self.valkey),
            openai_base_url=_through(settings.openai_base_url, self.model),
        )


class Servers:
    """Three processes and one shop.

    Attributes:
        settings: where the servers are, without a proxy.
        shop: the shop's address, secret and key; rows and the stand-in's control.
        postgres, valkey, model: the processes, for `kill`, `stop` and `start`.
        client: of Valkey, without a proxy; blocking.
    """

    def __init__(self, stack: Stack, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.shop: ShopDesk = make_desk(settings, folder)
        self.postgres, self.valkey, self.model = stack.parts
        self.client = redis.Redis.from_url(
            settings.redis_url, socket_timeout=5, retry=Retry(ConstantBackoff(0.1), 20), decode_responses=True
        )

    @classmethod
    @contextmanager
    def running(cls, folder: Path, given: Settings) -> Iterator[Self]:
        """Run them in a folder until the block ends. Call it on the main thread."""
        with Stack(given, folder / "servers", quiet=True) as stack:
            servers = cls(stack, stack.start_stand_in(stack.start_servers()), folder)
            yield servers
            servers.client.close()

    @contextmanager
    def ways(self) -> Iterator[Ways]:
        """Yield proxies before all three."""
        postgres, valkey, model = (
            _port(url) for url in (self.settings.database_url, self.settings.redis_url, self.settings.openai_base_url)
        )
        with Proxy(postgres) as to_postgres, Proxy(valkey) as to_valkey, Proxy(model) as to_model:
            yield Ways(to_postgres, to_valkey, to_model)

    def kill(self, part: Part) -> None:
        """Kill -9 a server and wait for its end."""
        os.kill(part.child.pid, signal.SIGKILL)
        part.stop(10.0)

    def stop(self, part: Part) -> None:
        """Stop a server as its operator would: fast, and nothing is lost."""
        part.stop(10.0)

    async def start(self, part: Part) -> None:
        """Start a server that has ended, on the same port and files, and wait until it answers; on the main thread."""
        if part.child.poll() is None:
            return
        part.child = part.launch()
        deadline = time.monotonic() + START_WITHIN_S
        while not await self._answers(part):
            assert time.monotonic() < deadline, f"{part.child.name} did not start"
            await asyncio.sleep(POLL_S)

    async def start_all(self) -> None:
        """Start whichever has ended."""
        for part in (self.postgres, self.valkey, self.model):
            await self.start(part)

    def wipe(self) -> None:
        """Let Valkey forget everything."""
        self.client.flushall()

    async def _answers(self, part: Part) -> bool:
        if part is self.model:
            return await asyncio.to_thread(answers_ok, _port(self.settings.openai_base_url), "/health")
        if part is self.valkey:
            return await asyncio.to_thread(_pings, self.settings.redis_url)
        try:
            connection = await asyncpg.connect(self.settings.database_url, timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True


def _pings(url: str) -> bool:
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def _through(url: str, proxy: Proxy) -> str:
    parts = urlsplit(url)
    before, _, _ = parts.netloc.rpartition(":")
    return parts._replace(netloc=f"{before}:{proxy.port}").geturl()
