"""`python -m tests.observe`: run Draftdesk before a real Prometheus, ask everything that dashboards and alerts ask, draw it.

Ends with 0 when every query had its data and every alert did what it should, else with 1 and a line for each failure.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from service.embedded.files import temporary_directory
from tests.observe.drawing import draw
from tests.observe.observation import observe
from tests.observe.prometheus import MISSING, is_installed
from tests.observe.table import report

PICTURES = Path("build") / "observe"
SCRATCH = "draftdesk-observe-"


def main() -> int:
    """Do it all; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.observe", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pictures", type=Path, default=PICTURES, metavar="DIR", help="where the pictures go (%(default)s)")
    pictures: Path = parser.parse_args().pictures
    if not is_installed():
        sys.stderr.write(f"make observe {MISSING}\n")
        return 1
    with temporary_directory(SCRATCH) as folder:
        observation = observe(folder)
    pictures.mkdir(parents=True, exist_ok=True)
    drawn = [draw(answer, pictures, name) for name, answer in observation.boards.items()]
    sys.stdout.write("\n".join([report(observation), *(f"drawn: {path.absolute()}" for path in drawn)]) + "\n")
    return 1 if observation.failures else 0


if __name__ == "__main__":
    sys.exit(main())
