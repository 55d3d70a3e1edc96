"""What must be in place before anything else is imported in a worker process."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import uvloop

from service.settings import Settings


def prepare_environment() -> Settings:
    """Read the settings, choose uvloop, and name the directory in which the worker's processes share their metrics.

    Exits with a sentence when no database, broker or model is named, or a setting is malformed.
    """
    settings = Settings.for_server_process()
    if not settings.openai_api_key:
        sys.exit("draftdesk: OPENAI_API_KEY must be set (any text for a server that asks for none); `draftdesk up` has a stand-in")
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    if not settings.prometheus_dir:
        settings = replace(settings, prometheus_dir=str(own_metrics_directory()))
    Path(settings.prometheus_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = settings.prometheus_dir
    return settings


def own_metrics_directory() -> Path:
    """Return the directory of this run of Dramatiq's master: no dead process's numbers are in it."""
    return Path(tempfile.gettempdir()) / f"draftdesk-metrics-{os.getuid()}-{os.getppid()}"
