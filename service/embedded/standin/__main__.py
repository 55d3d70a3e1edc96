"""`python -m service.embedded.standin`: run the stand-in on loopback until SIGTERM."""

from __future__ import annotations

from ipaddress import ip_address

import click
import uvicorn

from service.embedded.standin.app import create_app


def loopback(_context: click.Context, _parameter: click.Parameter, host: str) -> str:
    """Return the host, which must be this machine's own: the stand-in asks nobody who they are.

    Raises:
        click.BadParameter: any other address, and any name but `localhost`.
    """
    try:
        is_loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise click.BadParameter("the stand-in listens on loopback only: 127.0.0.1, ::1 or localhost")
    return host


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, callback=loopback, help="A loopback address.")
@click.option("--port", required=True, type=click.IntRange(1, 65535))
def main(host: str, port: int) -> None:
    """Run the stand-in model: an OpenAI-compatible server that writes plain replies by rule."""
    config = uvicorn.Config(
        create_app(),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        ws="none",
        # Longer than any client keeps an idle connection: whoever closes second never writes into a closed one.
        timeout_keep_alive=600,
        # A request that hangs by script must not hold up the end.
        timeout_graceful_shutdown=1,
        limit_concurrency=4_096,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
