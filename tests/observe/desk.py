"""Draftdesk in real processes, with a shop that has a source of every provider, and the ways in which it is driven."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import re
import secrets
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from service.commands.mail_file import SignedCall, signed_call
from service.embedded.programs import api_url
from service.embedded.ready import answers_ok, free_port, wait_until_ready
from service.embedded.stack import Stack
from service.embedded.supervisor import Part
from service.settings import Settings
from service.shops.types import PROVIDERS, Provider
from tests.factories import MAILGUN_KEY
from tests.observe.priced import priced_model
from tests.processes.desk import Desk, make_desk
from tests.programs import draftdesk
from tests.providers.shopify_calls import SECRET as SHOPIFY_SECRET
from tests.standin_control import StandInControl

MAILS = Path(__file__).parents[1] / "mails"
MODEL = "gpt-5.4-mini"
"""One that has a price."""

SHOP, SMALL_SHOP = "desk", "small"
BUDGET_USD = "0.01"
SECRETS: Mapping[str, str] = {"mailgun": MAILGUN_KEY, "shopify": SHOPIFY_SECRET}
TRUSTED = "mx1.northwind-outdoor.example"


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Where a source takes calls, and what signs them."""

    provider: Provider
    path: str
    secret: str


@dataclasses.dataclass(frozen=True, slots=True)
class ObservedDesk:
    """The whole.

    Attributes:
        shop: the shop's address and key; the stand-in's control; the database.
        sources: of the shop, by provider; `small` is that of a shop with a budget of a cent.
        write_key: of the shop.
    """

    shop: Desk
    sources: Mapping[str, Source]
    write_key: str
    worker: Part
    valkey: Part

    @property
    def stand_in(self) -> StandInControl:
        """The control side of the model. Blocking, and quick."""
        return self.shop.stand_in

    @property
    def ports(self) -> dict[str, int]:
        """Where Prometheus finds the metrics, by job."""
        return {"draftdesk-api": self.shop.settings.port, "draftdesk-worker": self.shop.settings.metrics_port}

    def client(self) -> httpx2.AsyncClient:
        """Return a client that may write."""
        headers = {"authorization": f"Bearer {self.write_key}"}
        return httpx2.AsyncClient(base_url=self.shop.url, headers=headers, timeout=30, trust_env=False)

    def signed(self, text: str, *, provider: str = "standard", sender: str = "") -> SignedCall:
        """Write and sign a mail; its sender is a customer of its own unless one is named."""
        source = self.sources[provider]
        mail = EmailMessage()
        mail["From"] = sender or f"Ada Customer <ada-{secrets.token_hex(6)}@customer.example>"
        mail["To"] = "support@shop.example"
        mail["Subject"] = "Where is my parcel?"
        mail["Message-ID"] = f"<{secrets.token_hex(8)}@customer.example>"
        mail.set_content(text)
        return signed_call(mail.as_bytes(), provider=source.provider, secret=source.secret)

    async def post(self, http: httpx2.AsyncClient, call: SignedCall, *, provider: str = "standard") -> httpx2.Response:
        """Post a call to a source, once."""
        return await http.post(self.sources[provider].path, content=call.body, headers=call.headers)

    async def send(self, http: httpx2.AsyncClient, *texts: str, provider: str = "standard", sender: str = "") -> list[str]:
        """Write and post mails at once; return their suggestions' ids."""
        calls = [self.signed(text, provider=provider, sender=sender) for text in texts]
        answers = await asyncio.gather(*(self.post(http, call, provider=provider) for call in calls))
        assert {answer.status_code for answer in answers} <= {200}
        return [answer.json()["suggestion_id"] for answer in answers]

    def kill_worker(self) -> None:
        """Kill -9 the worker with all its processes, as when a container is killed."""
        os.killpg(self.worker.child.pid, signal.SIGKILL)
        self.worker.stop(10.0)

    def start_worker(self) -> None:
        """Start the worker again in its place, and wait until it takes jobs; on the main thread."""
        self.worker.child = self.worker.launch()
        self.await_worker()

    def await_worker(self) -> None:
        """Wait until the worker shows its metrics, which it does once its processes have begun."""
        wait_until_ready(self.worker.child, lambda: answers_ok(self.shop.settings.metrics_port, "/metrics"))

    @contextmanager
    def silent_valkey(self) -> Iterator[None]:
        """Let Valkey hold its connections and answer nothing for as long as the block lasts."""
        os.kill(self.valkey.child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.valkey.child.pid, signal.SIGCONT)


@contextmanager
def running_desk(folder: Path) -> Iterator[ObservedDesk]:
    """Run everything in a folder until the block ends. Call it on the main thread."""
    given = dataclasses.replace(
        Settings.from_env({}),
        data_dir=folder / "servers",
        relay_interval_s=0.5,
        relay_head_start_s=1.0,
        coalesce_pause_s=0.0,
        port=0,
        metrics_port=free_port(),
        metrics_token=secrets.token_hex(16),
        pool_size=5,
    )
    with Stack(given, given.data_dir, quiet=True) as stack, ExitStack() as door:
        started = stack.start_stand_in(stack.start_servers())
        shop = make_desk(started, folder)
        port = door.enter_context(priced_model(urlsplit(started.openai_base_url).port or 0, MODEL))
        started = dataclasses.replace(started, openai_model=MODEL, openai_base_url=f"http://127.0.0.1:{port}/v1")
        sources, write_key = _furnish(shop)
        started = stack.start_api(started)
        stack.start_worker(started)
        _, valkey, _, _, worker = stack.parts
        shop = dataclasses.replace(shop, settings=started, url=api_url(started))
        desk = ObservedDesk(shop, sources, write_key, worker, valkey)
        desk.await_worker()
        yield desk
        # A stop would wait for the calls that hang.
        desk.kill_worker()


def _furnish(shop: Desk) -> tuple[dict[str, Source], str]:
    """Give the shop orders, articles, a source of every provider and a key that writes; make the small shop beside it."""

    def run(*args: str | Path) -> str:
        ended = draftdesk(*args, DATABASE_URL=shop.settings.database_url, REDIS_URL=shop.settings.redis_url)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def source(provider: str, slug: str = SHOP) -> Source:
        secret = ("--secret", SECRETS[provider]) if provider in SECRETS else ()
        trust = ("--trust", TRUSTED) if provider in {"standard", "mime"} else ()
        printed = run("source", "create", "--shop", slug, "--provider", provider, "--name", "observed", *secret, *trust)
        lines = dict(re.findall(r"^(path|secret): (\S+)$", printed, re.MULTILINE))
        return Source(provider, lines["path"], lines["secret"])  # type: ignore[arg-type]

    def small() -> Source:
        run("shop", "create", SMALL_SHOP)
        run("shop", "budget", SMALL_SHOP, BUDGET_USD)
        return source("standard", SMALL_SHOP)

    # Each is a process that mostly loads itself.
    with ThreadPoolExecutor(3) as pool:
        made: dict[str, Any] = {SMALL_SHOP: pool.submit(small)}
        made |= {provider: pool.submit(source, provider) for provider in PROVIDERS}
        key = pool.submit(run, "key", "create", "--shop", SHOP, "--scope", "read", "--scope", "write")
        more = [
            pool.submit(run, "orders", "import", MAILS / "orders.jsonl", "--shop", SHOP),
            pool.submit(run, "articles", "import", MAILS / "articles", "--shop", SHOP),
        ]
        for each in more:
            each.result()
        return {name: each.result() for name, each in made.items()}, key.result().strip()
