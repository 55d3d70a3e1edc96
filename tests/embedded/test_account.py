from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from service.embedded.account import Account, check_reachable, lower_account, owned_directory
from service.embedded.errors import EmbeddedError
from service.embedded.files import within_reach

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.mark.skipif(os.geteuid() == 0, reason="needs an ordinary account")
def test_lower_account_when_we_are_not_root_is_none() -> None:
    assert lower_account("no-such-account") is None


@AS_ROOT
def test_lower_account_when_it_does_not_exist_names_the_setting() -> None:
    with pytest.raises(EmbeddedError, match=r"no account 'no-such-account'.*DRAFTDESK_EMBEDDED_USER"):
        lower_account("no-such-account")


@AS_ROOT
def test_lower_account_when_it_is_root_is_refused() -> None:
    with pytest.raises(EmbeddedError, match="do not run as root"):
        lower_account("root")


def test_owned_directory_when_new_belongs_to_the_account(data_dir: Path, account: Account | None) -> None:
    owned_directory(data_dir / "new", account)

    status = (data_dir / "new").stat()
    assert (os.geteuid() if account is None else account.uid) == status.st_uid
    assert status.st_mode & 0o777 == 0o700


def test_owned_directory_when_it_exists_keeps_its_mode(data_dir: Path) -> None:
    (data_dir / "old").mkdir()
    (data_dir / "old").chmod(0o751)

    owned_directory(data_dir / "old", None)

    assert (data_dir / "old").stat().st_mode & 0o777 == 0o751


def test_owned_directory_when_a_link_lies_there_is_refused(data_dir: Path) -> None:
    (data_dir / "link").symlink_to("/etc")

    with pytest.raises(EmbeddedError, match="not a directory"):
        owned_directory(data_dir / "link", None)


@AS_ROOT
def test_owned_directory_when_somebody_else_owns_it_is_refused(data_dir: Path, account: Account) -> None:
    (data_dir / "ours").mkdir()

    with pytest.raises(EmbeddedError, match="belongs to the account with id 0"):
        owned_directory(data_dir / "ours", account)


@AS_ROOT
def test_check_reachable_when_a_parent_is_closed_names_it_and_leaves_it(data_dir: Path, account: Account) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    (closed / "inner").mkdir(mode=0o755)

    with pytest.raises(EmbeddedError, match=rf"cannot enter {closed}: set DRAFTDESK_DATA_DIR"):
        check_reachable(closed / "inner", account)

    assert closed.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_within_reach_when_the_folder_is_closed_runs_from_a_copy(data_dir: Path, account: Account) -> None:
    package = data_dir / "closed" / "package"
    package.mkdir(parents=True)
    binary = package / "program"
    binary.write_text("#!/bin/sh\necho works\n")
    binary.chmod(0o700)
    package.parent.chmod(0o700)

    copy = within_reach(binary, [package], data_dir / "copies", account)

    said = subprocess.run([copy], check=True, capture_output=True, user=account.uid, group=account.gid, cwd="/").stdout
    assert said == b"works\n"
    assert package.parent.stat().st_mode & 0o777 == 0o700
    assert binary.stat().st_mode & 0o777 == 0o700


def test_within_reach_when_we_run_servers_ourselves_copies_nothing(data_dir: Path) -> None:
    binary = data_dir / "package" / "program"

    assert within_reach(binary, [binary.parent], data_dir / "copies", None) == binary
    assert not (data_dir / "copies").exists()
