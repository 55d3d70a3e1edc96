"""Models of both APIs against the stand-in, and against a recorder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from service.drafting.model import OpenAIModel
from service.settings import Settings
from tests.drafting.recorder import Recorder, recording

MakeModel = Callable[..., OpenAIModel]


@pytest_asyncio.fixture
async def make_model(settings: Settings) -> AsyncIterator[MakeModel]:
    """Make a model with the stand-in behind it, unless told otherwise; it is closed after the test."""
    async with AsyncExitStack() as stack:

        def make(**options: Any) -> OpenAIModel:
            chosen: dict[str, Any] = {
                "api_key": "any",
                "base_url": settings.openai_base_url,
                "model": "gpt-test",
                "api": "responses",
                "deadline_s": 20.0,
                "read_timeout_s": 15.0,
                **options,
            }
            model = OpenAIModel(**chosen)
            stack.push_async_callback(model.close)
            return model

        yield make


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server that answers what the test sets."""
    with recording() as running:
        yield running
