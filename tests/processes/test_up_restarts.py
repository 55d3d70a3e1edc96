"""`draftdesk up` when its children are killed: they come back on the same ports, and mail is drafted as before."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from service.embedded.ready import answers_ok, free_port
from tests.embedded.running import eventually, is_running
from tests.processes.running_up import LINUX, PROGRAMS, child_of, descendants, still_running, up
from tests.programs import draftdesk

MAIL = Path(__file__).parents[1] / "mails" / "01-where-is-my-parcel.eml"

# The names that people read, beside the programs.
NAMES = dict(zip(PROGRAMS, ("postgres", "valkey", "stand-in", "api", "worker"), strict=True))

pytestmark = LINUX


@dataclass(frozen=True)
class RunningUp:
    """A `draftdesk up` with a shop."""

    pid: int
    api: str
    key: str
    metrics_port: int
    where: dict[str, str]
    told: Path

    def sentences(self) -> list[str]:
        """What it said of its children on stderr."""
        return [line for line in self.told.read_text().splitlines() if line.startswith("draftdesk: ")]

    def ready_count(self) -> int:
        """How many suggestions are ready."""
        answer = httpx2.get(
            f"{self.api}/v1/suggestions?status=ready&limit=100", headers={"authorization": f"Bearer {self.key}"}, trust_env=False
        )
        return len(answer.json()["items"])

    def works(self) -> bool:
        """Whether the API has its database and its queue, and the worker its threads."""
        if not answers_ok(int(self.api.rpartition(":")[2]), "/health/ready"):
            return False
        is_well = httpx2.get(f"{self.api}/health/ready", trust_env=False).json()["status"] == "ok"
        worker = draftdesk("healthcheck", "worker", DRAFTDESK_METRICS_PORT=str(self.metrics_port))
        return is_well and worker.returncode == 0


@pytest.fixture(scope="module")
def running_up() -> Iterator[RunningUp]:
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-"))
    folder.chmod(0o711)
    told, where, metrics_port = folder / "told", {"DRAFTDESK_DATA_DIR": str(folder / "data")}, free_port()
    with (
        told.open("w") as stderr,
        up(folder / "data", metrics_port, stderr=stderr, DRAFTDESK_COALESCE_PAUSE_S="0") as (process, lines),
    ):
        for words in (("shop", "create", "desk"), ("source", "create", "--shop", "desk", "--provider", "mime")):
            assert draftdesk(*words, **where).returncode == 0
        key = draftdesk("key", "create", "--shop", "desk", **where).stdout.strip()
        yield RunningUp(process.pid, lines[0].split()[1], key, metrics_port, where, told)
        process.terminate()
        process.wait(60)
    shutil.rmtree(folder)


@pytest.mark.parametrize("program", PROGRAMS)
def test_up_when_a_child_is_killed_then_it_comes_back_and_mail_is_drafted(
    running_up: RunningUp, program: str, tmp_path: Path
) -> None:
    assert eventually(running_up.works)
    ready_before = running_up.ready_count()
    killed = child_of(running_up.pid, program)

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: child_of(running_up.pid, program) not in {0, killed})
    assert eventually(running_up.works, 40)
    mail = tmp_path / "mail.eml"
    mail.write_bytes(MAIL.read_bytes().replace(b"Message-ID: <", b"Message-ID: <" + program.encode() + b"."))
    assert draftdesk("send", mail, **running_up.where).returncode == 0
    assert eventually(lambda: running_up.ready_count() == ready_before + 1, 40)
    assert running_up.sentences()[-2:] == [
        f"draftdesk: {NAMES[program]} ended by itself (SIGKILL); it is started again in 1 s.",
        f"draftdesk: {NAMES[program]} was started again.",
    ]


def test_up_when_the_workers_own_child_is_killed_then_the_worker_comes_back(running_up: RunningUp) -> None:
    assert eventually(running_up.works)
    master = child_of(running_up.pid, "dramatiq")
    below = descendants(master)
    (process,) = [pid for pid in below if threads_of(pid) > 5]

    os.kill(process, signal.SIGKILL)

    assert eventually(lambda: child_of(running_up.pid, "dramatiq") not in {0, master})
    assert eventually(running_up.works, 40)
    assert still_running(below) == []


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


@pytest.mark.fault
def test_up_when_a_child_dies_again_and_again_then_it_says_so_and_ends(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-"))
    folder.chmod(0o711)
    told = tmp_path / "told"
    with told.open("w") as stderr, up(folder, free_port(), stderr=stderr) as (process, _):
        pids = descendants(process.pid)
        assert eventually(lambda: kill_whenever_it_runs(process, "service.embedded.standin"), 60)

    assert process.returncode == 1
    assert told.read_text().count("stand-in was started again.") == 4
    assert "draftdesk: stand-in ended by itself (SIGKILL), 5 times within 60 s" in told.read_text()
    assert still_running(pids) == []
    shutil.rmtree(folder)


def kill_whenever_it_runs(process: subprocess.Popen[str], program: str) -> bool:
    """Return whether the `up` has ended; until then kill this child of it."""
    if process.poll() is not None:
        return True
    pid = child_of(process.pid, program)
    if pid and is_running(pid):
        os.kill(pid, signal.SIGKILL)
    return False
