"""Fail when the tables have changed and no migration says so. Needs no database: `python -m tests.drift`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIECES = ("service", "migrations", "piccolo_conf.py")


def drift() -> list[str]:
    """Return the migrations that Piccolo would write, made in a copy: the checkout stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PIECES:
            source = ROOT / name
            target = Path(folder) / name
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__")) if source.is_dir() else shutil.copy(
                source, target
            )
        before = set((Path(folder) / "migrations").glob("*.py"))
        subprocess.run(
            [sys.executable, "-m", "piccolo.main", "migrations", "new", "draftdesk", "--auto"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        return sorted(path.name for path in set((Path(folder) / "migrations").glob("*.py")) - before)


if __name__ == "__main__":
    missing = drift()
    if missing:
        sys.exit("The tables have changed: run `piccolo migrations new draftdesk --auto` and describe the migration.")
    print("No migration is missing.")  # noqa: T201 - a program's answer
