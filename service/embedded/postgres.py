"""A real Postgres on the loopback interface: starting it, waiting for it, stopping it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import asyncpg

from service.embedded.account import Account, check_reachable, owned_directory
from service.embedded.cluster import ENVIRONMENT, SUPERUSER, Binaries, create_cluster, find_binaries, prepare_cluster
from service.embedded.errors import EmbeddedError
from service.embedded.files import kept_password
from service.embedded.lock import FolderLock
from service.embedded.process import Child, start_child
from service.embedded.ready import start_on_free_port

STOP_GRACE_S = 10.0
"""A fast shutdown takes hundredths of a second; with many dirty pages it waits for the disk."""

_EARLIER_ONE_S = 15.0
"""How long an earlier server, whose parent was killed, may take to end before we give up."""

_REMNANTS_S = 1.0
"""How long a start after a death waits for the dead server's own children: they notice it within hundredths of a second."""

_DATABASE = "draftdesk"

_SETTINGS = (
    "max_connections=100",
    "shared_buffers=128MB",
    # A mail of 25 MB does not wait for room, nor for new log files: up to 1 GB of old ones, which may stand there anyway
    # (max_wal_size), is written over instead of removed.
    "wal_buffers=16MB",
    "min_wal_size=1GB",
    "fsync=on",
    "log_destination=stderr",
    "logging_collector=off",
    "log_statement=none",
    "log_timezone=UTC",
    "timezone=UTC",
)


class Postgres:
    """One cluster in `data_dir/postgres`, kept from start to start; password and log lie beside it in `data_dir`."""

    def __init__(self, data_dir: Path, account: Account | None) -> None:
        self._account = account
        self._data_dir = data_dir
        self._home = data_dir / "postgres"
        self._cluster = self._home / "pgdata"
        self._password_path = data_dir / "postgres.password"
        self._lock = FolderLock(data_dir / "postgres.lock")
        self._launch_again: Callable[[], Child] | None = None
        self.child: Child | None = None

    def start(self) -> str:
        """Start the server, on the first call after creating the cluster; return `postgresql://...` of its database.

        Takes about 0.6 s the first time and 0.1 s later; waits for up to 30 s.

        Raises:
            EmbeddedError: no binaries, a closed folder, another major version's files, or the server's own last words.
        """
        owned_directory(self._home, self._account)
        if self._account is not None:
            check_reachable(self._home, self._account)
        owned_directory(self._data_dir / "logs", None)
        if not self._lock.take(wait_s=_EARLIER_ONE_S):
            raise EmbeddedError(
                f"An earlier Postgres still runs on {self._cluster}: end it with `kill -INT {self._lock.read_pid()}`."
            )
        try:
            password = kept_password(self._password_path)
            binaries = find_binaries(self._data_dir, self._account)
            if not self._cluster.exists():
                create_cluster(self._cluster, binaries, password, account=self._account, lock=self._lock)
            self.child, port = start_on_free_port(
                lambda port: self._launch(binaries, port), lambda port: self._answers(port, password)
            )
            self._launch_again = partial(self._launch, binaries, port)
        except BaseException:
            self.stop()
            raise
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/{_DATABASE}"

    def start_again(self) -> Child:
        """Start a server that has died, on the same port, and return it; it answers when it has read its log again.

        Raises:
            EmbeddedError: processes of the dead one still work on the files, or it was never started.
        """
        if self._launch_again is None:
            raise EmbeddedError("Postgres was never started.")
        # Each of its processes holds the lock too: taken anew it shows that the last of them has ended.
        self._lock.release()
        if not self._lock.take(wait_s=_REMNANTS_S):
            raise EmbeddedError(f"processes of the dead one still work on {self._cluster}.")
        self.child = self._launch_again()
        return self.child

    def stop(self, grace_s: float = STOP_GRACE_S) -> None:
        """End the server by a fast shutdown, which loses nothing. Does nothing when it is not running."""
        if self.child is not None:
            self.child.stop(grace_s)
        self._lock.release()

    def _launch(self, binaries: Binaries, port: int) -> Child:
        prepare_cluster(self._cluster, binaries)
        child = start_child(
            "postgres",
            [
                str(binaries.folder / "postgres"),
                *("-D", str(self._cluster), "-h", "127.0.0.1", "-p", str(port), "-k", ""),
                *(part for setting in _SETTINGS for part in ("-c", setting)),
            ],
            env=ENVIRONMENT,
            log_path=self._data_dir / "logs" / "postgres.log",
            account=self._account,
            # Fast shutdown; at SIGTERM it would wait for its clients to leave.
            stop_signal=signal.SIGINT,
            cwd=self._home,
            keep_fds=[self._lock.descriptor],
        )
        self._lock.write_pid(child.pid)
        return child

    def _answers(self, port: int, password: str) -> bool:
        """Return whether the server lets us in; creates the database where it is missing.

        The conversation has a thread and a loop of its own, so that a caller may be inside a running loop.
        """
        with ThreadPoolExecutor(max_workers=1) as thread:
            try:
                thread.submit(asyncio.run, _ensure_database(port, password)).result()
            except asyncpg.InvalidPasswordError as error:
                raise EmbeddedError(
                    f"{self._password_path} does not hold the password of {self._cluster}: put the right file back, "
                    "or move both away to begin anew."
                ) from error
            except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
                return False
        return True


async def _ensure_database(port: int, password: str) -> None:
    connection = await asyncpg.connect(
        host="127.0.0.1", port=port, user=SUPERUSER, password=password, database="postgres", ssl=False, timeout=5
    )
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", _DATABASE):
            await connection.execute(f"CREATE DATABASE {_DATABASE}")
    finally:
        await connection.close()
