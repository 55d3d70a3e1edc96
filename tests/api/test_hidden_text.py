"""What was kept from the model is there to read in the API."""

from __future__ import annotations

import httpx2

from service.suggestions import repository
from tests.factories import ShopAtWork
from tests.storing import store_suggestion


async def test_get_when_hidden_text_was_kept_from_the_model_then_its_kinds_are_told(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id = await store_suggestion(shop)
    path = f"/v1/suggestions/{suggestion_id}"
    before = await client.get(path, headers=shop.auth)
    held = await repository.claim(suggestion_id)
    assert held is not None

    await repository.record_removed(held, ("bidi", "display_none"))

    after = await client.get(path, headers=shop.auth)
    assert (before.json()["suggestion"]["removed"], after.json()["suggestion"]["removed"]) == ([], ["bidi", "display_none"])
    assert after.headers["etag"] != before.headers["etag"]
