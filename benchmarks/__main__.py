"""`python -m benchmarks`: every benchmark, one after the other, about eleven minutes."""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    """Run each as a program of its own, with servers of its own; return 0 when all have printed their tables."""
    for number, name in enumerate(("webhook", "pickup", "inbound", "drafting", "worker", "relay")):
        if number:
            print(flush=True)
        status = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
