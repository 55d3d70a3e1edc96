"""A Draftdesk in processes of its own, as a test uses it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import msgspec

from service.commands.mail_file import SignedCall
from service.settings import Settings
from tests.factories import mail_fields, standard_headers
from tests.programs import draftdesk
from tests.standin_control import StandInControl
from tests.waiting import until

FINAL = {"ready", "failed", "skipped", "superseded"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where everything is, and the one shop."""

    settings: Settings
    folder: Path
    url: str
    api_key: str
    webhook_path: str
    secret: str
    stand_in: StandInControl

    def signed(self, **fields: Any) -> SignedCall:
        """A mail of the standard format, signed."""
        body = msgspec.json.encode(mail_fields(**fields))
        call_id, sent_at = f"msg_{secrets.token_hex(8)}", str(int(time.time()))
        return SignedCall(standard_headers(body, self.secret, call_id=call_id, sent_at=sent_at), body)

    async def post(self, http: httpx2.AsyncClient, *, url: str = "", **fields: Any) -> str:
        """Post a mail and return its suggestion's id."""
        call = self.signed(**fields)
        response = await http.post((url or self.url) + self.webhook_path, content=call.body, headers=call.headers)
        assert response.status_code == 200
        suggestion_id: str = response.json()["suggestion_id"]
        return suggestion_id

    async def suggestion(self, http: httpx2.AsyncClient, suggestion_id: str) -> dict[str, Any]:
        """Return a suggestion as the JSON API tells it."""
        response = await http.get(f"{self.url}/v1/suggestions/{suggestion_id}")
        assert response.status_code == 200
        found: dict[str, Any] = response.json()["suggestion"]
        return found

    async def final(self, http: httpx2.AsyncClient, suggestion_id: str, within_s: float = 30.0) -> dict[str, Any]:
        """Wait until a suggestion's status changes no more; return it."""

        async def is_final() -> bool:
            return (await self.suggestion(http, suggestion_id))["status"] in FINAL

        await until(is_final, within_s)
        return await self.suggestion(http, suggestion_id)

    async def rows(self, sql: str, *args: object) -> list[Any]:
        """Run one statement in the desk's database."""
        connection = await asyncpg.connect(self.settings.database_url)
        try:
            return list(await connection.fetch(sql, *args))
        finally:
            await connection.close()


def make_desk(settings: Settings, folder: Path) -> Desk:
    """Migrate, and make a shop with a source and a key, all by the command line."""

    def run(*args: str) -> list[str]:
        ended = draftdesk(*args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.splitlines()

    run("migrate")
    run("shop", "create", "desk", "--signature", "The desk")
    path, secret = run("source", "create", "--shop", "desk")
    (key,) = run("key", "create", "--shop", "desk")
    return Desk(
        settings=settings,
        folder=folder,
        url="",
        api_key=key,
        webhook_path=path.removeprefix("path: "),
        secret=secret.removeprefix("secret: "),
        stand_in=StandInControl(settings.openai_base_url.removesuffix("/v1")),
    )
