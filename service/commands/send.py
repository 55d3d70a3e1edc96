"""`draftdesk send`."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click
import httpx2

from service.commands.database import run_with_pool, servers
from service.commands.mail_file import signed_call
from service.embedded.run_file import read_run_file
from service.errors import InvalidInput, NotFound, TemporaryError
from service.settings import Settings
from service.shops.types import Source

TIMEOUT_S = 30.0


@click.command(name="send")
@click.argument("mail_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "source_id", type=click.UUID, help="The endpoint's id; not needed when there is only one.")
@click.option("--url", default="", help="The API, such as https://desk.example; found by itself when it runs here.")
def command(mail_file: Path, source_id: UUID | None, url: str) -> None:
    """Post MAIL_FILE (RFC 5322, .eml) to a source as a signed webhook, as its provider would."""
    settings = Settings.from_env()
    running = None if settings.database_url else read_run_file(settings.data_dir)
    api_url = url or (running.api_url if running else f"http://{settings.host}:{settings.port}")
    with servers(settings):
        source = run_with_pool(lambda: _find(source_id))
    call = signed_call(mail_file.read_bytes(), provider=source.provider, secret=source.secrets[0])
    try:
        response = httpx2.post(
            f"{api_url}/webhooks/{source.provider}/{source.id}", content=call.body, headers=call.headers, timeout=TIMEOUT_S
        )
    except httpx2.TransportError as error:
        raise TemporaryError(f"No API answers at {api_url} ({type(error).__name__}): start it with `draftdesk up`") from None
    click.echo(f"{response.status_code} {response.text}")
    if response.is_error:
        raise SystemExit(1)


async def _find(source_id: UUID | None) -> Source:
    from service.shops.sources import find_source, only_source  # noqa: PLC0415 - the database only where it is needed

    source = await (find_source(source_id) if source_id else only_source())
    if source is None and source_id is None:
        raise InvalidInput("There is not exactly one source: name one with --source")
    if source is None:
        raise NotFound(f"There is no source {source_id}, or it is disabled")
    return source
