"""A worker's desk: the model over the official SDK, led to the stand-in, without a gate that tests would close for each other."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from service.drafting.model import OpenAIModel
from service.settings import Settings
from service.suggestions import repository
from service.suggestions.budgets import Budgets
from service.suggestions.leases import Leases
from service.suggestions.service import Desk


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


@pytest.fixture
def desk(model: OpenAIModel, leases: Leases) -> Desk:
    """What a worker drafts with; what a shop has spent is read anew each time."""
    return Desk(model=model, leases=leases, budgets=Budgets(ttl_s=0), cheap_model="cheaper-test")
