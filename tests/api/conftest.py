"""A second shop, for what one shop must not see of another."""

from __future__ import annotations

import pytest_asyncio

from tests.factories import ShopAtWork, make_shop


@pytest_asyncio.fixture
async def other_shop(shop: ShopAtWork) -> ShopAtWork:
    """Another shop than `shop`."""
    other = await make_shop()
    assert other.id != shop.id
    return other
