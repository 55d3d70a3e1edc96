"""The worker's package, loaded in this process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

import dramatiq
import pytest

from service.jobs import JobSender, Queue
from service.settings import Settings

if TYPE_CHECKING:
    from actors.broker import WorkerBroker


@pytest.fixture(scope="session")
def actors_package(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Import `actors` and take back what it does to its process: in a worker it is the first thing there."""
    assert os.environ["DATABASE_URL"] == settings.database_url
    policy = asyncio.get_event_loop_policy()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(tmp_path_factory.mktemp("metrics"))
    os.environ["OPENAI_API_KEY"] = settings.openai_api_key
    import actors  # noqa: PLC0415 - it reads the environment and sets Dramatiq's global broker

    asyncio.set_event_loop_policy(policy)
    del os.environ["PROMETHEUS_MULTIPROC_DIR"], os.environ["OPENAI_API_KEY"]
    return actors


@pytest.fixture
def broker(actors_package: ModuleType, spoilable: Settings) -> Iterator[WorkerBroker]:
    """A worker's broker on a Valkey of its own, with the queue for normal suggestions."""
    assert actors_package.broker is dramatiq.get_broker()
    from actors.broker import make_broker  # noqa: PLC0415 - the package must be loaded by its fixture

    made = make_broker(spoilable)
    made.declare_queue(Queue.SUGGESTIONS)
    yield made
    made.client.close()


@pytest.fixture
def sender(spoilable: Settings) -> Iterator[JobSender]:
    """What an API sends with, to the same Valkey."""
    made = JobSender(spoilable.redis_url)
    yield made
    made.close()
