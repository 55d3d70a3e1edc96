"""A worker that comes too late: what an agent holds or has decided is never written over, what the call cost is kept."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from service.db.engine import fetch
from service.drafting import Call, Draft, DraftedReply
from service.drafting.types import CustomerFacts, ShopVoice, Snapshot
from service.suggestions import repository, saving
from service.suggestions.types import Claim, Context, Disclosed
from tests.api.agents import DRAFT, make_ready
from tests.factories import ShopAtWork
from tests.storing import model_calls, store_suggestion, suggestion_row

CALL = Call(model="test", duration_s=0.1, input_tokens=10, output_tokens=5)
CONTEXT = Context(
    Snapshot(
        today="2026-11-25",
        language="en",
        shop=ShopVoice("Test", "en", "", ""),
        customer=CustomerFacts("Ada", vip=False),
        subject="Parcel",
        text="Where is it?",
    ),
    Disclosed("unknown", (), ()),
    "hash",
)
LATE = Draft(reply="Late words", language="en", intent="where_is_order", needs_human=False, missing_information=(), citations=())

HELD = "claimed_by = 'anna', claimed_until = now() + interval '5 min'"
RESOLVED = "outcome = 'edited', final_body = 'Hello', resolved_by = 'anna', resolved_at = now()"


async def overtaken_worker(shop: ShopAtWork) -> tuple[UUID, Claim]:
    """Return a suggestion that is ready, and the claim of a worker who was slower."""
    suggestion_id = await store_suggestion(shop)
    held = await repository.claim(suggestion_id)
    assert held is not None
    await make_ready(suggestion_id)
    return suggestion_id, held


@pytest.mark.parametrize("change", [HELD, RESOLVED])
async def test_save_when_an_agent_was_faster_then_nothing_changes_and_the_cost_is_kept(shop: ShopAtWork, change: str) -> None:
    suggestion_id, held = await overtaken_worker(shop)
    await fetch(f"UPDATE suggestion SET {change} WHERE id = $1", suggestion_id)
    before = await suggestion_row(suggestion_id)
    paid = [saving.PaidCall(CALL, Decimal("0.01"))]

    drafted = DraftedReply(LATE, (), (CALL,), "reply-3")
    is_saved = await saving.save_draft(held, paid, drafted, CONTEXT, budget_step="full")

    assert not is_saved
    assert await suggestion_row(suggestion_id) == before
    assert before["body"] == DRAFT
    assert [call["cost_usd"] for call in await model_calls(suggestion_id)] == [Decimal("0.0100000")]


@pytest.mark.parametrize("change", [HELD, RESOLVED])
async def test_failure_when_an_agent_was_faster_then_nothing_changes(shop: ShopAtWork, change: str) -> None:
    suggestion_id, held = await overtaken_worker(shop)
    await fetch(f"UPDATE suggestion SET {change} WHERE id = $1", suggestion_id)
    before = await suggestion_row(suggestion_id)

    failure = saving.Failure(reason_code="provider_down", error="timeout", body="We will write soon.", language="en")
    is_saved = await saving.save_failed(held, (), failure, budget_step="full")

    assert not is_saved
    assert await suggestion_row(suggestion_id) == before


@pytest.mark.parametrize("change", [HELD, RESOLVED])
async def test_worker_when_an_agent_has_it_then_there_is_no_work(shop: ShopAtWork, change: str) -> None:
    suggestion_id, _ = await overtaken_worker(shop)
    await fetch(f"UPDATE suggestion SET {change} WHERE id = $1", suggestion_id)

    assert await repository.claim(suggestion_id) is None
