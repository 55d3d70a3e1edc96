"""A batch that a bug does not let on: it ends where a person sees it, and what waits of it goes on."""

from __future__ import annotations

from uuid import uuid4

from service.batches.advancing import fail
from service.batches.service import cancel
from service.db.engine import fetch, fetch_row
from service.suggestions.service import Desk
from tests.batches.asking import ask, mail, of_batch, step, told
from tests.batches.provider_rounds import is_due
from tests.factories import ShopAtWork


async def test_fail_when_a_batch_runs_then_it_says_why_and_what_waits_stays_in_the_queue(shop: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(shop, [await mail(shop)])
    await step(batch_id, desk)

    await fail(batch_id, error="KeyError")

    found = await told(shop, batch_id)
    assert (found.state, found.error, found.waiting) == ("failed", "KeyError", 1)
    assert found.finished_at is not None
    row = await fetch_row("SELECT next_step_at FROM batch WHERE id = $1", batch_id)
    assert row["next_step_at"] is None


async def test_fail_when_it_is_the_providers_then_what_waits_goes_the_ordinary_way_and_the_provider_is_told(
    shop: ShopAtWork, desk: Desk
) -> None:
    batch_id = await ask(shop, [await mail(shop)])
    await step(batch_id, desk)
    await fetch("UPDATE batch SET is_provider_batch = true WHERE id = $1", batch_id)
    await fetch("UPDATE suggestion SET next_send_at = NULL WHERE batch = $1", batch_id)

    await fail(batch_id, error="KeyError")

    assert [await is_due(row["id"]) for row in await of_batch(batch_id)] == [True]
    row = await fetch_row("SELECT state, next_step_at > now() AS is_scheduled FROM batch WHERE id = $1", batch_id)
    assert (row["state"], row["is_scheduled"]) == ("failed", True)


async def test_fail_when_it_fails_again_then_nothing_more_is_tried(shop: ShopAtWork) -> None:
    batch_id = await ask(shop, [uuid4()], is_provider_batch=True)

    for _ in range(2):
        await fail(batch_id, error="KeyError")

    row = await fetch_row("SELECT state, next_step_at FROM batch WHERE id = $1", batch_id)
    assert tuple(row) == ("failed", None)


async def test_fail_when_the_batch_is_over_then_it_stays_as_it_is(shop: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(shop, [uuid4()])
    await step(batch_id, desk)

    await fail(batch_id, error="KeyError")

    found = await told(shop, batch_id)
    assert (found.state, found.error) == ("finished", None)


async def test_cancel_when_a_batch_has_failed_then_what_waits_of_it_ends(shop: ShopAtWork, desk: Desk) -> None:
    batch_id = await ask(shop, [await mail(shop)])
    await step(batch_id, desk)
    await fail(batch_id, error="KeyError")

    await cancel(shop.id, batch_id)

    found = await told(shop, batch_id)
    assert (found.state, found.waiting, found.error) == ("cancelled", 0, "KeyError")
