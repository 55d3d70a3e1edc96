"""The messages that a filter stands for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.batches import service
from service.batches.queries import matching_messages
from service.batches.types import Filter
from service.db.engine import fetch
from service.db.ids import uuid7, uuid7_floor
from service.errors import InvalidInput
from service.inbox.outbound import store_reply
from service.suggestions.periods import Period, period_of
from tests.api.agents import failed, ready
from tests.batches.asking import ask, mail, many_mails, message_of, told
from tests.factories import ShopAtWork, make_shop
from tests.storing import store_mail, store_suggestion

TODAY = datetime.now(UTC).date()
LAST_DAYS = period_of(None, None, today=TODAY)


async def matching(shop: ShopAtWork, period: Period = LAST_DAYS, **options: Any) -> list[UUID]:
    return await matching_messages(shop.id, Filter(period, **options), limit=100)


async def test_filter_when_it_says_nothing_then_ready_and_failed_ones_match_oldest_first(shop: ShopAtWork) -> None:
    first, second = await failed(shop), await ready(shop)
    await store_suggestion(shop)
    await mail(shop)
    await ready(await make_shop())

    assert await matching(shop) == [await message_of(first), await message_of(second)]


async def test_filter_when_it_names_a_status_or_a_reason_then_only_those_match(shop: ShopAtWork) -> None:
    down, good, blocked = await failed(shop), await ready(shop), await failed(shop)
    await fetch("UPDATE suggestion SET reason_code = 'failed_check' WHERE id = $1", blocked)

    assert await matching(shop, status="ready") == [await message_of(good)]
    assert await matching(shop, status="failed") == [await message_of(down), await message_of(blocked)]
    assert await matching(shop, status="failed", reason_code="failed_check") == [await message_of(blocked)]


async def test_filter_when_it_names_days_then_both_are_included(shop: ShopAtWork) -> None:
    days = [date(2026, 3, day) for day in (1, 2, 3, 4)]
    messages = []
    for day in days:
        suggestion_id = await ready(shop)
        messages.append(await put_on(suggestion_id, datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)))

    assert await matching(shop, Period(days[1], days[2])) == messages[1:3]


async def put_on(suggestion_id: UUID, at: datetime) -> UUID:
    """Do as if a mail had come at that moment: ids hold their time."""
    old, new = await message_of(suggestion_id), UUID(int=uuid7_floor(at).int + suggestion_id.int % 2**60)
    await fetch(
        """WITH moved AS (INSERT INTO message SELECT (jsonb_populate_record(message, jsonb_build_object('id', $2::uuid,
           'rfc_message_id', $2::text))).* FROM message WHERE id = $1 RETURNING id)
           UPDATE suggestion SET message = moved.id FROM moved WHERE suggestion.message = $1""",
        old,
        new,
    )
    await fetch("DELETE FROM message WHERE id = $1", old)
    return new


async def answered(shop: ShopAtWork, suggestion_id: UUID) -> None:
    reply_id = uuid7()
    await store_reply(shop.id, await message_of(suggestion_id), outbound_id=reply_id, reply_id=reply_id, text="Soon.")


async def overtaken(shop: ShopAtWork, suggestion_id: UUID) -> None:
    message_id = await message_of(suggestion_id)
    await fetch("UPDATE message SET rfc_message_id = $2 WHERE id = $1", message_id, f"{message_id}@x")
    # A failed one stays failed when a newer mail comes.
    await store_mail(shop, in_reply_to=f"<{message_id}@x>")


async def resolved(_: ShopAtWork, suggestion_id: UUID) -> None:
    await fetch("UPDATE suggestion SET outcome = 'rejected' WHERE id = $1", suggestion_id)


@pytest.mark.parametrize("meanwhile", [answered, overtaken, resolved])
async def test_filter_when_nobody_waits_for_the_draft_then_it_does_not_match(shop: ShopAtWork, meanwhile: Any) -> None:
    await meanwhile(shop, await failed(shop))
    left = await failed(shop)

    assert await matching(shop) == [await message_of(left)]


async def test_filter_when_a_message_has_two_that_match_then_it_comes_once(shop: ShopAtWork) -> None:
    good = await ready(shop)
    await fetch(
        """INSERT INTO suggestion (id, shop, thread, message, status, kind)
           SELECT $2, shop, thread, message, 'failed', 'fallback' FROM suggestion WHERE id = $1""",
        good,
        uuid7(),
    )

    assert await matching(shop) == [await message_of(good)]


async def test_batch_when_its_filter_matches_nothing_then_it_is_finished(shop: ShopAtWork) -> None:
    batch_id = await ask(shop, Filter(Period(TODAY - timedelta(days=3), TODAY - timedelta(days=2))))

    found = await told(shop, batch_id)
    assert (found.state, found.total, found.expanded) == ("finished", 0, 0)
    assert found.finished_at is not None


async def test_batch_when_its_filter_matches_too_many_then_a_sentence_and_no_batch(shop: ShopAtWork) -> None:
    await many_mails(shop, service.MAX_MESSAGES + 1)
    await fetch("UPDATE suggestion SET status = 'failed' WHERE shop = $1 AND status = 'ready'", shop.id)
    whole = Period(date(2000, 1, 1), date(2999, 12, 31))

    with pytest.raises(InvalidInput, match="10,000"):
        await ask(shop, Filter(whole, status="failed"))
    assert await fetch("SELECT FROM batch WHERE shop = $1", shop.id) == []
