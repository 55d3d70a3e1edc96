"""What processes cost: the CPU time of one and of all that it started, from /proc."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int, *, with_itself: bool = True) -> float:
    """Return the CPU seconds of a process and of those of its descendants that still live."""
    own = _ticks(pid) / _TICKS_PER_S if with_itself else 0.0
    return own + sum(cpu_s(each) for each in _children(pid))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    # Any of its threads may have started them, and all of them may be gone by now.
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text("ascii").split())
    return found


def _ticks(pid: int) -> int:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return 0
