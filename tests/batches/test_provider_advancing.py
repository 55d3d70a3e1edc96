"""A provider's batch from the wish for it to its end, as the worker's steps move it on."""

from __future__ import annotations

from uuid import UUID

from service.batches import service
from service.batches.advancing import advance
from service.batches.queries import get_batch
from service.batches.types import NewBatch
from service.db.engine import fetch
from service.db.unit_of_work import unit_of_work
from service.drafting.provider_batch import ProviderBatches
from service.settings import Settings
from service.suggestions.service import Desk, draft
from tests.batches.provider_rounds import at_provider, is_due, mail, status_of
from tests.factories import ShopAtWork
from tests.standin_control import Fault, StandInControl
from tests.storing import store_mail
from tests.waiting import until


async def drafted_messages(shop: ShopAtWork, desk: Desk, *texts: str) -> list[tuple[UUID, UUID]]:
    """Store mails with their drafts; return each message with its suggestion."""
    found = []
    for text in texts:
        receipt = await store_mail(shop, text=text)
        assert receipt.message_id is not None
        assert receipt.suggestion_id is not None
        assert await draft(receipt.suggestion_id, desk) == "ready"
        found.append((receipt.message_id, receipt.suggestion_id))
    return found


async def wish(shop: ShopAtWork, *message_ids: UUID) -> UUID:
    async with unit_of_work():
        done = await service.create(shop.id, NewBatch(wanted=message_ids, created_by="tests", is_provider_batch=True))
    return done.id


async def step(batch_id: UUID, desk: Desk, settings: Settings) -> str:
    """Run a step now, whenever it is due."""
    await fetch("UPDATE batch SET next_step_at = now() WHERE id = $1 AND next_step_at IS NOT NULL", batch_id)
    return await advance(batch_id, desk=desk, open_provider=lambda: ProviderBatches.opened(settings))


async def suggestions_of(batch_id: UUID) -> list[UUID]:
    return [row["id"] for row in await fetch("SELECT id FROM suggestion WHERE batch = $1 ORDER BY id", batch_id)]


async def test_batch_when_its_steps_are_run_then_it_finishes_with_every_draft_anew(
    shop: ShopAtWork, desk: Desk, stand_in: StandInControl, settings: Settings
) -> None:
    messages = await drafted_messages(shop, desk, mail(), mail(), mail())
    calls_before = stand_in.seen().count
    batch_id = await wish(shop, *(message_id for message_id, _ in messages))

    async def has_ended() -> bool:
        return await step(batch_id, desk, settings) == "ended"

    await until(has_ended)

    found = await get_batch(shop.id, batch_id)
    assert found is not None
    assert (found.state, found.drafted, found.waiting, found.failed, found.error) == ("finished", 3, 0, 0, None)
    assert [await status_of(old) for _, old in messages] == ["superseded"] * 3
    assert [request.path for request in stand_in.requests()[calls_before:]] == ["/v1/batches"] * 3
    assert at_provider(settings, "files") == []


async def test_batch_when_a_line_fails_then_it_ends_once_the_ordinary_way_has_a_draft(
    shop: ShopAtWork, desk: Desk, stand_in: StandInControl, settings: Settings
) -> None:
    text = mail()
    [(message_id, _)] = await drafted_messages(shop, desk, text)
    stand_in.script(Fault("server_error", match=text))
    batch_id = await wish(shop, message_id)

    async def is_handed_over() -> bool:
        await step(batch_id, desk, settings)
        return all([await is_due(each) for each in await suggestions_of(batch_id)])

    await step(batch_id, desk, settings)
    await until(is_handed_over)
    [suggestion_id] = await suggestions_of(batch_id)
    outcomes = [await step(batch_id, desk, settings), await draft(suggestion_id, desk), await step(batch_id, desk, settings)]

    assert outcomes == ["moved_on", "ready", "ended"]


async def test_batch_when_it_is_cancelled_then_the_old_drafts_come_back_and_the_provider_stops(
    shop: ShopAtWork, desk: Desk, stand_in: StandInControl, settings: Settings
) -> None:
    stand_in.script_batches(seconds=60)
    messages = await drafted_messages(shop, desk, mail(), mail())
    batch_id = await wish(shop, *(message_id for message_id, _ in messages))

    async def is_submitted() -> bool:
        await step(batch_id, desk, settings)
        return bool(at_provider(settings, "batches"))

    await until(is_submitted)
    await service.cancel(shop.id, batch_id)

    async def has_ended() -> bool:
        return await step(batch_id, desk, settings) == "ended"

    await until(has_ended)

    assert [await status_of(old) for _, old in messages] == ["ready"] * 2
    assert [await status_of(new) for new in await suggestions_of(batch_id)] == ["superseded"] * 2
    assert [each["status"] for each in at_provider(settings, "batches")] == ["cancelled"]
    assert at_provider(settings, "files") == []
