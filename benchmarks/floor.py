"""The floor, a program of its own: the very rows of a webhook, written by asyncpg's prepared statements, without HTTP or queue.

Every argument is made before the clock starts. It reads a `FloorOrder` from stdin and prints a `Measure`.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import msgspec
import uvloop

from benchmarks.mails import mail_body, signed_headers
from benchmarks.measures import Measure, measure
from service.db.engine import make_engine
from service.inbox.repository import STORE_MAIL, store_mail_arguments
from service.providers import standard
from service.providers.types import WebhookCall
from service.shops.types import Source

TIMEOUT_S = 60


class FloorOrder(msgspec.Struct, frozen=True):
    """What to write where."""

    database_url: str
    source_id: UUID
    shop_id: UUID
    secret: str
    connections: int
    count: int


async def write(order: FloorOrder) -> Measure:
    """Write everything and return the measure; an error ends it. Raises TimeoutError after a minute."""
    pending = iter(_arguments(order))
    config = make_engine(order.database_url, pool_size=order.connections).config
    latencies_ns: list[int] = []
    connections = [
        await asyncpg.connect(order.database_url, server_settings=config["server_settings"]) for _ in range(order.connections)
    ]
    statements = [await connection.prepare(STORE_MAIL) for connection in connections]
    async with asyncio.timeout(TIMEOUT_S):
        started_ns = time.perf_counter_ns()
        await asyncio.gather(*(_write_on(statement, pending, latencies_ns) for statement in statements))
        seconds = (time.perf_counter_ns() - started_ns) / 1e9
    for connection in connections:
        await connection.close()
    return measure(latencies_ns, seconds, errors=0)


async def _write_on(
    statement: asyncpg.prepared_stmt.PreparedStatement, pending: Iterator[tuple[object, ...]], latencies_ns: list[int]
) -> None:
    for arguments in pending:
        sent_ns = time.perf_counter_ns()
        await statement.fetch(*arguments)
        latencies_ns.append(time.perf_counter_ns() - sent_ns)


def _arguments(order: FloorOrder) -> list[tuple[object, ...]]:
    run = secrets.token_hex(6)
    source = Source(id=order.source_id, shop_id=order.shop_id, provider="standard", secrets=(order.secret,))
    made = []
    for number in range(order.count):
        body = mail_body(number, run)
        call = WebhookCall(headers=signed_headers(body, order.secret), body=body, received_at=datetime.now(UTC))
        mail = standard.to_mail(body)
        made.append(
            store_mail_arguments(source, call, mail, dedupe_key=call.headers["webhook-id"], machine_class=None, head_start_s=10.0)
        )
    return made


def main() -> None:
    """Do what stdin says."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=FloorOrder)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(write(order))))


if __name__ == "__main__":
    main()
