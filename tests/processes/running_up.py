"""A `draftdesk up` in a process of its own, and the processes below it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from service.embedded.programs import ROOT
from service.embedded.ready import answers_ok
from tests.embedded.running import eventually, is_running
from tests.programs import bare_environment

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")

PROGRAMS = ("postgres", "valkey-server", "service.embedded.standin", "uvicorn", "dramatiq")
"""What must be among the command lines below a running `up`."""


def parent_of(pid: int) -> int:
    """Return a process's parent, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def child_of(pid: int, program: str) -> int:
    """Return the one child, not grandchild, that runs this program; 0 when there is none at the moment."""
    found = [each for each in descendants(pid) if parent_of(each) == pid and program in command_lines({each})]
    return found[0] if len(found) == 1 else 0


def descendants(pid: int) -> set[int]:
    """Return every process below this one."""
    below: dict[int, set[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        below.setdefault(parent, set()).add(int(status.parent.name))
    found: set[int] = set()
    to_visit = {pid}
    while to_visit:
        children = below.get(to_visit.pop(), set())
        found |= children
        to_visit |= children
    return found


def command_lines(pids: set[int]) -> str:
    """Return what these processes were started with, as far as they still run."""
    found = []
    for pid in pids:
        try:
            found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return "\n".join(found)


def still_running(pids: set[int]) -> list[str]:
    return [line for pid in pids if is_running(pid) for line in [command_lines({pid})]]


@contextmanager
def up(
    data_dir: Path, metrics_port: int, *, stderr: int | IO[str] = subprocess.DEVNULL, **given: str
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run `draftdesk up` until its worker works; yield the process and the four lines that it has printed."""
    with subprocess.Popen(
        [sys.executable, "-m", "service", "up"],
        env=bare_environment(
            DRAFTDESK_DATA_DIR=str(data_dir), DRAFTDESK_PORT="0", DRAFTDESK_METRICS_PORT=str(metrics_port), **given
        ),
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        cwd=ROOT,
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(4)]
            assert eventually(lambda: answers_ok(metrics_port, "/metrics"))
            yield process, lines
        except BaseException:
            # The children of a killed one end by themselves, a moment later than the folder's removal needs.
            process.terminate()
            process.wait(60)
            raise
        finally:
            process.kill()
