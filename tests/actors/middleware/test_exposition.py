"""What ended processes said of themselves as living is not counted any more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from prometheus_client import generate_latest

from service.embedded.programs import ROOT
from service.observability.metrics import counted

WORKER = """
import sys
from service.observability import metrics

metrics.WORKER_THREADS.set(5)
metrics.WORKER_HEARTBEAT.labels("event_loop").set(1000)
metrics.RELAY_SENT.labels("placeholder").inc()
print("counted", flush=True)
sys.stdin.read()
"""

PARENT = """
import subprocess, sys

child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
sys.stdin.read()
"""


def values(directory: Path) -> dict[str, float]:
    """Return the sum of each metric's series."""
    page = generate_latest(counted(str(directory))).decode()
    lines = [line.rpartition(" ") for line in page.splitlines() if not line.startswith("#")]
    found: dict[str, float] = {}
    for name, _, value in lines:
        bare = name.partition("{")[0]
        found[bare] = found.get(bare, 0.0) + float(value)
    return found


def test_forget_dead_when_a_process_was_killed_then_only_its_counters_stay(actors_package: ModuleType, tmp_path: Path) -> None:
    from actors.middleware.exposition import forget_dead  # noqa: PLC0415 - the package must be loaded by its fixture

    assert actors_package
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        forget_dead(tmp_path)
        assert values(tmp_path)["draftdesk_worker_threads"] == 5
        process.kill()

    forget_dead(tmp_path)

    left = values(tmp_path)
    assert left["draftdesk_relay_sent_total"] == 1
    assert "draftdesk_worker_heartbeat_timestamp_seconds" not in left
    assert left.get("draftdesk_worker_threads", 0) == 0


def test_sibling_when_it_has_died_then_it_runs_no_more_even_before_its_parent_knows(actors_package: ModuleType) -> None:
    assert actors_package
    from actors.middleware.exposition import has_running_sibling  # noqa: PLC0415 - the package must be loaded by its fixture

    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        while_it_ran = has_running_sibling(parent.pid)
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: not has_running_sibling(parent.pid))
        is_left_behind = Path(f"/proc/{child}").exists()
        parent.stdin.close()

    assert (while_it_ran, is_left_behind) == (True, True)


def test_sibling_when_the_parent_is_gone_then_there_is_none(actors_package: ModuleType) -> None:
    assert actors_package
    from actors.middleware.exposition import has_running_sibling  # noqa: PLC0415 - the package must be loaded by its fixture

    child = subprocess.Popen(["true"])
    child.wait()

    assert not has_running_sibling(child.pid)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
