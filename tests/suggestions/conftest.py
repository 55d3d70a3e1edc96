"""The model over the official SDK, led to the stand-in, and a worker's leases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from service.drafting.model import OpenAIModel
from service.settings import Settings
from service.suggestions import repository
from service.suggestions.leases import Leases


@pytest_asyncio.fixture(scope="session")
async def model(settings: Settings, app: Litestar) -> AsyncIterator[OpenAIModel]:
    """The model as the worker makes it."""
    assert app.state.sender is not None
    made = OpenAIModel(
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        api=settings.openai_api,
        deadline_s=20,
        read_timeout_s=15,
    )
    yield made
    await made.close()


@pytest.fixture
def leases() -> Leases:
    """Leases that nothing renews by itself: no test runs for long."""
    return Leases(repository.renew)
