"""One of our programs as a process of its own, and the signals that befall it. Every signal goes to a process that we started."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.embedded.process import Child
from service.settings import Settings

POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Program:
    """An API process, or a worker: Dramatiq's master with its children. A group of its own, whose id is the pid."""

    child: Child
    settings: Settings

    @property
    def name(self) -> str:
        """What it is called, as in `worker-2`."""
        return self.child.name

    @property
    def pid(self) -> int:
        """The process that we started; of a worker it is the master."""
        return self.child.pid

    @property
    def url(self) -> str:
        """Where an API answers."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def metrics_url(self) -> str:
        """Where a worker's metrics are."""
        return f"http://127.0.0.1:{self.settings.metrics_port}/metrics"

    @property
    def working_pid(self) -> int:
        """The process of a worker that runs the jobs: the first that the master has started."""
        return self.children()[0]

    def children(self) -> Sequence[int]:
        """Return the direct children in the order of their start."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def log(self) -> str:
        """Return what it has written."""
        assert self.child.log_path is not None
        return self.child.log_path.read_text(errors="replace")

    def kill(self) -> None:
        """Kill -9 the whole group, as when a container is killed, and wait for its end."""
        if self.child.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
            self.child.stop(grace_s=10.0)

    def kill_working(self) -> int:
        """Kill -9 the process that runs the jobs, and nothing else; return its pid."""
        pid = self.working_pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_master(self) -> None:
        """Kill -9 the process that we started, and nothing else. Its children are not swept until `ended` or `stop`."""
        os.kill(self.pid, signal.SIGKILL)

    def pause(self) -> None:
        """SIGSTOP the whole group: it holds its connections and does nothing."""
        os.killpg(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT the whole group."""
        os.killpg(self.pid, signal.SIGCONT)

    def terminate(self) -> None:
        """SIGTERM to the process that we started, as a container's stop does; see `ended`."""
        os.kill(self.pid, signal.SIGTERM)

    async def ended(self, within_s: float = 90.0) -> int:
        """Wait until it has ended by itself; return the exit status, which is negative for a signal. Sweeps its group."""
        deadline = time.monotonic() + within_s
        while (status := self.child.poll()) is None:
            assert time.monotonic() < deadline, f"{self.name} still runs after {within_s:.0f} s"
            await asyncio.sleep(POLL_S)
        return status

    def remove(self) -> None:
        """End it at once, in whatever state it is."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGCONT)
        self.kill()


def memory_bytes(pid: int) -> int:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
