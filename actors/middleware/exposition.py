"""The worker's metrics over HTTP, in a process that Dramatiq's master starts beside the workers."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType

import structlog
from dramatiq.middleware import Middleware
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import mark_process_dead

from actors.environment import own_metrics_directory
from actors.middleware.orphans import die_with_parent
from service.db.engine import connection_pool

log = structlog.get_logger()


class Exposition(Middleware):
    """Tells the master to run `serve_metrics` once, however many worker processes there are."""

    @property
    def forks(self) -> list[Callable[[], int]]:
        """Return what the master runs in a process of its own."""
        return [serve_metrics]


def forget_dead(directory: Path) -> None:
    """Remove what processes that have ended said of themselves as living: their threads, their heartbeat, their jobs.

    Their counters and histograms stay. Matters where the directory outlives a killed worker, as one of the operator's own does.
    """
    pids = {path.stem.rpartition("_")[2] for path in directory.glob("gauge_live*.db")}
    for pid in pids:
        if pid.isdigit() and not _is_running(int(pid)):
            mark_process_dead(pid, str(directory))  # type: ignore[no-untyped-call]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def has_running_sibling(parent: int) -> bool:
    """Whether a child of this process but ourselves still runs (Linux, proc(5)); elsewhere, and once it has died, there is none."""
    try:
        pids = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    except OSError:
        return False
    return any(pid != str(os.getpid()) and not _has_ended(pid) for pid in pids)


def _has_ended(pid: str) -> bool:
    """Whether a child is gone, or dead and only not yet looked after."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def serve_metrics() -> int:
    """Serve /metrics until the workers have ended, also while they drain; return 1 when the port is taken: they go on without."""
    from actors import settings  # noqa: PLC0415 - the package imports this module
    from service.monitoring import MetricsPage  # noqa: PLC0415 - after the directory is in the environment

    page = MetricsPage(settings.redis_url, settings.prometheus_dir, database=connection_pool)
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="readings", daemon=True).start()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            forget_dead(Path(settings.prometheus_dir))
            body = asyncio.run_coroutine_threadsafe(page.render(), loop).result()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            log.debug("worker.metrics_served", format=format, status=args[1] if len(args) > 1 else None)

    master, is_told = os.getppid(), False

    def end_after_workers(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_told
        is_told = True

    class Server(ThreadingHTTPServer):
        def service_actions(self) -> None:
            # The master passes its SIGTERM on while the workers still finish jobs and count them, and waits for us at its own end.
            # Its second signal may fall together with the first one: when the workers are gone, nobody has to say so.
            if is_told and not has_running_sibling(master):
                sys.exit(0)

    signal.signal(signal.SIGTERM, end_after_workers)
    die_with_parent()
    directory = own_metrics_directory()
    address = (settings.metrics_host, settings.metrics_port)
    try:
        server = Server(address, Handler)
    except OSError as error:
        log.error("worker.metrics_unavailable", host=address[0], port=address[1], error_type=type(error).__name__)  # noqa: TRY400 - the port is taken; a traceback adds nothing
        return 1
    try:
        with server:
            server.serve_forever()
    finally:
        # Only the one that we made: the next master may get the same number, and would count our numbers as its own. At a reload
        # (SIGHUP) the master stays, and its old workers still count.
        if is_told and Path(settings.prometheus_dir) == directory:
            shutil.rmtree(settings.prometheus_dir, ignore_errors=True)
    return 0
