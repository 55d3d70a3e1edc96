"""Batches that the provider answers as one file: what becomes of the answers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from service.batches import provider
from service.batches.provider_submit import discounted_usd, submit
from service.db.engine import fetch
from service.db.ids import uuid7
from service.drafting import Call
from service.drafting.prices import cost_usd
from service.drafting.provider_batch import ProviderBatches
from service.orders.service import apply
from service.settings import Settings
from service.suggestions.service import Desk, draft
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
from tests.orders.changes import order_change
from tests.standin_control import Fault, StandInControl
from tests.storing import model_calls, put_status, suggestion_row

PROVIDER_PATH = "/v1/batches"


async def test_batch_when_all_goes_well_then_every_suggestion_has_its_checked_draft_and_nothing_stays_behind(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    batch_id, suggestion_ids = await add_batch(shop, mail(), mail(), mail())

    assert await advance(batch_id, desk, batches) == provider.POLL_S
    submitted = await batch_row(batch_id)
    await finish(batch_id, desk, batches)

    assert submitted["provider_file_id"]
    assert submitted["provider_batch_id"]
    assert submitted["submitted_at"]
    rows = [await suggestion_row(each) for each in suggestion_ids]
    assert [(row["status"], row["kind"], row["model"], row["budget_step"], row["error"]) for row in rows] == [
        ("ready", "ai", "stand-in", "full", None)
    ] * 3
    assert all(row["body"] and row["snapshot"] and row["prompt_version"] for row in rows)
    calls = [call for each in suggestion_ids for call in await model_calls(each)]
    assert [(call["purpose"], call["error_type"]) for call in calls] == [("batch", None)] * 3
    assert all(call["request_id"].startswith("req_") and call["input_tokens"] > 0 for call in calls)
    assert [request.path for request in stand_in.requests()] == [PROVIDER_PATH] * 3
    after = await batch_row(batch_id)
    assert (after["provider_file_id"], after["provider_batch_id"], after["error"]) == (None, None, None)
    assert at_provider(settings, "files") == []


async def test_batch_when_submitted_then_no_relay_sends_its_suggestions(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl
) -> None:
    stand_in.script_batches(seconds=60)
    batch_id, (suggestion_id,) = await add_batch(shop, mail())

    await advance(batch_id, desk, batches)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["next_send_at"], len(row["prompt_hash"])) == ("pending", None, 64)


async def test_batch_when_it_is_under_way_then_it_is_asked_for_again_later(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    stand_in.script_batches(seconds=60)
    batch_id, _ = await add_batch(shop, mail())

    waits = [await advance(batch_id, desk, batches) for _ in range(3)]

    assert waits == [provider.POLL_S] * 3
    assert len(at_provider(settings, "batches")) == 1


async def test_batch_when_an_order_changed_meanwhile_then_that_answer_is_thrown_away_and_asked_for_anew(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches
) -> None:
    await apply(shop.id, order_change())
    batch_id, (suggestion_id,) = await add_batch(shop, mail())

    await advance(batch_id, desk, batches)
    await apply(shop.id, order_change(fulfilment="shipped", updated_at=datetime.now(UTC)))
    await finish(batch_id, desk, batches)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["attempt"], row["error"], row["body"]) == ("queued", 0, "prompt_changed", None)
    assert await is_due(suggestion_id)
    assert [call["purpose"] for call in await model_calls(suggestion_id)] == ["batch"]
    assert await draft(suggestion_id, desk) == "ready"


async def test_batch_when_its_day_is_over_then_yesterdays_prompt_still_counts(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches
) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    run = await run_of(batch_id)
    yesterday = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert await submit(run, provider=batches, cheap_model="", now=yesterday)

    await finish(batch_id, desk, batches)

    assert await status_of(suggestion_id) == "ready"


async def test_batch_when_a_newer_mail_overtook_it_then_only_the_cost_is_kept(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches
) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    await advance(batch_id, desk, batches)
    await put_status(suggestion_id, "superseded")

    await finish(batch_id, desk, batches)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["body"]) == ("superseded", None)
    assert [call["purpose"] for call in await model_calls(suggestion_id)] == ["batch"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [("bad_json", "invalid_output"), ("refusal", "refusal"), ("truncated", "truncated"), ("wrong_fact", "failed_check")],
)
async def test_batch_when_an_answer_is_of_no_use_then_its_suggestion_goes_the_ordinary_way(  # noqa: PLR0917 - pytest's fixtures
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, kind: Any, error: str
) -> None:
    bad, good = mail(), mail()
    batch_id, (failing, fine) = await add_batch(shop, bad, good)
    stand_in.script(Fault(kind, match=bad))

    await advance(batch_id, desk, batches)
    await finish(batch_id, desk, batches)

    row = await suggestion_row(failing)
    assert (row["status"], row["attempt"], row["error"]) == ("queued", 0, error)
    assert await is_due(failing)
    assert await status_of(fine) == "ready"


async def test_batch_when_lines_fail_or_are_missing_then_their_suggestions_go_the_ordinary_way(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    failed, missing, good = mail(), mail(), mail()
    batch_id, ids = await add_batch(shop, failed, missing, good)
    stand_in.script(Fault("server_error", match=failed))
    stand_in.script_batches(missing=missing)

    await advance(batch_id, desk, batches)
    await finish(batch_id, desk, batches)

    assert [await status_of(each) for each in ids] == ["pending", "pending", "ready"]
    assert [await is_due(each) for each in ids] == [True, True, False]
    assert [len(await model_calls(each)) for each in ids] == [0, 0, 1]
    assert at_provider(settings, "files") == []


async def test_batch_when_one_file_has_no_room_for_all_then_another_follows(
    shop: ShopAtWork, desk: Desk, settings: Settings, stand_in: StandInControl
) -> None:
    assert stand_in.seen().count == 0
    batch_id, suggestion_ids = await add_batch(shop, mail(), mail(), mail())
    narrow = ProviderBatches(api_key="any", base_url=settings.openai_base_url, model="m", api="chat", max_lines=2)

    await finish(batch_id, desk, narrow)
    await narrow.close()

    assert [await status_of(each) for each in suggestion_ids] == ["ready"] * 3
    assert [each["request_counts"]["total"] for each in at_provider(settings, "batches")] == [1, 2]
    assert [len(await model_calls(each)) for each in suggestion_ids] == [1, 1, 1]


async def test_batch_when_the_budget_is_short_then_it_is_asked_shortly_and_still_taken(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches
) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    await spend_of_budget(shop, suggestion_id, Decimal("7.60"))

    await advance(batch_id, desk, batches)
    await finish(batch_id, desk, batches)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["budget_step"]) == ("ready", "short")


async def test_batch_when_the_budget_has_no_room_for_all_then_the_first_file_is_no_dearer(
    shop: ShopAtWork, desk: Desk, settings: Settings, stand_in: StandInControl
) -> None:
    assert stand_in.seen().count == 0
    await fetch("UPDATE shop SET monthly_budget_usd = 0.01 WHERE id = $1", shop.id)
    batch_id, _ = await add_batch(shop, *(mail() for _ in range(20)))
    dear = ProviderBatches(api_key="any", base_url=settings.openai_base_url, model="gpt-5-mini", api="responses")

    await advance(batch_id, desk, dear)
    await until_ended(batch_id, dear)
    await dear.close()

    (told,) = at_provider(settings, "batches")
    assert 0 < told["request_counts"]["total"] < 20


async def test_batch_when_the_budget_is_spent_then_nothing_is_submitted_and_it_ends_as_ever(
    shop: ShopAtWork, desk: Desk, batches: ProviderBatches, stand_in: StandInControl, settings: Settings
) -> None:
    batch_id, (suggestion_id,) = await add_batch(shop, mail())
    await spend_of_budget(shop, suggestion_id, Decimal("9.60"))

    assert await advance(batch_id, desk, batches) is None

    assert (at_provider(settings, "batches"), stand_in.seen().count) == ([], 0)
    assert await draft(suggestion_id, desk) == "failed"
    assert (await suggestion_row(suggestion_id))["reason_code"] == "budget"


async def spend_of_budget(shop: ShopAtWork, suggestion_id: UUID, usd: Decimal) -> None:
    """Give the shop ten dollars a month and let so much of it be spent."""
    await fetch("UPDATE shop SET monthly_budget_usd = 10 WHERE id = $1", shop.id)
    await fetch(
        """INSERT INTO model_call (shop, suggestion, attempt, model, input_tokens, cost_usd, duration_s, id)
           VALUES ($1, $2, 1, 'm', 100, $3, 1, $4)""",
        shop.id,
        suggestion_id,
        usd,
        uuid7(),
    )


def test_price_when_it_is_of_a_batch_then_it_is_half() -> None:
    call = Call(model="gpt-5-mini", duration_s=0, input_tokens=10_000, output_tokens=1_000)

    price_usd = cost_usd(call)
    assert price_usd
    assert discounted_usd(call) == price_usd / 2


def test_price_when_it_is_unknown_then_half_of_it_is_unknown_too() -> None:
    assert discounted_usd(Call(model="stand-in", duration_s=0, input_tokens=1, output_tokens=1)) is None
