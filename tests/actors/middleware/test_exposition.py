"""What ended processes said of themselves as living is not counted any more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from service.embedded.programs import ROOT
from service.observability.metrics import exposition

WORKER = """
import sys
from service.observability import metrics

metrics.WORKER_THREADS.set(5)
metrics.WORKER_HEARTBEAT.labels("event_loop").set(1000)
metrics.RELAY_SENT.labels("placeholder").inc()
print("counted", flush=True)
sys.stdin.read()
"""


def values(directory: Path) -> dict[str, float]:
    page = exposition(str(directory)).decode()
    lines = [line.rpartition(" ") for line in page.splitlines() if not line.startswith("#")]
    return {name.partition("{")[0]: float(value) for name, _, value in lines}


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
