"""The lower account that servers run as when we are root, and the folders it needs.

The rule here: no permission and no owner of anything that we did not create is ever changed.
"""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from service.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine and its first group."""

    uid: int
    gid: int
    name: str


def lower_account(name: str) -> Account | None:
    """Return the account that servers run as, or None when we are not root and they run as we do.

    Raises:
        EmbeddedError: there is no such account, or it is root itself, which Postgres refuses.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedError(
            f"There is no account {name!r} to run the embedded servers as: set DRAFTDESK_EMBEDDED_USER to one."
        ) from None
    if entry.pw_uid == 0:
        raise EmbeddedError("The embedded servers do not run as root: set DRAFTDESK_EMBEDDED_USER to another account.")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)


def owned_directory(path: Path, account: Account | None, mode: int = 0o700) -> None:
    """Create the directory, with missing parents, for the account (None: for us); leave an existing one as it is.

    Raises:
        EmbeddedError: it cannot be created, is no directory, or belongs to somebody else.
    """
    owner = os.geteuid() if account is None else account.uid
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Closed while it is made, so that nobody gets in before it has its owner.
        path.mkdir(mode=0o700)
    except FileExistsError:
        _check_owner(path, owner)
        return
    except OSError as error:
        raise EmbeddedError(
            f"{path} cannot be created ({error.strerror}): set DRAFTDESK_DATA_DIR to a folder that can be written."
        ) from error
    if account is not None:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)


def check_reachable(path: Path, account: Account) -> None:
    """Check that the account can come to this path.

    Raises:
        EmbeddedError: names the first folder on the way that is closed to the account.
    """
    if can_reach(path, account):
        return
    way = [*reversed(path.parents), path]
    closed = next((step for step in way if not can_reach(step, account)), path)
    raise EmbeddedError(
        f"The account {account.name!r}, which the embedded servers run as, cannot enter {closed}: "
        "set DRAFTDESK_DATA_DIR to a folder that it can reach. No permission was changed."
    )


def can_reach(path: Path, account: Account) -> bool:
    """Return whether the account may enter this directory or execute this file.

    The kernel is asked, as that account: mode bits alone would miss access lists and mount options.
    """
    answer = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(path)],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        user=account.uid,
        group=account.gid,
        extra_groups=[],
    )
    return answer.returncode == 0


def _check_owner(path: Path, owner: int) -> None:
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise EmbeddedError(f"{path} is not a directory: move it away, or set DRAFTDESK_DATA_DIR.")
    if status.st_uid != owner:
        raise EmbeddedError(
            f"{path} belongs to the account with id {status.st_uid} and not to {owner}: "
            "run as the account that made it, or set DRAFTDESK_DATA_DIR to another folder."
        )
