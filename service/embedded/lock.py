"""One process at a time for one folder. A lock lives as long as anybody who inherited its descriptor."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from service.embedded.errors import EmbeddedError

_POLL_S = 0.05


class FolderLock:
    """An exclusive lock on a file that also holds the process id of whoever it is about.

    A child that inherits the descriptor keeps the lock until it has ended, even if we were killed first: so the next
    start on the same folder can wait for an earlier server that still shuts down.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The open file, for a child to inherit; only while the lock is held."""
        if self._descriptor is None:
            raise EmbeddedError(f"{self._path} is not locked by us.")
        return self._descriptor

    def take(self, *, wait_s: float) -> bool:
        """Take the lock, waiting for up to `wait_s` seconds; return whether it is ours.

        Raises:
            EmbeddedError: the lock file cannot be opened.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise EmbeddedError(
                f"{self._path} cannot be opened ({error.strerror}): run as the account that owns the folder, "
                "or set DRAFTDESK_DATA_DIR to another one."
            ) from error
        deadline = time.monotonic() + wait_s
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return False
            time.sleep(_POLL_S)
        self._descriptor = descriptor
        return True

    def write_pid(self, pid: int) -> None:
        """Write down whom the lock is about; only for people to read."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{pid}\n".encode(), 0)

    def read_pid(self) -> str:
        """Return the process id that was last written down, or `unknown`."""
        try:
            return self._path.read_text().strip() or "unknown"
        except OSError:
            return "unknown"

    def release(self) -> None:
        """Give the lock back. Does nothing when it is not held."""
        if self._descriptor is not None:
            # Closed and never unlocked: an unlock would also take it from a child that still runs.
            os.close(self._descriptor)
            self._descriptor = None


def is_locked(path: Path) -> bool:
    """Return whether some process holds the lock on this file.

    Raises:
        EmbeddedError: the file is there, but not for us.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be read ({error.strerror}): run as the account that runs Draftdesk.") from error
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
