"""`draftdesk up` and `demo` from outside: what they print, how they end, and that nothing of them is left."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import msgspec
import pytest

from service.commands.demo import DemoReport
from service.embedded.programs import ROOT
from service.embedded.ready import free_port
from tests.embedded.running import eventually
from tests.processes.running_up import LINUX, PROGRAMS, command_lines, descendants, still_running, up
from tests.programs import bare_environment, draftdesk

MAILS = sorted(path.name for path in (ROOT / "tests" / "mails").glob("*.eml"))
MAIL = ROOT / "tests" / "mails" / "01-where-is-my-parcel.eml"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty folder that the servers' account can pass through; pytest's own lie under a closed one."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


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
