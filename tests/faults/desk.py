"""A Draftdesk in real processes, to which faults are done: any number of APIs and workers before servers of the suite's own."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import secrets
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import httpx2

from service.commands.mail_file import SignedCall
from service.embedded.process import start_child
from service.embedded.programs import ROOT, api_command, environment, worker_command
from service.embedded.ready import answers_ok, free_port, wait_until_ready
from service.settings import Settings
from tests.faults.program import Program
from tests.faults.servers import Servers, Ways
from tests.faults.waiting import wait_for
from tests.programs import bare_environment
from tests.standin_control import StandInControl

WORD = re.compile(r"My code is ([0-9a-f]{16})")
FINAL = frozenset({"ready", "failed", "superseded", "skipped"})
WAITING = frozenset({"pending", "queued", "drafting"})


@dataclasses.dataclass(frozen=True, slots=True)
class Mail:
    """A signed mail with a word that no other has; posting it twice is what a provider does that got no answer."""

    word: str
    call: SignedCall


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came of posting a mail. status: 0 where the connection broke; outcome: the receipt's, where it was answered 200."""

    mail: Mail
    status: int
    duration_s: float
    headers: Mapping[str, str]
    outcome: str = ""


class FaultDesk:
    """The whole, for one test.

    Attributes:
        servers: Postgres, Valkey and the model, to be killed and started.
        api_ways, worker_ways: the proxies through which all APIs, and all workers, reach the servers.
        apis, workers: every process that was started, also those that have ended.
        accepted: the words of the mails that were answered 200, however often.
    """

    def __init__(self, servers: Servers, api_ways: Ways, worker_ways: Ways, http: httpx2.AsyncClient) -> None:
        self.servers = servers
        self.api_ways = api_ways
        self.worker_ways = worker_ways
        self.http = http
        self.apis: list[Program] = []
        self.workers: list[Program] = []
        self.accepted: set[str] = set()
        self._connection: Any = None
        self._turn = asyncio.Lock()

    @property
    def stand_in(self) -> StandInControl:
        """The control side of the model. Blocking, and quick."""
        return self.servers.shop.stand_in

    async def start_api(self, *, env: Mapping[str, str] | None = None, **changes: Any) -> Program:
        """Start an API and wait until it lives. changes: of its settings, as `relay_interval_s=300`; env: over its environment."""
        settings = dataclasses.replace(self.api_ways.lead(self.servers.settings), port=free_port(), **changes)
        api = self._launch(f"api-{len(self.apis) + 1}", api_command(settings), settings, env)
        self.apis.append(api)
        await asyncio.to_thread(wait_until_ready, api.child, lambda: answers_ok(settings.port, "/health/live"))
        return api

    async def start_worker(self, *arguments: str, env: Mapping[str, str] | None = None, **changes: Any) -> Program:
        """Start a worker, five jobs at once, and wait until it takes jobs. arguments: more of Dramatiq's own, as `-Q`."""
        settings = dataclasses.replace(self.worker_ways.lead(self.servers.settings), metrics_port=free_port(), **changes)
        worker = self._launch(f"worker-{len(self.workers) + 1}", [*worker_command(), *arguments], settings, env)
        self.workers.append(worker)
        # The master serves the metrics once its worker processes have begun.
        await asyncio.to_thread(wait_until_ready, worker.child, lambda: answers_ok(settings.metrics_port, "/metrics"))
        return worker

    def remove_programs(self) -> None:
        """End every API and worker."""
        for each in (*self.apis, *self.workers):
            each.remove()

    def write(self, text: str = "Hello, where is my parcel?", **fields: Any) -> Mail:
        """Write and sign a mail of a customer of its own."""
        word = secrets.token_hex(8)
        sender = {"from_": f"Ada Customer <ada-{word}@customer.example>"}
        return Mail(word, self.servers.shop.signed(**{**sender, **fields}, text=f"{text} My code is {word}."))

    async def post(self, mail: Mail, *, api: Program | None = None) -> Answer:
        """Post a mail once, to the first API unless another is named, and take what comes."""
        url = (api or self.apis[0]).url + self.servers.shop.webhook_path
        began_at = time.monotonic()
        try:
            response = await self.http.post(url, content=mail.call.body, headers=mail.call.headers)
        except httpx2.TransportError:
            return Answer(mail, 0, time.monotonic() - began_at, {})
        outcome = ""
        if response.status_code == 200:
            self.accepted.add(mail.word)
            outcome = response.json()["outcome"]
        return Answer(mail, response.status_code, time.monotonic() - began_at, response.headers, outcome)

    async def send(self, count: int = 1, *, api: Program | None = None, **fields: Any) -> list[Mail]:
        """Write and post mails at once; all are taken."""
        mails = [self.write(**fields) for _ in range(count)]
        answers = await asyncio.gather(*(self.post(mail, api=api) for mail in mails))
        assert {answer.status for answer in answers} <= {200}
        return mails

    async def rows(self, sql: str, *args: object) -> list[Any]:
        """Run one statement, past the proxies."""
        async with self._turn:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self.servers.settings.database_url, timeout=5)
            try:
                return list(await self._connection.fetch(sql, *args))
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
                self._connection.terminate()
                raise

    async def suggestions(self, mails: Sequence[Mail]) -> list[Any]:
        """Return the suggestions' rows, with the mail's `word`, in the order of the mails; those that have none are left out."""
        found = await self.rows(
            """SELECT substring(message.text FROM 'My code is ([0-9a-f]{16})') AS word, suggestion.*
               FROM message JOIN suggestion ON suggestion.message = message.id
               WHERE substring(message.text FROM 'My code is ([0-9a-f]{16})') = ANY($1)""",
            [mail.word for mail in mails],
        )
        place = {mail.word: index for index, mail in enumerate(mails)}
        return sorted(found, key=lambda row: (place[row["word"]], row["id"]))

    async def statuses(self, mails: Sequence[Mail]) -> Counter[str]:
        """Count the mails' suggestions by status."""
        return Counter(row["status"] for row in await self.suggestions(mails))

    async def until(self, mails: Sequence[Mail], *, within_s: float = 60.0, **statuses: int) -> float:
        """Wait until the mails' suggestions are as `until(mails, drafting=5, queued=20)` says; return the seconds."""

        async def is_so() -> bool:
            return await self.statuses(mails) == Counter(statuses)

        return await wait_for(is_so, f"suggestions that are {statuses}", within_s=within_s)

    async def until_asked(self, count: int, *, within_s: float = 60.0) -> float:
        """Wait until this test's mails have led to so many requests to the model, or more; return the seconds."""

        async def are_asked() -> bool:
            return (await self.calls()).total() >= count

        return await wait_for(are_asked, f"{count} requests to the model", within_s=within_s)

    async def calls(self) -> Counter[str]:
        """Count the model's requests of this test, the last 1,000, by the mail's word."""
        requests = await asyncio.to_thread(self.stand_in.requests)
        # The mail itself stands behind those that came before it in its thread.
        return Counter(words[-1] for request in requests if (words := WORD.findall(request.prompt)))

    async def close(self) -> None:
        """Close our own connection."""
        if self._connection is not None:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._connection.close(timeout=2)

    def _launch(self, name: str, command: Sequence[str], settings: Settings, env: Mapping[str, str] | None) -> Program:
        folder = self.servers.folder / f"{name}-{secrets.token_hex(4)}"
        metrics = folder / "metrics"
        metrics.mkdir(parents=True)
        child = start_child(
            name,
            [sys.executable, "-m", *command],
            env={**bare_environment(), **environment(settings), "PROMETHEUS_MULTIPROC_DIR": str(metrics), **(env or {})},
            log_path=folder / "log",
            cwd=ROOT,
        )
        return Program(child, settings)
