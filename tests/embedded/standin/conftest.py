"""One stand-in in a thread for these tests, reset before each."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from openai import AsyncOpenAI

from service.embedded.standin.app import create_app
from tests.standin_control import StandInControl


@dataclass(frozen=True, slots=True)
class RunningStandIn:
    url: str
    control: StandInControl


@pytest.fixture(scope="session")
def running() -> Iterator[RunningStandIn]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(), log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert thread.is_alive(), "the stand-in ended at start"
        assert time.monotonic() < deadline, "the stand-in did not start within 10 s"
        time.sleep(0.01)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    yield RunningStandIn(url, StandInControl(url))
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture
def standin(running: RunningStandIn) -> RunningStandIn:
    running.control.reset()
    return running


@pytest.fixture
async def client(standin: RunningStandIn) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key="any", base_url=f"{standin.url}/v1", max_retries=0, timeout=10) as client:
        yield client
