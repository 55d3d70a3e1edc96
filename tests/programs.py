"""Our programs as processes of their own: the command line, and APIs beside the one in this process."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.embedded.process import start_child
from service.embedded.programs import API_GRACE_S, ROOT, api_command, environment
from service.embedded.ready import answers_ok, free_port, wait_until_ready
from service.settings import Settings

OURS = ("DATABASE_URL", "REDIS_URL", "OPENAI_", "DRAFTDESK_", "PROMETHEUS_", "XDG_DATA_HOME")


def bare_environment(**given: str) -> dict[str, str]:
    """Return this process's environment without any setting of ours, and with those given."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | given


def draftdesk(*args: str | Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a command with these settings and no others; return its end and what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "service", *map(str, args)],
        env=bare_environment(**given),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@contextmanager
def running_api(settings: Settings, folder: Path) -> Iterator[str]:
    """Run one API process with these settings; yield its base URL. Call it on the main thread."""
    settings = dataclasses.replace(settings, port=free_port())
    name = f"api-{settings.port}"
    metrics = folder / name
    metrics.mkdir()
    child = start_child(
        name,
        [sys.executable, "-m", *api_command(settings)],
        env={**bare_environment(), **environment(settings), "PROMETHEUS_MULTIPROC_DIR": str(metrics)},
        log_path=folder / f"{name}.log",
        cwd=ROOT,
    )
    try:
        wait_until_ready(child, lambda: answers_ok(settings.port, "/health/live"))
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        child.stop(API_GRACE_S)
