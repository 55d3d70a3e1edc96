"""`rediss://` with an authority of one's own: every client that we make of the one URL."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import dramatiq
import pytest
import redis

from service.jobs import JobSender, Queue
from service.settings import Settings
from tests.actors.messages import jobs, taken
from tests.tls import tls_front


@pytest.fixture
def secured(spoilable: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The settings with a URL that leads through TLS and names the authority."""
    parts = urlsplit(spoilable.redis_url)
    assert parts.port is not None
    with tls_front(parts.port, tmp_path) as (port, ca_path):
        url = f"rediss://:{parts.password}@127.0.0.1:{port}/0?ssl_ca_certs={ca_path}"
        yield dataclasses.replace(spoilable, redis_url=url)


def test_job_when_redis_speaks_tls_then_it_is_sent_taken_and_its_result_kept(actors_package: ModuleType, secured: Settings) -> None:
    assert actors_package
    from actors.broker import make_broker  # noqa: PLC0415 - the package must be loaded by its fixture

    (job,) = jobs(1)
    sender = JobSender(secured.redis_url)
    broker = make_broker(secured)
    broker.declare_queue(Queue.SUGGESTIONS)
    (results,) = [each for each in broker.middleware if isinstance(each, dramatiq.results.Results)]

    assert sender.send_all([job]) == [job.suggestion_id]
    message = next(broker.consume(Queue.SUGGESTIONS, prefetch=5, timeout=100))
    assert taken(message) == str(job.suggestion_id)
    assert message is not None
    results.backend.store_result(message, {"outcome": "ready"}, 60_000)
    assert results.backend.get_result(message) == {"outcome": "ready"}
    sender.close()
    broker.client.close()
    results.backend.client.close()


async def test_gate_when_redis_speaks_tls_then_it_asks_there(actors_package: ModuleType, secured: Settings) -> None:
    assert actors_package
    from actors.middleware.resources import gate_client  # noqa: PLC0415 - the package must be loaded by its fixture

    client = gate_client(secured)
    name = secrets.token_hex(8)
    await client.set(name, 1)

    assert await client.get(name) == b"1"
    await client.aclose()


def test_redis_when_the_authority_is_not_named_then_it_is_not_trusted(secured: Settings) -> None:
    client = redis.Redis.from_url(secured.redis_url.partition("?")[0])

    with pytest.raises(redis.ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
        client.ping()
    client.close()
