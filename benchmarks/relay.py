"""What a long outage leaves behind: 100,000 placeholders, and how evenly the relay sends them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial

import redis

from benchmarks.servers import Bench, make_source, running_servers
from service.commands.database import run_with_pool
from service.observability.logging import configure_logging

ROWS = 100_000
ROUNDS = ((1, 2_000), (2, 2_000), (1, 500))
"""Relays at once, and the jobs a second that each of them may send."""

CHECK_S = 1.0
LONGEST_S = 60
"""A round that is not through by then is reported as it stands."""

_MAILS = """
WITH source_mail AS (SELECT message.*, thread.customer FROM message JOIN thread ON thread.id = message.thread LIMIT 1),
numbers AS (SELECT gen_random_uuid() AS thread_id, gen_random_uuid() AS message_id FROM generate_series(1, $1::int)),
threads AS (
    INSERT INTO thread (id, shop, customer, subject, version, created_at, updated_at)
    SELECT thread_id, shop, customer, subject, 1, now(), now() FROM numbers, source_mail
), messages AS (
    INSERT INTO message (id, shop, thread, direction, rfc_message_id, reference_ids, sender, sender_name, recipient, subject,
                         text, html, trust, trust_reasons, received_at)
    SELECT message_id, shop, thread_id, direction, message_id::text, reference_ids, sender, sender_name, recipient, subject,
           text, html, trust, trust_reasons, received_at FROM numbers, source_mail
)
INSERT INTO suggestion (id, shop, thread, message, status, priority, attempt, sends, missing_information, citations, version,
                        next_send_at, created_at)
SELECT gen_random_uuid(), shop, thread_id, message_id, 'pending', 10, 0, 0, '{}', '[]', 1, now(), now() FROM numbers, source_mail
"""


@dataclass(frozen=True, slots=True)
class Drain:
    """How one round went. Jobs a second; megabytes of Redis at its most."""

    sent: int
    seconds: float
    least: int
    most: int
    redis_mb: float


def main() -> None:
    """Measure and print."""
    print(f"Relay: {ROWS:,} placeholders; a reader takes what comes, as workers would", flush=True)
    print(f"{'relays':<8}{'may send a second':>19}{'sent':>9}{'seconds':>9}{'least/s':>9}{'most/s':>8}{'Redis MB':>10}")
    configure_logging("warning")
    with running_servers() as bench:
        make_rows(bench)
        for relays, per_second in ROUNDS:
            run_with_pool(reset)
            drain = run_with_pool(partial(_drain, bench, relays, per_second))
            rates = f"{drain.seconds:>9.1f}{drain.least:>9,}{drain.most:>8,}"
            print(f"{relays:<8}{per_second:>19,}{drain.sent:>9,}{rates}{drain.redis_mb:>10.1f}", flush=True)


def make_rows(bench: Bench) -> None:
    """Store one mail, and as many more like it, each in a thread of its own."""
    from benchmarks.desk import store_mail  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.db.engine import fetch  # noqa: PLC0415

    source = make_source()

    async def make() -> None:
        await store_mail(source, 0)
        await fetch("DELETE FROM suggestion")
        for _ in range(ROWS // 10_000):
            await fetch(_MAILS, 10_000)
        await fetch("ANALYZE suggestion")

    assert bench.settings.database_url
    run_with_pool(make)


async def reset() -> None:
    """Make every row a placeholder again."""
    from service.db.engine import fetch  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs

    await fetch("UPDATE suggestion SET status = 'pending', sends = 0, next_send_at = now()")


async def _drain(bench: Bench, relays: int, per_second: int) -> Drain:
    from service.jobs import JobSender, Publisher  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.relay import run_relay  # noqa: PLC0415
    from service.suggestions.sending import mark_queued  # noqa: PLC0415

    publishers = [Publisher(JobSender(bench.settings.redis_url), mark_queued) for _ in range(relays)]
    client = redis.Redis.from_url(bench.settings.redis_url)
    client.flushdb()
    for publisher in publishers:
        await publisher.state()
    tasks = [asyncio.create_task(run_relay(each, interval_s=2.0, per_second=per_second)) for each in publishers]
    began_at = time.perf_counter()
    counts: list[int] = []
    memory_bytes = 0
    while sum(counts) < ROWS and time.perf_counter() - began_at < LONGEST_S:
        await asyncio.sleep(CHECK_S)
        with client.pipeline() as hop:
            hop.llen("dramatiq:suggestions")
            hop.delete("dramatiq:suggestions", "dramatiq:suggestions.msgs")
            hop.info("memory")
            length, _, memory = hop.execute()
        counts.append(length)
        memory_bytes = max(memory_bytes, memory["used_memory"])
    seconds = time.perf_counter() - began_at
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for publisher in publishers:
        await publisher.close()
    client.close()
    whole = counts[1:-1] or counts
    return Drain(sum(counts), seconds, min(whole), max(whole), memory_bytes / 1e6)


if __name__ == "__main__":
    main()
