"""The worker's package, loaded in this process, and a Valkey of its own that a test may spoil."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from service.embedded.account import lower_account
from service.embedded.valkey import Valkey
from service.settings import Settings


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
def spoilable(settings: Settings) -> Iterator[Settings]:
    """The settings with a Valkey that is only this test's."""
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-actors-"))
    folder.chmod(0o711)
    server = Valkey(folder, lower_account("nobody"))
    yield dataclasses.replace(settings, redis_url=server.start())
    server.stop()
    shutil.rmtree(folder)
