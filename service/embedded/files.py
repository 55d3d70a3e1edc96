"""Small private files of the embedded servers, and the servers' binaries."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from service.embedded.account import Account, can_reach
from service.embedded.errors import EmbeddedError


@contextmanager
def temporary_directory(prefix: str) -> Iterator[Path]:
    """Make a directory in which servers may keep their folders, and remove it with them at the end."""
    directory = Path(tempfile.mkdtemp(prefix=prefix))
    # mkdtemp's 0700 would keep the servers' lower account out of its own folders; nobody can list this one.
    directory.chmod(0o711)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Replace a file in one step with one of mode 0600 that belongs to the account (None: to us).

    The folder must be ours: what belongs to the lower account could lead root's pen elsewhere.
    """
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            if account is not None:
                os.fchown(file.fileno(), account.uid, account.gid)
        os.replace(name, path)  # noqa: PTH105  # Path.replace does the same from a str that we hold
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise


def kept_password(path: Path) -> str:
    """Return the password in this file, made up at the first call. It needs no quoting in a URL."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package without running any of its code; None when there is none."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def within_reach(binary: Path, folders: list[Path], copies: Path, account: Account | None) -> Path:
    """Return the binary, or that of a copy of its folders when the account cannot reach it where it lies.

    binary: inside the first of the folders, which lie side by side (programs find their libraries that way).
    copies: a folder of ours; filled once, 42 MB for Postgres, and then kept.

    Raises:
        EmbeddedError: the copy could not be made, or cannot be reached either.
    """
    if account is None or can_reach(binary, account):
        return binary
    if not copies.exists():
        half = copies.with_name(f"{copies.name}.new")
        shutil.rmtree(half, ignore_errors=True)
        try:
            for folder in folders:
                shutil.copytree(folder, half / folder.name, ignore=shutil.ignore_patterns("__pycache__", "include"))
            _open_to_all(half)
            half.rename(copies)
        except OSError as error:
            raise EmbeddedError(
                f"{folders[0]} is closed to {account.name!r} and could not be copied to {copies}: {error}"
            ) from error
    copy = copies / folders[0].name / binary.relative_to(folders[0])
    if not can_reach(copy, account):
        raise EmbeddedError(f"The account {account.name!r} may not execute {copy}: set DRAFTDESK_DATA_DIR elsewhere.")
    return copy


def _open_to_all(root: Path) -> None:
    """Let everybody read and execute a copy of ours; an install under a strict umask has closed modes."""
    for path in [root, *root.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
