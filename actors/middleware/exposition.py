"""The worker's metrics over HTTP, in a process that Dramatiq's master starts beside the workers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import structlog
from dramatiq.middleware import Middleware
from prometheus_client import CONTENT_TYPE_LATEST

from actors.environment import own_metrics_directory
from actors.middleware.orphans import die_with_parent

log = structlog.get_logger()


class Exposition(Middleware):
    """Tells the master to run `serve_metrics` once, however many worker processes there are."""

    @property
    def forks(self) -> list[Callable[[], int]]:
        """Return what the master runs in a process of its own."""
        return [serve_metrics]


def serve_metrics() -> int:
    """Serve /metrics of all worker processes until terminated; return 1 when the port is taken: the workers go on without."""
    from actors import settings  # noqa: PLC0415 - the package imports this module
    from service.observability.metrics import exposition  # noqa: PLC0415 - after the directory is in the environment

    class MetricsPage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = exposition(settings.prometheus_dir)
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            log.debug("worker.metrics_served", format=format, status=args[1] if len(args) > 1 else None)

    die_with_parent()
    address = (settings.metrics_host, settings.metrics_port)
    try:
        server = ThreadingHTTPServer(address, MetricsPage)
    except OSError as error:
        log.error("worker.metrics_unavailable", host=address[0], port=address[1], error_type=type(error).__name__)  # noqa: TRY400 - the port is taken; a traceback adds nothing
        return 1
    try:
        with server:
            server.serve_forever()
    finally:
        # Only the one that we made: the next master may get the same number, and would count our numbers as its own.
        if Path(settings.prometheus_dir) == own_metrics_directory():
            shutil.rmtree(settings.prometheus_dir, ignore_errors=True)
    return 0
