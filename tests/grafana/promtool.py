"""Prometheus' own checker, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TIMEOUT_S = 60.0

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None,
    reason="needs promtool, which comes with the Debian package prometheus: apt-get install prometheus",
)


def promtool(*args: str | Path) -> str:
    """Run it; return what it complains of, empty where it does not."""
    ended = subprocess.run(["promtool", *map(str, args)], capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    return "" if ended.returncode == 0 else (ended.stdout + ended.stderr).strip() or f"status {ended.returncode}"
