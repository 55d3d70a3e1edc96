"""What must be in place before anything else is imported in a worker process."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import uvloop

from service.settings import Settings


def prepare_environment() -> Settings:
    """Read the settings, choose uvloop, and name the directory in which the worker's processes share their metrics.

    Exits with a sentence when no database or broker is named, or a setting is malformed.
    """
    settings = Settings.for_server_process()
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    if not settings.prometheus_dir:
        # One directory a run of the master: it is new, so no dead process's numbers are in it.
        directory = Path(tempfile.gettempdir()) / f"draftdesk-metrics-{os.getuid()}-{os.getppid()}"
        settings = replace(settings, prometheus_dir=str(directory))
    Path(settings.prometheus_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = settings.prometheus_dir
    return settings
