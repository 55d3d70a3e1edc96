"""A server that was killed is started again on its port, with all that it held."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest
import redis

from service.embedded.errors import EmbeddedError
from service.embedded.stack import Stack
from service.settings import Settings
from tests.embedded.running import eventually, is_running

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")


@LINUX
@pytest.mark.parametrize("name", ["postgres", "valkey"])
async def test_launch_when_a_server_was_killed_then_it_is_there_again_with_what_it_held(data_dir: Path, name: str) -> None:
    with Stack(Settings.from_env({}), data_dir) as stack:
        settings = stack.start_servers()
        connection = await asyncpg.connect(settings.database_url)
        await connection.execute("CREATE TABLE mail AS SELECT 'hello' AS text")
        with redis.Redis.from_url(settings.redis_url) as client:
            client.set("job", "7")
            # One second at most is what `appendfsync everysec` may still owe the disk; the system's own cache outlives a kill.
            (part,) = [part for part in stack.parts if part.child.name == name]
            os.kill(part.child.pid, signal.SIGKILL)
            assert eventually(lambda: part.child.poll() is not None)

            part.child = part.launch()

            assert eventually(lambda: answers(settings.database_url, settings.redis_url))
            assert client.get("job") == b"7"
        connection.terminate()
        again = await asyncpg.connect(settings.database_url)
        assert await again.fetchval("SELECT text FROM mail") == "hello"
        await again.close()


def answers(database_url: str, redis_url: str) -> bool:
    """Return whether both servers let us in."""

    async def ask() -> None:
        connection = await asyncpg.connect(database_url)
        await connection.close()

    try:
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(asyncio.run, ask()).result()
        with redis.Redis.from_url(redis_url) as client:
            return bool(client.ping())
    except (OSError, asyncpg.PostgresError, redis.RedisError):
        return False


@LINUX
def test_launch_when_processes_of_the_dead_server_still_work_then_it_is_refused(data_dir: Path) -> None:
    with Stack(Settings.from_env({"REDIS_URL": "redis://queue.example/0"}), data_dir) as stack:
        stack.start_servers()
        (part,) = stack.parts
        checkpointer = children_of(part.child.pid)[0]
        os.kill(checkpointer, signal.SIGSTOP)
        os.kill(part.child.pid, signal.SIGKILL)
        assert eventually(lambda: part.child.poll() is not None)

        with pytest.raises(EmbeddedError, match="processes of the dead one still work"):
            part.launch()

        os.kill(checkpointer, signal.SIGCONT)
        assert eventually(lambda: not is_running(checkpointer))
        part.child = part.launch()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
