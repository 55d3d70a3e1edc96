from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import redis

from service.embedded.errors import EmbeddedError
from service.embedded.programs import api_url, environment
from service.embedded.ready import answers_ok
from service.embedded.run_file import read_run_file
from service.embedded.stack import Stack
from service.settings import Settings
from tests.embedded.running import is_running, words_before_sudden_death

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")
ELSEWHERE = {"DATABASE_URL": "postgresql://db.example/d", "REDIS_URL": "redis://queue.example/0"}

RUNS_AND_WRITES = """
import asyncio, sys, time
from pathlib import Path
import asyncpg, redis
from service.embedded.stack import Stack
from service.settings import Settings

async def write(url):
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE mail AS SELECT 'hello' AS text")
    await connection.close()

with Stack(Settings.from_env({}), Path(sys.argv[1])) as stack:
    settings = stack.start_servers()
    stack.write_run_file(settings)
    asyncio.run(write(settings.database_url))
    redis.Redis.from_url(settings.redis_url).set("job", "7")
    print(*(child.pid for child in stack.children), flush=True)
    time.sleep(300)
"""


def settings_of(**environ: str) -> Settings:
    return Settings.from_env(environ)


def test_start_servers_when_no_urls_are_set_starts_both(data_dir: Path) -> None:
    with Stack(settings_of(), data_dir) as stack:
        settings = stack.start_servers()

        assert [child.name for child in stack.children] == ["postgres", "valkey"]
        assert settings.database_url.startswith("postgresql://draftdesk:")
        assert settings.redis_url.startswith("redis://:")


def test_start_servers_when_the_database_url_is_set_starts_no_postgres(data_dir: Path) -> None:
    with Stack(settings_of(DATABASE_URL="postgresql://db.example/d"), data_dir) as stack:
        settings = stack.start_servers()

        assert [child.name for child in stack.children] == ["valkey"]
        assert settings.database_url == "postgresql://db.example/d"
    assert not (data_dir / "postgres").exists()


def test_start_servers_when_both_urls_are_set_starts_nothing(data_dir: Path) -> None:
    settings = settings_of(**ELSEWHERE)
    with Stack(settings, data_dir) as stack:
        assert stack.start_servers() is settings
        assert not stack.children


@LINUX
def test_exit_when_servers_run_stops_them_all(data_dir: Path) -> None:
    with Stack(settings_of(), data_dir) as stack:
        stack.start_servers()
        children = stack.children

    assert [child.returncode for child in children] == [0, 0]
    assert not any(is_running(child.pid) for child in children)


def test_enter_when_it_runs_already_is_refused(data_dir: Path) -> None:
    refused = Stack(settings_of(**ELSEWHERE), data_dir)

    with (
        Stack(settings_of(**ELSEWHERE), data_dir),
        pytest.raises(EmbeddedError, match=rf"already running from .*pid {os.getpid()}"),
    ):
        refused.__enter__()


def test_enter_when_the_earlier_one_has_stopped_works(data_dir: Path) -> None:
    with Stack(settings_of(**ELSEWHERE), data_dir):
        pass

    with Stack(settings_of(**ELSEWHERE), data_dir):
        pass


def test_enter_when_the_folder_is_new_closes_it_to_others(data_dir: Path) -> None:
    folder = data_dir / "new"
    with Stack(settings_of(**ELSEWHERE), folder):
        assert folder.stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)
        assert (folder / "logs").stat().st_mode & 0o777 == 0o700


@LINUX
async def test_start_servers_when_the_earlier_stack_was_killed_finds_everything(data_dir: Path) -> None:
    pids = words_before_sudden_death(RUNS_AND_WRITES, data_dir)
    assert read_run_file(data_dir) is None

    with Stack(settings_of(), data_dir) as stack:
        settings = stack.start_servers()

        connection = await asyncpg.connect(settings.database_url)
        assert await connection.fetchval("SELECT text FROM mail") == "hello"
        await connection.close()
        with redis.Redis.from_url(settings.redis_url) as client:
            assert client.get("job") == b"7"
        assert len(pids) == 2
        assert not any(is_running(int(pid)) for pid in pids)


def test_read_run_file_while_it_runs_tells_where(data_dir: Path) -> None:
    settings = settings_of(**ELSEWHERE, DRAFTDESK_HOST="0.0.0.0", DRAFTDESK_PORT="8123")  # noqa: S104
    with Stack(settings, data_dir) as stack:
        assert read_run_file(data_dir) is None
        stack.write_run_file(settings)

        run = read_run_file(data_dir)
        assert run is not None
        assert (run.pid, run.database_url, run.redis_url, run.api_url) == (
            os.getpid(),
            "postgresql://db.example/d",
            "redis://queue.example/0",
            "http://127.0.0.1:8123",
        )
        assert (data_dir / "run.json").stat().st_mode & 0o777 == 0o600

    assert read_run_file(data_dir) is None
    assert not (data_dir / "run.json").exists()


def test_read_run_file_when_nothing_ever_ran_is_none(data_dir: Path) -> None:
    assert read_run_file(data_dir / "nowhere") is None


def test_run_when_shown_names_no_password(data_dir: Path) -> None:
    settings = settings_of(DATABASE_URL="postgresql://d:secret@db/d", REDIS_URL="redis://:secret@queue/0")
    with Stack(settings, data_dir) as stack:
        stack.write_run_file(settings)

        assert "secret" not in repr(read_run_file(data_dir))


def test_start_api_when_the_port_is_taken_names_the_setting(data_dir: Path) -> None:
    with socket.socket() as taken, Stack(settings_of(**ELSEWHERE), data_dir) as stack:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(EmbeddedError, match=rf"Port {port} of 127\.0\.0\.1 is taken: set DRAFTDESK_PORT"):
            stack.start_api(settings_of(**ELSEWHERE, DRAFTDESK_PORT=str(port)))
        assert not stack.children


def test_start_stand_in_when_there_is_a_key_starts_nothing(data_dir: Path) -> None:
    settings = settings_of(**ELSEWHERE, OPENAI_API_KEY="sk-example")
    with Stack(settings, data_dir) as stack:
        assert stack.start_stand_in(settings) is settings
        assert not stack.children


def test_start_stand_in_when_there_is_no_key_leads_to_it(data_dir: Path) -> None:
    settings = settings_of(**ELSEWHERE, OPENAI_API="chat")
    with Stack(settings, data_dir) as stack:
        settings = stack.start_stand_in(settings)

        assert [child.name for child in stack.children] == ["stand-in"]
        port = urlsplit(settings.openai_base_url).port
        assert port is not None
        assert answers_ok(port, "/health")
        assert (settings.openai_api_key, settings.openai_model, settings.openai_api) == (
            "stand-in",
            "stand-in",
            "responses",
        )
        assert Settings.from_env(environment(settings)).openai_base_url == settings.openai_base_url


def test_environment_when_read_again_gives_the_same_settings(tmp_path: Path) -> None:
    settings = settings_of(
        **ELSEWHERE,
        OPENAI_API_KEY="sk-example",
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        OPENAI_API="chat",
        DRAFTDESK_PORT="8123",
        DRAFTDESK_POOL_SIZE="7",
        DRAFTDESK_RELAY="off",
        DRAFTDESK_RELAY_INTERVAL_S="0.5",
        DRAFTDESK_RELAY_PER_SECOND="70",
        DRAFTDESK_DATA_DIR=str(tmp_path),
    )

    assert Settings.from_env({**environment(settings), "DRAFTDESK_DATA_DIR": str(tmp_path)}) == settings


def test_api_url_when_the_host_is_ipv6_has_brackets() -> None:
    assert api_url(settings_of(DRAFTDESK_HOST="::")) == "http://[::1]:8000"
