from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from service.embedded.account import Account
from service.embedded.errors import EmbeddedError
from service.embedded.process import Child, start_child
from tests.embedded.running import eventually, is_running, words_before_sudden_death

ENV = {"PATH": "/usr/bin:/bin"}
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")
SLEEPS = ["/bin/sleep", "300"]

POLITE = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(7))
print("up", flush=True)
time.sleep(300)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(300)
"""
PARENT = """
import os, signal, sys, time
from service.embedded.account import lower_account
from service.embedded.process import start_child
child = start_child("sleeper", ["/bin/sleep", "300"], env={}, log_path=None, account=lower_account("nobody"))
print(child.pid, flush=True)
time.sleep(300)
"""


def start_python(program: str, log: Path, stop_signal: signal.Signals = signal.SIGTERM) -> Child:
    child = start_child("python", [sys.executable, "-c", program], env=ENV, log_path=log, stop_signal=stop_signal)
    assert eventually(lambda: "up" in log.read_text())
    return child


def test_stop_when_the_child_obeys_sends_its_own_signal(tmp_path: Path) -> None:
    child = start_python(POLITE, tmp_path / "log", stop_signal=signal.SIGINT)

    child.stop(grace_s=20)

    assert child.returncode == 7


def test_stop_when_the_child_does_not_obey_kills_it(tmp_path: Path) -> None:
    child = start_python(STUBBORN, tmp_path / "log")

    child.stop(grace_s=0.1)

    assert child.returncode == -signal.SIGKILL


def test_stop_when_called_twice_does_nothing_more(tmp_path: Path) -> None:
    child = start_python(POLITE, tmp_path / "log", stop_signal=signal.SIGINT)
    child.stop(grace_s=20)

    child.stop(grace_s=20)

    assert child.poll() == 7


@LINUX
def test_stop_when_the_child_has_children_leaves_none(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = start_child("sh", ["/bin/sh", "-c", "sleep 300 & echo $!; wait"], env=ENV, log_path=log)
    assert eventually(lambda: log.read_text().endswith("\n"))
    grandchild = int(log.read_text())
    assert is_running(grandchild)

    child.stop(grace_s=20)

    assert eventually(lambda: not is_running(grandchild))


@LINUX
def test_poll_when_the_child_died_ends_what_it_left(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = start_child("sh", ["/bin/sh", "-c", "sleep 300 & echo $!; exit 3"], env=ENV, log_path=log)

    assert eventually(lambda: child.poll() is not None)

    assert child.poll() == 3
    assert eventually(lambda: not is_running(int(log.read_text())))


@LINUX
def test_child_when_its_parent_is_killed_ends_too() -> None:
    # As root the child changes its account, which would clear a death signal that was asked for too early.
    (pid,) = words_before_sudden_death(PARENT)

    assert eventually(lambda: not is_running(int(pid)))


@LINUX
def test_start_child_when_not_on_the_main_thread_is_refused() -> None:
    errors: list[EmbeddedError] = []

    def start() -> None:
        try:
            start_child("sleeper", SLEEPS, env=ENV, log_path=None)
        except EmbeddedError as error:
            errors.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert "main thread" in str(errors[0])


def test_start_child_when_started_leads_its_own_session(tmp_path: Path) -> None:
    child = start_child("sleeper", SLEEPS, env=ENV, log_path=tmp_path / "log")

    try:
        assert os.getsid(child.pid) == child.pid
    finally:
        child.stop(grace_s=20)


def test_start_child_when_it_logs_appends_to_a_private_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for word in ("one", "two"):
        child = start_child("echo", ["/bin/sh", "-c", f"echo {word}; cat"], env=ENV, log_path=log)
        assert eventually(lambda child=child: child.poll() is not None)  # type: ignore[misc]

    assert log.read_text() == "one\ntwo\n"
    assert log.stat().st_mode & 0o777 == 0o600


def test_start_child_when_the_program_is_missing_says_so() -> None:
    with pytest.raises(EmbeddedError, match=r"ghost could not be started: .*\(/nowhere/ghost\)"):
        start_child("ghost", ["/nowhere/ghost"], env=ENV, log_path=None)


@LINUX
def test_start_child_when_given_an_account_runs_as_it(account: Account | None, data_dir: Path) -> None:
    child = start_child("sleeper", SLEEPS, env=ENV, log_path=data_dir / "log", account=account, cwd=Path("/"))

    try:
        uids = [line for line in Path(f"/proc/{child.pid}/status").read_text().splitlines() if line.startswith("Uid:")]
        expected = os.geteuid() if account is None else account.uid

        assert [set(line.split()[1:]) for line in uids] == [{str(expected)}]
    finally:
        child.stop(grace_s=20)
