"""When the model's provider takes nothing from us: jobs wait without losing an attempt, and not for ever."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
import pytest_asyncio
import redis.asyncio

from service.db.engine import fetch
from service.drafting import ModelUnavailable
from service.drafting.model import OpenAIModel
from service.model_gate import ModelGate
from service.model_gate.scripts import STATE_KEY
from service.settings import Settings
from service.suggestions.gated_model import GatedModel
from service.suggestions.service import Desk, draft
from tests.factories import ShopAtWork
from tests.standin_control import Fault, Kind, StandInControl
from tests.storing import model_calls, store_suggestion, suggestion_row


@pytest_asyncio.fixture
async def gated(settings: Settings, desk: Desk, model: OpenAIModel) -> AsyncIterator[Desk]:
    """A desk whose model stands behind a gate."""
    client = redis.asyncio.Redis.from_url(settings.redis_url)
    await client.delete(STATE_KEY)
    yield replace(desk, model=GatedModel(model, ModelGate(client)))
    await client.delete(STATE_KEY)
    await client.aclose()


def unique_text() -> str:
    return f"Where is my parcel? My code is {secrets.token_hex(8)}."


async def let_it_wait(suggestion_id: UUID) -> None:
    """Do as if the provider had taken nothing for an hour."""
    await fetch("UPDATE suggestion SET held_back_since = now() - interval '1 hour' WHERE id = $1", suggestion_id)


@pytest.mark.parametrize(("kind", "error"), [("auth", "http_401"), ("quota", "insufficient_quota")])
async def test_draft_when_the_provider_refuses_us_then_it_and_the_next_wait_and_one_call_was_made(
    shop: ShopAtWork, stand_in: StandInControl, gated: Desk, kind: Kind, error: str
) -> None:
    text = unique_text()
    first, second = await store_suggestion(shop, text=text), await store_suggestion(shop, text=text)
    stand_in.script(Fault(kind, match=text, times=5))

    outcomes = [await draft(each, gated) for each in (first, second)]

    rows = [await suggestion_row(each) for each in (first, second)]
    assert outcomes == ["postponed", "postponed"]
    assert [(row["status"], row["attempt"], row["error"]) for row in rows] == [("queued", 0, error), ("queued", 0, "held_back")]
    assert all(row["next_send_at"] > row["started_at"] for row in rows)
    assert [call["error_type"] for call in await model_calls(first)] == [error]
    assert stand_in.seen().count == 1


async def test_draft_when_it_has_only_waited_in_a_long_queue_then_its_patience_with_the_provider_is_whole(
    shop: ShopAtWork, stand_in: StandInControl, gated: Desk
) -> None:
    text = unique_text()
    suggestion_id = await store_suggestion(shop, text=text)
    await fetch("UPDATE suggestion SET created_at = now() - interval '5 hours' WHERE id = $1", suggestion_id)
    stand_in.script(Fault("auth", match=text))

    assert await draft(suggestion_id, gated) == "postponed"

    assert (await suggestion_row(suggestion_id))["held_back_since"] is not None


@pytest.mark.parametrize(("kind", "error"), [("auth", "http_401"), ("quota", "insufficient_quota")])
async def test_draft_when_it_has_waited_long_enough_then_it_fails_visibly(
    shop: ShopAtWork, stand_in: StandInControl, gated: Desk, kind: Kind, error: str
) -> None:
    text = unique_text()
    refused, held = await store_suggestion(shop, text=text), await store_suggestion(shop, text=text)
    stand_in.script(Fault(kind, match=text))
    for each in (refused, held):
        await let_it_wait(each)

    outcomes = [await draft(each, gated) for each in (refused, held)]

    rows = [await suggestion_row(each) for each in (refused, held)]
    assert outcomes == ["failed", "failed"]
    assert [(row["status"], row["reason_code"], row["error"], row["kind"]) for row in rows] == [
        ("failed", "provider_refused", error, "fallback"),
        ("failed", "provider_down", "held_back", "fallback"),
    ]


async def test_draft_when_the_provider_asks_for_patience_then_nobody_calls_before(
    shop: ShopAtWork, stand_in: StandInControl, gated: Desk
) -> None:
    text = unique_text()
    first, second = await store_suggestion(shop, text=text), await store_suggestion(shop)
    stand_in.script(Fault("rate_limit", retry_after="120", match=text))

    with pytest.raises(ModelUnavailable):
        await draft(first, gated)
    outcome = await draft(second, gated)

    assert outcome == "postponed"
    assert (await suggestion_row(second))["attempt"] == 0
    assert stand_in.seen().count == 1


async def test_draft_when_our_own_cap_is_reached_then_it_waits_for_as_long_as_it_takes(
    shop: ShopAtWork, stand_in: StandInControl, settings: Settings, gated: Desk, model: OpenAIModel
) -> None:
    client = redis.asyncio.Redis.from_url(settings.redis_url)
    capped = replace(gated, model=GatedModel(model, ModelGate(client, requests_per_minute=1)))
    first, second = await store_suggestion(shop), await store_suggestion(shop)
    await let_it_wait(second)

    outcomes = [await draft(each, capped) for each in (first, second)]

    assert outcomes == ["ready", "postponed"]
    assert stand_in.seen().count == 1
    await client.aclose()


async def test_draft_when_the_request_itself_is_refused_then_the_gate_stays_open(
    shop: ShopAtWork, stand_in: StandInControl, gated: Desk
) -> None:
    text = unique_text()
    first, second = await store_suggestion(shop, text=text), await store_suggestion(shop)
    stand_in.script(Fault("bad_request", match=text))

    with pytest.raises(Exception, match="failed: provider_refused"):
        await draft(first, gated)

    assert await draft(second, gated) == "ready"
