"""`draftdesk relay`."""

from __future__ import annotations

import asyncio
import contextlib
import signal

import click
import structlog

from service.settings import Settings

log = structlog.get_logger()


@click.command(name="relay")
def command() -> None:
    """Run the relay alone until it is told to stop: for APIs that run without one (DRAFTDESK_RELAY=off).

    Any number of relays share the work, in APIs and alone. Needs DATABASE_URL and REDIS_URL.
    """
    from service.observability.logging import configure_logging  # noqa: PLC0415 - --help needs none of it

    settings = Settings.for_server_process()
    configure_logging(settings.log_level)
    asyncio.run(_until_told_to_stop(settings))


async def _until_told_to_stop(settings: Settings) -> None:
    """Relay until SIGTERM or SIGINT. What a pass holds at that moment is sent by the next relay."""
    relay = asyncio.create_task(_relay(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, relay.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await relay


async def _relay(settings: Settings) -> None:
    from service.db.engine import START_PATIENCE_S, connection_pool  # noqa: PLC0415 - piccolo_conf.py reads the environment
    from service.db.readiness import wait_until_migrated  # noqa: PLC0415
    from service.jobs import JobSender, Publisher  # noqa: PLC0415
    from service.relay import run_relay  # noqa: PLC0415
    from service.suggestions.sending import mark_queued  # noqa: PLC0415

    publisher = Publisher(JobSender(settings.redis_url), mark_queued)
    async with connection_pool(patience_s=START_PATIENCE_S):
        await wait_until_migrated(patience_s=START_PATIENCE_S)
        log.info("relay.started", per_second=settings.relay_per_second)
        try:
            await run_relay(publisher, interval_s=settings.relay_interval_s, per_second=settings.relay_per_second)
        finally:
            await publisher.close()
