"""A provider's batch that expires, fails, is cancelled, or whose worker dies on the way."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from service.batches import provider
from service.batches import provider_statements as statements
from service.batches.provider_collect import collect
from service.batches.provider_submit import file_name, submit
from service.db.engine import fetch
from service.drafting.provider_batch import ProviderBatches
from service.settings import Settings
from service.suggestions.service import Desk
from tests.batches.provider_rounds import (
    add_batch,
    advance,
    at_provider,
    batch_row,
    finish,
    is_due,
    mail,
    run_of,
    status_of,
    until_ended,
)
from tests.factories import ShopAtWork
from tests.standin_control import StandInControl
from tests.storing import model_calls, put_status
from tests.waiting import until


@pytest.mark.parametrize(("ending", "error"), [("expired", "expired"), ("failed", "invalid_request")])
async def test_batch_when_it_does_not_complete_then_what_is_not_answered_goes_the_ordinary_way(  # noqa: PLR0917 - as above
    shop: ShopAtWork,
    desk: Desk,
    batches: ProviderBatches,
    stand_in: StandInControl,
    settings: Settings,
    ending: Any,
    error: str,
) -> None:
    stand_in.script_batches(ending=ending)
    batch_id, ids = await add_batch(shop, mail(), mail())

    await advance(batch_id, desk, batches)
    await finish(batch_id, desk, batches)

    answered = 1 if ending == "expired" else 0
    assert [await status_of(each) for each in ids].count("ready") == answered
    assert [await is_due(each) for each in ids].count(True) == 2 - answered
    assert (await batch_row(batch_id))["error"] == error
    assert at_provider(settings, "files") == []


async def test_batch_when_the_provider_has_no_room_for_it_then_it_waits_and_is_submitted_again(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    stand_in.script_batches(ending="failed", code=provider.FULL)
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    await advance(batch_id, desk, batches)
    await until_ended(batch_id, batches)
    stand_in.script_batches()

    waits = [await advance(batch_id, desk, batches) for _ in range(2)]

    assert (waits, len(at_provider(settings, "batches"))) == ([provider.AT_ONCE_S, provider.POLL_S], 1)
    assert (at_provider(settings, "files"), await is_due(suggestion_id)) == ([], False)
    await fetch("UPDATE batch SET submitted_at = now() - interval '11 min' WHERE id = $1", batch_id)
    await finish(batch_id, desk, batches)
    assert await status_of(suggestion_id) == "ready"


async def test_batch_when_the_provider_does_not_do_batches_then_all_go_the_ordinary_way(
    shop: ShopAtWork, desk: Desk, settings: Settings, stand_in: StandInControl
) -> None:
    assert stand_in.seen().count == 0
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    elsewhere = dataclasses.replace(settings, openai_base_url=settings.openai_base_url.removesuffix("/v1"))

    async with ProviderBatches.opened(elsewhere) as batches:
        assert await advance(batch_id, desk, batches) is None

    assert await is_due(suggestion_id)
    assert (await batch_row(batch_id))["error"] == "http_404"


async def test_batch_when_the_provider_cannot_be_reached_then_it_waits(shop: ShopAtWork, desk: Desk, settings: Settings) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    nowhere = dataclasses.replace(settings, openai_base_url="http://127.0.0.1:9/v1")

    async with ProviderBatches.opened(nowhere) as batches:
        assert await advance(batch_id, desk, batches) == provider.POLL_S

    assert not await is_due(suggestion_id)
    assert (await batch_row(batch_id))["error"] == "connection"


async def test_batch_when_the_provider_was_away_for_two_days_then_all_go_the_ordinary_way(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    stand_in.script_batches(seconds=60)
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    await advance(batch_id, desk, batches)
    await fetch("UPDATE batch SET created_at = now() - interval '49 h' WHERE id = $1", batch_id)

    assert await advance(batch_id, desk, batches) == provider.CANCELLING_S

    assert await is_due(suggestion_id)
    await finish(batch_id, desk, batches)
    assert [each["status"] for each in at_provider(settings, "batches")] == ["cancelled"]
    assert at_provider(settings, "files") == []


async def test_batch_when_cancelled_then_it_is_cancelled_at_the_provider_too_and_what_it_cost_is_known(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    stand_in.script_batches(seconds=10)
    batch_id, ids = await add_batch(shop, mail(), mail())
    await advance(batch_id, desk, batches)

    async def is_half_done() -> bool:
        return bool(at_provider(settings, "batches")[0]["request_counts"]["completed"] == 1)

    await until(is_half_done)
    await fetch("UPDATE batch SET state = 'cancelled' WHERE id = $1", batch_id)
    await fetch("UPDATE suggestion SET status = 'superseded' WHERE batch = $1", batch_id)

    assert await advance(batch_id, desk, batches) == provider.CANCELLING_S
    await finish(batch_id, desk, batches)

    (told,) = at_provider(settings, "batches")
    assert told["status"] == "cancelled"
    assert at_provider(settings, "files") == []
    assert [await status_of(each) for each in ids] == ["superseded"] * 2
    assert sorted([len(await model_calls(each)) for each in ids]) == [0, 1]
    assert len(stand_in.requests()) == 1


async def test_batch_when_cancelled_before_it_was_submitted_then_nothing_is_sent(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    batch_id, _ = await add_batch(shop, mail())
    await fetch("UPDATE batch SET state = 'cancelled' WHERE id = $1", batch_id)

    assert await advance(batch_id, desk, batches) is None

    assert (at_provider(settings, "batches"), stand_in.seen().count) == ([], 0)


async def test_step_when_it_died_after_the_upload_then_the_file_is_not_left_behind(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, settings: Settings
) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    run = await run_of(batch_id)
    assert await submit(run, provider=batches, cheap_model="", now=datetime.now(UTC))
    await statements.forget_provider(run)
    assert [each["filename"] for each in at_provider(settings, "files")] == [file_name(run)]

    await advance(batch_id, desk, batches)

    assert len([each for each in at_provider(settings, "files") if each["purpose"] == "batch"]) == 1
    await finish(batch_id, desk, batches)
    assert await status_of(suggestion_id) == "ready"
    assert (at_provider(settings, "files"), len(await model_calls(suggestion_id))) == ([], 1)


async def test_step_when_it_died_before_the_batch_was_made_then_it_is_made_of_the_file_that_is_there(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, settings: Settings
) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    file_id = await submit(await run_of(batch_id), provider=batches, cheap_model="", now=datetime.now(UTC))

    await advance(batch_id, desk, batches)

    (told,) = at_provider(settings, "batches")
    assert (told["input_file_id"], told["metadata"]) == (file_id, {"draftdesk_batch": str(batch_id)})
    await finish(batch_id, desk, batches)
    assert await status_of(suggestion_id) == "ready"


async def test_step_when_it_died_before_the_batch_was_recorded_then_no_second_one_is_made(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, settings: Settings
) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    file_id = await submit(await run_of(batch_id), provider=batches, cheap_model="", now=datetime.now(UTC))
    assert file_id is not None
    made = await batches.create(file_id, label=str(batch_id))

    assert await advance(batch_id, desk, batches) == provider.AT_ONCE_S

    assert (await batch_row(batch_id))["provider_batch_id"] == made.id
    await finish(batch_id, desk, batches)
    assert [each["id"] for each in at_provider(settings, "batches")] == [made.id]
    assert await status_of(suggestion_id) == "ready"


async def test_collect_when_run_again_then_every_answer_is_taken_and_paid_once(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches
) -> None:
    batch_id, ids = await add_batch(shop, mail(), mail(), mail())
    await advance(batch_id, desk, batches)
    await put_status(ids[0], "superseded")
    await until_ended(batch_id, batches)
    run = await run_of(batch_id)
    output_file_id = (await batches.get(run.provider_batch_id or "")).output_file_id
    assert output_file_id is not None

    taken = [await collect(run, output_file_id, desk=desk, provider=batches) for _ in range(2)]

    assert taken == [True, True]
    assert [await status_of(each) for each in ids] == ["superseded", "ready", "ready"]
    assert [len(await model_calls(each)) for each in ids] == [1, 1, 1]
