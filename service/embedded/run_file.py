"""What a running `draftdesk up` tells other commands of the same account: where its servers are."""

from __future__ import annotations

from pathlib import Path

import msgspec

from service.embedded.errors import EmbeddedError
from service.embedded.files import write_private
from service.embedded.lock import is_locked

LOCK_NAME = "lock"
_RUN_NAME = "run.json"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A Draftdesk that runs from a folder at this moment."""

    pid: int
    database_url: str
    redis_url: str
    api_url: str

    def __repr__(self) -> str:
        """Name no URL: they hold passwords."""
        return f"Run(pid={self.pid})"


def write_run_file(data_dir: Path, run: Run) -> None:
    """Write the file, with mode 0600: it holds passwords."""
    write_private(data_dir / _RUN_NAME, msgspec.json.encode(run).decode())


def remove_run_file(data_dir: Path) -> None:
    """Remove the file if it is there."""
    (data_dir / _RUN_NAME).unlink(missing_ok=True)


def read_run_file(data_dir: Path) -> Run | None:
    """Return what runs from this folder, or None. A file left by a killed process does not count: its lock is free.

    Raises:
        EmbeddedError: it runs as another account, or the file is not ours.
    """
    if not is_locked(data_dir / LOCK_NAME):
        return None
    path = data_dir / _RUN_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Run)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise EmbeddedError(f"{path} cannot be read: run as the account that runs Draftdesk ({error}).") from error
