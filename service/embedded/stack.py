"""All processes of `draftdesk up`, in order: Postgres, Valkey, the stand-in model, the API, the worker."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from service.embedded.account import Account, check_reachable, lower_account, owned_directory
from service.embedded.errors import EmbeddedError
from service.embedded.lock import FolderLock
from service.embedded.postgres import Postgres
from service.embedded.process import Child, start_child
from service.embedded.programs import (
    API_GRACE_S,
    ROOT,
    STAND_IN_GRACE_S,
    WORKER_GRACE_S,
    api_command,
    api_url,
    environment,
    reachable_host,
    stand_in_command,
    worker_command,
)
from service.embedded.ready import answers_ok, free_port, is_port_free, start_on_free_port, wait_until_ready
from service.embedded.run_file import LOCK_NAME, Run, remove_run_file, write_run_file
from service.embedded.supervisor import Part
from service.embedded.valkey import Valkey
from service.settings import Settings

_STAND_IN = "stand-in"


class Stack:
    """The processes that run from one folder; a context manager that stops all of them, the last one first.

    Enter it and call its methods on the main thread. Each `start_...` waits until the process answers.
    """

    def __init__(self, settings: Settings, data_dir: Path, *, quiet: bool = False) -> None:
        """Start nothing yet. quiet: the API and the worker write to `data_dir/logs`, else they share our output."""
        self._settings = settings
        self._data_dir = data_dir.absolute()
        self._logs = self._data_dir / "logs"
        self._quiet = quiet
        self._lock = FolderLock(self._data_dir / LOCK_NAME)
        self._parts: list[Part] = []
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        """Take the folder, creating it where it is missing.

        Raises:
            EmbeddedError: Draftdesk already runs from it, or it is not ours.
        """
        # As root the lower account has to pass through to its own folders; it can list nothing here.
        owned_directory(self._data_dir, None, 0o711 if os.geteuid() == 0 else 0o700)
        owned_directory(self._logs, None)
        # A moment's patience: whoever reads the run file holds the lock for an instant.
        if not self._lock.take(wait_s=0.5):
            raise EmbeddedError(
                f"Draftdesk is already running from {self._data_dir} (pid {self._lock.read_pid()}): "
                "stop it first, or set DRAFTDESK_DATA_DIR to another folder."
            )
        self._exits.callback(self._lock.release)
        self._lock.write_pid(os.getpid())
        remove_run_file(self._data_dir)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop everything."""
        self.stop()

    @property
    def parts(self) -> Sequence[Part]:
        """All processes and how each is started again, in the order of their start."""
        return tuple(self._parts)

    @property
    def children(self) -> Sequence[Child]:
        """All processes, in the order of their start."""
        return tuple(part.child for part in self._parts)

    def stop(self) -> None:
        """Stop everything, the last one first, and give the folder back. At most about 110 s, mostly far less.

        The worker may finish the drafts it has begun (70 s). An interrupt shortens the one wait that it meets.
        """
        self._exits.close()
        self._parts.clear()

    def start_servers(self) -> Settings:
        """Start Postgres and Valkey, each unless the settings name one; return the settings with their URLs.

        Raises:
            EmbeddedError: one did not start.
        """
        settings = self._settings
        if settings.database_url and settings.redis_url:
            return settings
        account = self._account()
        if not settings.database_url:
            settings = dataclasses.replace(settings, database_url=self._start(Postgres(self._data_dir, account)))
        if not settings.redis_url:
            settings = dataclasses.replace(settings, redis_url=self._start(Valkey(self._data_dir, account)))
        return settings

    def start_stand_in(self, settings: Settings) -> Settings:
        """Start the stand-in model unless the settings hold an API key; return the settings that lead to it."""
        if settings.openai_api_key:
            return settings
        child, port = start_on_free_port(self._launch_stand_in, lambda port: answers_ok(port, "/health"))
        self._keep(Part(child, partial(self._launch_stand_in, port)), STAND_IN_GRACE_S)
        return dataclasses.replace(
            settings,
            openai_base_url=f"http://127.0.0.1:{port}/v1",
            openai_api_key=_STAND_IN,
            openai_model=_STAND_IN,
            openai_api="responses",
        )

    def start_api(self, settings: Settings) -> Settings:
        """Start the API and wait until it is ready; return the settings with its real port (port 0: any free one).

        Raises:
            EmbeddedError: the port is taken, or the API did not become ready within 30 s.
        """
        settings = dataclasses.replace(settings, port=settings.port or free_port())
        if not is_port_free(settings.host, settings.port):
            raise EmbeddedError(
                f"Port {settings.port} of {settings.host} is taken: set DRAFTDESK_PORT to another one (0: any that is free)."
            )
        launch = partial(self._launch_python, "api", api_command(settings), settings)
        part = Part(launch(), launch)
        self._keep(part, API_GRACE_S)
        wait_until_ready(part.child, lambda: answers_ok(settings.port, "/health/ready", reachable_host(settings.host)))
        return settings

    def start_worker(self, settings: Settings) -> None:
        """Start the worker: one process, five jobs at once. Does not wait: it takes jobs as soon as it can."""
        launch = partial(self._launch_worker, settings)
        self._keep(Part(launch(), launch), WORKER_GRACE_S)

    def write_run_file(self, settings: Settings) -> None:
        """Tell other commands where everything is; they believe it for as long as we hold the folder."""
        run = Run(
            pid=os.getpid(),
            database_url=settings.database_url,
            redis_url=settings.redis_url,
            api_url=api_url(settings),
        )
        write_run_file(self._data_dir, run)
        # Called first when we stop: nobody is sent to servers that are about to go.
        self._exits.callback(remove_run_file, self._data_dir)

    def _account(self) -> Account | None:
        account = lower_account(self._settings.embedded_user)
        if account is not None:
            check_reachable(self._data_dir, account)
        return account

    def _start(self, server: Postgres | Valkey) -> str:
        self._exits.callback(server.stop)
        url = server.start()
        if server.child is not None:
            self._parts.append(Part(server.child, server.start_again))
        return url

    def _keep(self, part: Part, grace_s: float) -> None:
        self._parts.append(part)
        self._exits.callback(part.stop, grace_s)

    def _launch_stand_in(self, port: int) -> Child:
        return start_child(
            _STAND_IN,
            [sys.executable, "-m", *stand_in_command(port)],
            env=os.environ,
            log_path=self._logs / "stand-in.log",
            cwd=ROOT,
        )

    def _launch_python(self, name: str, command: list[str], settings: Settings, **extra: str) -> Child:
        env = {**os.environ, **environment(settings)}
        # The API is one process: it tells its own memory and CPU time, which a shared directory has no room for.
        env.pop("PROMETHEUS_MULTIPROC_DIR", None)
        return start_child(
            name,
            [sys.executable, "-m", *command],
            env={**env, **extra},
            log_path=self._logs / f"{name}.log" if self._quiet else None,
            cwd=ROOT,
        )

    def _launch_worker(self, settings: Settings) -> Child:
        metrics = self._data_dir / "metrics-worker"
        # Files of earlier processes would be counted as if those still ran.
        shutil.rmtree(metrics, ignore_errors=True)
        owned_directory(metrics, None)
        return self._launch_python("worker", worker_command(), settings, PROMETHEUS_MULTIPROC_DIR=str(metrics))
