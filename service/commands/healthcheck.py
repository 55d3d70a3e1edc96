"""`draftdesk healthcheck`: one look from beside a process, for containers."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException

import click

from service.embedded.programs import reachable_host
from service.errors import ServiceError
from service.settings import Settings

PAGE_TIMEOUT_S = 3.0

OLDEST_HEARTBEAT_S = 30.0
"""The worker's event loop says every 5 s that it turns."""


class Unhealthy(ServiceError):
    """The process cannot do its work; the sentence says why."""


@click.group(name="healthcheck")
def command() -> None:
    """Say whether a process beside this one can do its work: exit code 0 or 1, and one sentence."""


@command.command()
def worker() -> None:
    """Read the worker's metrics page (DRAFTDESK_METRICS_HOST, DRAFTDESK_METRICS_PORT)."""
    settings = Settings.from_env()
    page = _read_page(reachable_host(settings.metrics_host), settings.metrics_port)
    click.echo(judge_worker(page, now=time.time()))


def judge_worker(page: str, *, now: float) -> str:
    """Return a sentence on a worker that can work.

    page: its metrics, of all its processes. now: seconds since 1970, as in the page.

    Raises:
        Unhealthy: it has not begun, its event loop stands still, or threads of it are gone.
    """
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - --help needs none of it

    values = {sample.name: sample.value for family in text_string_to_metric_families(page) for sample in family.samples}
    heartbeat_at = values.get("draftdesk_worker_heartbeat_timestamp_seconds")
    if heartbeat_at is None:
        raise Unhealthy("The worker has not begun yet.")
    age_s = now - heartbeat_at
    if age_s > OLDEST_HEARTBEAT_S:
        raise Unhealthy(f"The worker's last heartbeat is {age_s:.0f} s old: its event loop stands still.")
    live, expected = (int(values.get(f"draftdesk_worker_threads{suffix}", 0)) for suffix in ("", "_expected"))
    if live < expected:
        raise Unhealthy(f"Of the worker's {expected} threads {live} live.")
    return f"The worker works: {live} threads live, its last heartbeat is {max(age_s, 0):.0f} s old."


def _read_page(host: str, port: int) -> str:
    connection = HTTPConnection(host, port, timeout=PAGE_TIMEOUT_S)
    try:
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        body = response.read()
    except (OSError, HTTPException) as error:
        raise Unhealthy(f"The worker's metrics page at {host}:{port} does not answer ({type(error).__name__}).") from None
    finally:
        connection.close()
    if response.status != 200:
        raise Unhealthy(f"The worker's metrics page at {host}:{port} answers {response.status}.")
    return body.decode("utf-8", errors="replace")
