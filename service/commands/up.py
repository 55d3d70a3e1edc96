"""`draftdesk up`."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from service.commands.database import run_with_pool, use_servers
from service.embedded.programs import api_url
from service.embedded.stack import Stack
from service.embedded.supervisor import Supervisor
from service.settings import Settings

CHECK_INTERVAL_S = 0.2


@click.command(name="up")
def command() -> None:
    """Run everything until Ctrl-C. What DATABASE_URL, REDIS_URL and OPENAI_API_KEY do not name is started here.

    What dies is started again; one that dies again and again ends everything.
    """
    settings = Settings.from_env()
    stop_asked = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop_asked.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    with Stack(settings, settings.data_dir) as stack:
        started = start_all(stack)
        stack.write_run_file(started)
        _print_lines(settings, started)
        supervisor = Supervisor(stack.parts, lambda sentence: click.echo(f"draftdesk: {sentence}", err=True))
        while not stop_asked.wait(CHECK_INTERVAL_S):
            supervisor.look()
        click.echo("Stopping ...", err=True)


def start_all(stack: Stack) -> Settings:
    """Start the servers, migrate, then the API and the worker; return the settings with every URL filled in."""
    from service.db.migrate import migrate  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs

    started = stack.start_stand_in(stack.start_servers())
    use_servers(started.database_url, started.redis_url)
    run_with_pool(migrate)
    started = stack.start_api(started)
    stack.start_worker(started)
    return started


def _print_lines(given: Settings, started: Settings) -> None:
    """Say the four things that a person wants to know."""
    stand_in = "nothing" if given.openai_api_key else "the model (set OPENAI_API_KEY for real drafts)"
    own = [name for name, url in (("PostgreSQL", given.database_url), ("Valkey", given.redis_url)) if not url]
    data = f"{given.data_dir} (embedded {' and '.join(own)})" if own else "the servers that DATABASE_URL and REDIS_URL name"
    click.echo(f"API       {api_url(started)}")
    click.echo(f"Docs      {api_url(started)}/schema")
    click.echo(f"Data      {data}")
    click.echo(f"Stand-in  {stand_in}")
