"""`python -m tests.faults`: do every fault to a real Draftdesk, then print what was expected and what was seen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.faults import report

ALL = "fault or not fault"


def main() -> int:
    """Run the full suite, then what else takes long; further arguments are pytest's. Returns pytest's exit status."""
    folder = Path(__file__).parent
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "rows"
        path.touch()
        env = {**os.environ, report.VARIABLE: str(path)}
        suites = ((folder, ALL), (folder.parent / "processes", "fault"))
        statuses = [_pytest(tests, marks, env) for tests, marks in suites]
        sys.stdout.write(report.table(report.read(path)) + "\n")
    return max(statuses)


def _pytest(tests: Path, marks: str, env: Mapping[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", str(tests), "-m", marks, *sys.argv[1:]]
    return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
