"""The provider's batches, which are the stand-in's, and a worker's desk."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from litestar import Litestar

from service.drafting.model import OpenAIModel
from service.drafting.provider_batch import ProviderBatches
from service.settings import Settings
from service.suggestions import repository
from service.suggestions.budgets import Budgets
from service.suggestions.leases import Leases
from service.suggestions.service import Desk
from tests.standin_control import StandInControl


@pytest_asyncio.fixture
async def batches(settings: Settings, app: Litestar, stand_in: StandInControl) -> AsyncIterator[ProviderBatches]:
    """The provider's batches, which are the stand-in's."""
    assert app.state.publisher is not None
    assert stand_in.seen().count == 0
    async with ProviderBatches.opened(settings) as opened:
        yield opened


@pytest_asyncio.fixture
async def desk(settings: Settings, app: Litestar) -> AsyncIterator[Desk]:
    """What a worker drafts with."""
    assert app.state.publisher is not None
    model = OpenAIModel.from_settings(settings)
    yield Desk(model=model, leases=Leases(repository.renew), budgets=Budgets(ttl_s=0), cheap_model="cheaper-test")
    await model.close()
