"""A changed order: drafts that no longer hold are drafted anew, the others stay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from service.db.engine import fetch
from service.orders.service import apply
from service.providers.records import OrderChange, RefundChange
from service.suggestions.rechecks import recheck
from service.suggestions.service import Desk, draft
from tests.factories import ShopAtWork
from tests.storing import put_status, store_suggestion, suggestion_row

ADA, EVE = "ada@customer.example", "eve@customer.example"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def tell(shop: ShopAtWork, *, minutes: int = 0, email: str = ADA, **changes: Any) -> None:
    change: dict[str, Any] = {
        "external_id": f"{email}-1",
        "number": "#1042",
        "customer_email": email,
        "status": "paid",
        "fulfilment": "unfulfilled",
        "placed_at": NOW,
        "updated_at": NOW + timedelta(minutes=minutes),
        "currency": "EUR",
        "total": Decimal("19.90"),
        **changes,
    }
    await apply(shop.id, OrderChange(**change))


async def ready(shop: ShopAtWork, desk: Desk) -> UUID:
    """Return a drafted suggestion of Ada's, who has one order."""
    await tell(shop)
    suggestion_id = await store_suggestion(shop)
    assert await draft(suggestion_id, desk) == "ready"
    return suggestion_id


async def live(thread_id: UUID) -> list[Any]:
    return list(await fetch("SELECT * FROM suggestion WHERE thread = $1 AND status <> 'superseded' ORDER BY id", thread_id))


async def recheck_all() -> None:
    """Compare all that is marked; other tests' rows may be among it."""
    while (await recheck(200)).compared:
        pass


async def test_recheck_when_the_order_has_shipped_then_the_draft_is_superseded_and_drafted_anew(
    shop: ShopAtWork, desk: Desk
) -> None:
    old = await ready(shop, desk)
    before = await suggestion_row(old)
    await tell(shop, minutes=1, fulfilment="shipped")

    await recheck_all()

    after = await suggestion_row(old)
    assert (after["status"], after["reason_code"], after["body"]) == ("superseded", "order_changed", before["body"])
    (new,) = await live(after["thread"])
    assert (new["status"], new["message"], new["priority"]) == ("pending", after["message"], after["priority"])
    assert (new["waiting_since"], new["attempt"]) == (after["waiting_since"], 0)
    assert await draft(new["id"], desk) == "ready"
    assert (await suggestion_row(new["id"]))["order_hash"] != before["order_hash"]


@pytest.mark.parametrize(
    "changes",
    [{"minutes": -1, "fulfilment": "shipped"}, {"minutes": 1, "carrier": "DHL"}, {"minutes": 1}],
    ids=["older", "not told to this sender", "nothing"],
)
async def test_recheck_when_nothing_changed_that_was_told_then_the_draft_stays(
    shop: ShopAtWork, desk: Desk, changes: dict[str, Any]
) -> None:
    suggestion_id = await ready(shop, desk)
    await tell(shop, **changes)

    await recheck_all()

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["reason_code"], row["recheck_at"]) == ("ready", None, None)


async def test_recheck_when_money_went_back_then_the_mark_is_set(shop: ShopAtWork, desk: Desk) -> None:
    suggestion_id = await ready(shop, desk)
    refund = RefundChange(external_id="r1", order_external_id=f"{ADA}-1", amount=Decimal("5.00"), currency="EUR", refunded_at=NOW)

    assert await apply(shop.id, refund)

    assert (await suggestion_row(suggestion_id))["recheck_at"] is not None


async def test_recheck_when_anothers_order_changes_then_the_draft_is_not_looked_at(shop: ShopAtWork, desk: Desk) -> None:
    suggestion_id = await ready(shop, desk)
    await tell(shop, email=EVE)

    assert (await suggestion_row(suggestion_id))["recheck_at"] is None


async def test_recheck_when_the_order_went_to_another_customer_then_the_firsts_draft_is_overtaken(
    shop: ShopAtWork, desk: Desk
) -> None:
    suggestion_id = await ready(shop, desk)
    await tell(shop, minutes=1, external_id=f"{ADA}-1", customer_email=EVE)

    await recheck_all()

    assert (await suggestion_row(suggestion_id))["reason_code"] == "order_changed"


async def test_recheck_when_an_agent_holds_it_then_it_stays_marked_and_its_version_moves(shop: ShopAtWork, desk: Desk) -> None:
    suggestion_id = await ready(shop, desk)
    before = await suggestion_row(suggestion_id)
    await fetch("UPDATE suggestion SET claimed_by = 'anna', claimed_until = now() + interval '5 min' WHERE id = $1", suggestion_id)
    await tell(shop, minutes=1, fulfilment="shipped")

    await recheck_all()

    after = await suggestion_row(suggestion_id)
    assert (after["status"], after["reason_code"], after["claimed_by"]) == ("ready", "order_changed", "anna")
    assert (after["body"], after["version"]) == (before["body"], before["version"] + 1)
    assert len(await live(after["thread"])) == 1


async def test_recheck_when_it_is_resolved_then_it_is_left_alone(shop: ShopAtWork, desk: Desk) -> None:
    suggestion_id = await ready(shop, desk)
    await fetch("UPDATE suggestion SET outcome = 'accepted' WHERE id = $1", suggestion_id)
    await tell(shop, minutes=1, fulfilment="shipped")

    await recheck_all()

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["outcome"], row["recheck_at"]) == ("ready", "accepted", None)


async def test_recheck_when_a_worker_is_drafting_then_the_mark_waits_for_its_end(shop: ShopAtWork, desk: Desk) -> None:
    suggestion_id = await ready(shop, desk)
    await put_status(suggestion_id, "drafting")
    await tell(shop, minutes=1, fulfilment="shipped")
    await recheck_all()
    waiting = await suggestion_row(suggestion_id)
    await put_status(suggestion_id, "ready")

    await recheck_all()

    assert (waiting["status"], waiting["recheck_at"] is None) == ("drafting", False)
    assert (await suggestion_row(suggestion_id))["status"] == "superseded"


async def test_recheck_when_two_relays_pass_at_once_then_one_successor(shop: ShopAtWork, desk: Desk) -> None:
    suggestion_id = await ready(shop, desk)
    await tell(shop, minutes=1, fulfilment="shipped")

    await asyncio.gather(*(recheck(50) for _ in range(4)))

    row = await suggestion_row(suggestion_id)
    assert (row["status"], len(await live(row["thread"]))) == ("superseded", 1)
