"""The floor, a program of its own: the very rows of a webhook, written by asyncpg's prepared statements, without HTTP or queue.

Every argument is made before the clock starts. It reads a `FloorOrder` from stdin and prints a `Measure`.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import msgspec
import uvloop

from benchmarks.mails import RoundOrder, signed_headers
from benchmarks.measures import Measure, measure
from service.db.engine import make_engine
from service.inbox.judgement import judge
from service.inbox.repository import store_mail_arguments, store_mail_statement
from service.inbox.types import Schedule
from service.providers.registry import FORMATS
from service.providers.types import InboundMail, WebhookCall
from service.shops.types import Source

TIMEOUT_S = 60


class FloorOrder(RoundOrder, frozen=True, kw_only=True):
    """What to write where."""

    database_url: str
    source_id: UUID
    shop_id: UUID


async def write(order: FloorOrder) -> Measure:
    """Write everything and return the measure; an error ends it. Raises TimeoutError after a minute."""
    sql, made = _prepared(order)
    pending = iter(made)
    config = make_engine(order.database_url, pool_size=order.connections).config
    latencies_ns: list[int] = []
    connections = [
        await asyncpg.connect(order.database_url, server_settings=config["server_settings"]) for _ in range(order.connections)
    ]
    statements = [await connection.prepare(sql) for connection in connections]
    async with asyncio.timeout(TIMEOUT_S):
        for arguments in itertools.islice(pending, order.warm_up):
            await statements[0].fetch(*arguments)
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


def _prepared(order: FloorOrder) -> tuple[str, list[tuple[object, ...]]]:
    """Return the statement, which is the same for all mails of an order, and the arguments of each."""
    source = Source(id=order.source_id, shop_id=order.shop_id, provider=order.provider, secrets=(order.secret,))
    sql, made = "", []
    for body in order.bodies():
        call = WebhookCall(headers=signed_headers(body, order.secret), body=body, received_at=datetime.now(UTC))
        mail = FORMATS[order.provider].read(call)
        assert isinstance(mail, InboundMail)
        key, schedule = call.headers["webhook-id"], Schedule(head_start_s=10.0)
        made.append(store_mail_arguments(source, call, judge(mail, source, body=body), dedupe_key=key, schedule=schedule))
        sql = store_mail_statement(mail)
    return sql, made


def main() -> None:
    """Do what stdin says."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=FloorOrder)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(write(order))))


if __name__ == "__main__":
    main()
