"""Child processes that end when we end, however we end. Knows nothing of what the children are."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from service.embedded.account import Account
from service.embedded.errors import EmbeddedError

_PR_SET_PDEATHSIG = 1
"""Ask the kernel for a signal on the parent's death. Source: prctl(2)."""

_NOT_STARTED = 127
"""The exit status of a child whose parent died before the child could be bound to it."""


def _load_prctl() -> Callable[..., int] | None:
    """Return prctl of the C library, or None where the system has none (macOS)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong)
    prctl.restype = ctypes.c_int
    return prctl


# Looked up here and not after the fork: there another thread may have left the loader's or the importer's lock closed.
_prctl = _load_prctl()


class Child:
    """A process that we started and that we stop.

    Attributes:
        name: what people call it, as in `postgres`.
        pid: its process id, which is also the id of its process group.
        log_path: where its output goes; None when it shares ours.
    """

    def __init__(self, name: str, popen: subprocess.Popen[bytes], *, stop_signal: signal.Signals, log_path: Path | None) -> None:
        self.name = name
        self.pid = popen.pid
        self.log_path = log_path
        self._popen = popen
        self._stop_signal = stop_signal
        self._swept = False

    @property
    def returncode(self) -> int | None:
        """The exit status as far as it is known; negative: the signal that ended it."""
        return self._popen.returncode

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs. What a dead child's group left behind is killed."""
        status = self._popen.poll()
        if status is not None:
            self._sweep()
        return status

    def stop(self, grace_s: float) -> None:
        """Send the stop signal, wait, then kill the whole group. Does nothing the second time.

        An interrupt (a second Ctrl-C) cuts the wait short; the group is killed all the same.
        """
        if self.poll() is not None:
            return
        self._popen.send_signal(self._stop_signal)
        try:
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(grace_s)
        finally:
            self._sweep()
            self._popen.wait()

    def _sweep(self) -> None:
        """Kill the group once: later its number may belong to somebody else."""
        if self._swept:
            return
        self._swept = True
        # The group is often empty by now; macOS says "not permitted" of one that holds only a dead process.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def start_child(
    name: str,
    args: Sequence[str],
    *,
    env: Mapping[str, str],
    log_path: Path | None,
    account: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
    keep_fds: Sequence[int] = (),
) -> Child:
    """Start a program that gets `stop_signal` when this process dies, on Linux even by SIGKILL.

    The child leads a session of its own: a Ctrl-C at the terminal reaches only us, and we stop our children in order.
    Its stdin is empty; its output is appended to `log_path` (made with mode 0600), or shares ours.
    `env` is its whole environment; `keep_fds` stay open in it.

    Raises:
        EmbeddedError: the program cannot be executed, or this is not the main thread: the kernel counts the end
            of the starting *thread* as the parent's death.
    """
    if _prctl is not None and threading.current_thread() is not threading.main_thread():
        raise EmbeddedError(f"{name} must be started from the main thread: it would die with any other one.")
    output = None if log_path is None else _open_log(log_path)
    try:
        popen = subprocess.Popen(
            list(args),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            pass_fds=tuple(keep_fds),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            # Only between fork and exec can a child bind itself; it does nothing there that could wait for a lock.
            preexec_fn=_binding_to_us(stop_signal),  # noqa: PLW1509
        )
    except OSError as error:
        raise EmbeddedError(f"{name} could not be started: {error.strerror} ({args[0]}).") from error
    finally:
        if output is not None:
            os.close(output)
    return Child(name, popen, stop_signal=stop_signal, log_path=log_path)


def _binding_to_us(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs between fork and exec: it only calls what was looked up before the fork.

    CPython calls it after it has changed user and group, which is needed: that change clears a death signal.
    """
    prctl, getppid, leave = _prctl, os.getppid, os._exit
    if prctl is None:
        return None
    parent, number = os.getpid(), int(death_signal)

    def bind() -> None:
        # The parent may have died before prctl took effect; then no signal will ever come.
        if prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) != 0 or getppid() != parent:
            leave(_NOT_STARTED)

    return bind


def _open_log(path: Path) -> int:
    """Open a log to append to; the caller closes the descriptor."""
    try:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise EmbeddedError(f"The log {path} cannot be written: {error.strerror}.") from error
