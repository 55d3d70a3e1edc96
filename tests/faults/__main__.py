"""`python -m tests.faults`: do every fault to a real Draftdesk, then print what was expected and what was seen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults import report


def main() -> int:
    """Run the full suite; further arguments are pytest's. Returns pytest's exit status."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        path.touch()
        command = [sys.executable, "-m", "pytest", str(Path(__file__).parent), "-m", "fault or not fault", *sys.argv[1:]]
        ended = subprocess.run(command, env={**os.environ, report.VARIABLE: str(path)}, check=False)
        sys.stdout.write(report.table(report.read(path)) + "\n")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
