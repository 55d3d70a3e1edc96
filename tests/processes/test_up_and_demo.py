"""`draftdesk up` and `demo` from outside: what they print, how they end, and that nothing of them is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import msgspec
import pytest

from service.commands.demo import DemoReport
from service.embedded.programs import ROOT
from service.embedded.ready import answers_ok, free_port
from tests.embedded.running import eventually, is_running
from tests.programs import bare_environment, draftdesk

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")
MAILS = sorted(path.name for path in (ROOT / "tests" / "mails").glob("*.eml"))
MAIL = ROOT / "tests" / "mails" / "01-where-is-my-parcel.eml"

PROGRAMS = ("postgres", "valkey-server", "service.embedded.standin", "uvicorn", "dramatiq")
"""What must be among the command lines below a running `up`."""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty folder that the servers' account can pass through; pytest's own lie under a closed one."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


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
def up(data_dir: Path, metrics_port: int, **given: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run `draftdesk up` until its worker works; yield the process and the four lines that it has printed."""
    with subprocess.Popen(
        [sys.executable, "-m", "service", "up"],
        env=bare_environment(
            DRAFTDESK_DATA_DIR=str(data_dir), DRAFTDESK_PORT="0", DRAFTDESK_METRICS_PORT=str(metrics_port), **given
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
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


@LINUX
def test_up_when_interrupted_then_it_ends_well_and_nothing_is_left(data_dir: Path) -> None:
    with up(data_dir, free_port()) as (process, lines):
        api = lines[0].split()[1]
        assert [line.split()[0] for line in lines] == ["API", "Docs", "Data", "Stand-in"]
        assert lines[1].split()[1] == f"{api}/schema"
        assert str(data_dir) in lines[2]
        assert "OPENAI_API_KEY" in lines[3]
        assert httpx2.get(f"{api}/health/ready", trust_env=False).json()["status"] == "ok"
        pids = descendants(process.pid)
        assert [name for name in PROGRAMS if name not in command_lines(pids)] == []

        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert rest == ""
    assert still_running(pids) == []
    assert not (data_dir / "run.json").exists()


@LINUX
def test_up_while_it_runs_then_other_commands_find_it_until_it_is_terminated(data_dir: Path) -> None:
    where = {"DRAFTDESK_DATA_DIR": str(data_dir)}
    with up(data_dir, free_port()) as (process, lines):
        api = lines[0].split()[1]
        assert draftdesk("shop", "create", "northwind", **where).returncode == 0
        assert draftdesk("source", "create", "--shop", "northwind", **where).returncode == 0
        key = draftdesk("key", "create", "--shop", "northwind", **where).stdout.strip()
        sent = draftdesk("send", MAIL, **where)
        second = draftdesk("up", **where)

        def is_ready() -> bool:
            headers = {"authorization": f"Bearer {key}"}
            found = httpx2.get(f"{api}/v1/suggestions?status=ready", headers=headers, trust_env=False).json()
            return len(found["items"]) == 1

        assert sent.stdout.startswith('200 {"outcome":"stored"')
        assert eventually(is_ready)
        assert (second.returncode, second.stdout) == (1, "")
        assert "already running" in second.stderr
        pids = descendants(process.pid)
        process.terminate()
        assert process.wait(60) == 0
    assert still_running(pids) == []


@LINUX
def test_up_when_killed_then_nothing_is_left_after_a_while(data_dir: Path) -> None:
    with up(data_dir, free_port()) as (process, _):
        pids = descendants(process.pid)
        process.kill()

    assert len(pids) >= len(PROGRAMS)
    assert eventually(lambda: not still_running(pids), 30), still_running(pids)


@LINUX
def test_up_when_its_worker_dies_then_it_says_so_and_ends(data_dir: Path) -> None:
    with up(data_dir, free_port()) as (process, _):
        pids = descendants(process.pid)
        (worker,) = [pid for pid in pids if "dramatiq" in command_lines({pid}) and parent_of(pid) == process.pid]

        os.kill(worker, signal.SIGKILL)

        assert process.wait(60) == 1
    assert still_running(pids) == []


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


@LINUX
def test_demo_when_asked_for_json_then_every_mail_has_its_end_and_nothing_is_left(tmp_path: Path) -> None:
    places = tempfile.mkdtemp(prefix="draftdesk-places-")
    Path(places).chmod(0o711)
    with subprocess.Popen(
        [sys.executable, "-m", "service", "demo", "--json"],
        env=bare_environment(TMPDIR=places, DRAFTDESK_DATA_DIR=str(tmp_path / "untouched")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        seen: set[int] = set()
        while process.poll() is None and not any("dramatiq" in command_lines({pid}) for pid in seen):
            seen |= descendants(process.pid)
        printed, told = process.communicate(timeout=100)
        seen |= descendants(process.pid)

    assert (process.returncode, told) == (0, "")
    report = msgspec.json.decode(printed, type=DemoReport)
    assert report.ok
    assert report.model == "stand-in"
    assert [mail.file for mail in report.mails] == MAILS
    for mail in report.mails:
        assert mail.status in {"ready", "skipped"}
        assert mail.webhook_ms > 0
        assert (mail.body is None) == (mail.status == "skipped")
        assert (mail.reason_code == "machine_mail") == (mail.status == "skipped")
    assert [mail.file for mail in report.mails if mail.status == "skipped"] == ["07-out-of-office.eml"]
    assert seen
    assert still_running(seen) == []
    assert list(Path(places).iterdir()) == []
    assert not (tmp_path / "untouched").exists()
    Path(places).rmdir()
