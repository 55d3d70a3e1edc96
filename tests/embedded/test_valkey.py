from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest
import redis

from service.embedded.account import Account, owned_directory
from service.embedded.errors import EmbeddedError
from service.embedded.valkey import Valkey


@pytest.fixture
def valkey(data_dir: Path, account: Account | None) -> Iterator[Valkey]:
    server = Valkey(data_dir, account)
    yield server
    server.stop()


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True)


def test_start_when_started_again_has_kept_the_data(valkey: Valkey) -> None:
    with client(valkey.start()) as connection:
        connection.set("job", "7")
    valkey.stop()

    with client(valkey.start()) as connection:
        assert connection.get("job") == "7"


def test_start_when_the_server_was_killed_has_kept_the_data(valkey: Valkey) -> None:
    with client(valkey.start()) as connection:
        for number in range(1000):
            connection.rpush("jobs", number)
    assert valkey.child is not None
    os.kill(valkey.child.pid, signal.SIGKILL)
    valkey.stop()

    with client(valkey.start()) as connection:
        assert connection.llen("jobs") == 1000


def test_start_when_up_demands_the_password(valkey: Valkey) -> None:
    port = urlsplit(valkey.start()).port

    with client(f"redis://127.0.0.1:{port}/0") as connection, pytest.raises(redis.AuthenticationError):
        connection.ping()
    with client(f"redis://:guess@127.0.0.1:{port}/0") as connection, pytest.raises(redis.AuthenticationError):
        connection.ping()


def test_start_when_up_is_set_as_a_queue_needs_it(valkey: Valkey) -> None:
    expected = {
        "appendfsync": "everysec",
        "appendonly": "yes",
        "bind": "127.0.0.1",
        "maxmemory-policy": "noeviction",
        "protected-mode": "yes",
        "save": "",
    }
    with client(valkey.start()) as connection:
        assert cast("dict[str, str]", connection.config_get(*expected)) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_start_when_up_keeps_the_password_private(valkey: Valkey, data_dir: Path) -> None:
    password = urlsplit(valkey.start()).password or ""
    assert valkey.child is not None

    assert password not in Path(f"/proc/{valkey.child.pid}/cmdline").read_text()
    assert password not in Path(f"/proc/{valkey.child.pid}/environ").read_text()
    assert password in (data_dir / "valkey.conf").read_text()
    for name in ("valkey.conf", "valkey.password"):
        assert (data_dir / name).stat().st_mode & 0o777 == 0o600


def test_start_when_the_folder_has_an_odd_name_works(data_dir: Path, account: Account | None) -> None:
    odd = data_dir / 'with space, "quotes" and \\'
    owned_directory(odd, None, 0o711)
    server = Valkey(odd, account)
    try:
        with client(server.start()) as connection:
            connection.set("job", "7")
    finally:
        server.stop()

    assert list((odd / "valkey" / "appendonlydir").iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_start_when_a_parent_folder_is_closed_names_it_and_leaves_it(data_dir: Path, account: Account) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(EmbeddedError, match=rf"cannot enter {closed}: set DRAFTDESK_DATA_DIR"):
        Valkey(closed / "draftdesk", account).start()

    assert closed.stat().st_mode & 0o777 == 0o700
