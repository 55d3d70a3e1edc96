"""Dead letters that are put back into work, and those that are not."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from uuid import UUID, uuid4

import pytest

from service.db.engine import fetch
from service.db.ids import uuid7
from service.db.unit_of_work import unit_of_work
from service.inbox.outbound import lock_thread
from service.jobs import DraftJob, Priority
from service.suggestions.dead_letters.queries import list_dead_letters
from service.suggestions.dead_letters.retrying import MAX_PUBLISHED, retry_cause, retry_letters
from service.suggestions.dead_letters.types import Cause, Kept, Retried
from service.suggestions.service import Desk, draft
from tests.factories import ShopAtWork, make_shop
from tests.standin_control import StandInControl
from tests.storing import store_mail, store_suggestion, suggestion_row
from tests.suggestions.letters import dead_letter, fail
from tests.suggestions.spending import add_suggestion
from tests.waiting import until

PROVIDER_DOWN = Cause("provider_down")


async def retry(shop: ShopAtWork, *suggestion_ids: UUID, head_start_s: float = 0.0) -> Retried:
    async with unit_of_work():
        return await retry_letters(shop.id, suggestion_ids, head_start_s=head_start_s)


async def retry_all(shop: ShopAtWork, cause: Cause = PROVIDER_DOWN, *, limit: int = 1_000) -> Retried:
    async with unit_of_work():
        return await retry_cause(shop.id, cause, limit=limit, head_start_s=0)


async def put(suggestion_id: UUID, change: str) -> None:
    await fetch(f"UPDATE suggestion SET {change} WHERE id = $1", suggestion_id)


async def test_retry_when_it_is_put_back_then_nothing_of_the_failure_is_left(shop: ShopAtWork) -> None:
    old, fresh = await dead_letter(shop), await store_suggestion(shop)
    before = await suggestion_row(old)

    retried = await retry(shop, old)

    row, as_new = await suggestion_row(old), dict(await suggestion_row(fresh))
    kept = {name: before[name] for name in ("id", "thread", "message", "created_at", "waiting_since", "instruction")}
    assert retried == Retried(put_back=(old,), kept=(), jobs=(DraftJob(old),))
    assert row["next_send_at"] > row["retried_at"] > before["finished_at"]
    moved = {name: row[name] for name in ("next_send_at", "retried_at")}
    assert dict(row) == as_new | kept | moved | {"version": before["version"] + 1}


async def test_retry_when_it_is_put_back_then_the_same_row_is_drafted(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    suggestion_id = await dead_letter(shop, text=f"Where is my parcel? {secrets.token_hex(8)}")
    await retry(shop, suggestion_id)

    outcome = await draft(suggestion_id, desk)

    row = await suggestion_row(suggestion_id)
    assert (outcome, row["status"], row["kind"], row["reason_code"], row["attempt"]) == ("ready", "ready", "ai", None, 1)
    assert (stand_in.seen().count, await list_dead_letters(shop.id, limit=1)) == (1, [])


async def test_retry_when_it_is_a_vips_or_a_batchs_then_it_has_their_place(shop: ShopAtWork) -> None:
    normal, vip, of_batch = await dead_letter(shop, waited_s=900), await dead_letter(shop, vip=True), await dead_letter(shop)
    await put(of_batch, "priority = 20")

    retried = await retry(shop, normal, vip, of_batch)

    assert retried.jobs == (DraftJob(vip, Priority.VIP), DraftJob(normal, Priority.NORMAL), DraftJob(of_batch, Priority.BATCH))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("outcome = 'edited'", "resolved"),
        ("status = 'pending'", "not_failed"),
        ("status = 'ready'", "not_failed"),
        ("status = 'superseded'", "not_failed"),
        ("claimed_by = 'anna', claimed_until = now() + interval '1 min'", "claimed"),
    ],
)
async def test_retry_when_it_is_not_to_be_put_back_then_it_stays_and_the_answer_says_why(
    shop: ShopAtWork, change: str, why: str
) -> None:
    suggestion_id = await dead_letter(shop)
    await put(suggestion_id, change)
    before = await suggestion_row(suggestion_id)

    retried = await retry(shop, suggestion_id)

    assert retried == Retried(put_back=(), kept=(Kept(suggestion_id, why),))  # type: ignore[arg-type]
    assert await suggestion_row(suggestion_id) == before


async def test_retry_when_there_is_none_or_it_is_another_shops_then_both_answer_alike(shop: ShopAtWork) -> None:
    foreign, unknown = await dead_letter(await make_shop()), uuid4()

    retried = await retry(shop, foreign, unknown)

    assert retried.kept == (Kept(foreign, "not_found"), Kept(unknown, "not_found"))
    assert (await suggestion_row(foreign))["status"] == "failed"


async def test_retry_when_a_claim_has_lapsed_then_it_ends(shop: ShopAtWork) -> None:
    suggestion_id = await dead_letter(shop)
    await put(suggestion_id, "claimed_by = 'anna', claimed_until = now() - interval '1 s'")

    assert (await retry(shop, suggestion_id)).put_back == (suggestion_id,)
    assert (await suggestion_row(suggestion_id))["claimed_by"] is None


async def test_retry_when_the_customer_has_written_again_then_the_newer_mail_is_answered(shop: ShopAtWork) -> None:
    old = await dead_letter(shop, from_="ada@x.example", message_id="<root@x>")
    newer = await store_suggestion(shop, from_="ada@x.example", in_reply_to="<root@x>")
    await fail(newer)

    retried = await retry(shop, old, newer)

    assert (retried.put_back, retried.kept) == ((newer,), (Kept(old, "newer_message"),))


async def test_retry_when_a_machine_wrote_since_then_it_is_put_back(shop: ShopAtWork) -> None:
    suggestion_id = await dead_letter(shop, from_="ada@x.example", message_id="<root@x>")
    await store_mail(shop, from_="ada@x.example", in_reply_to="<root@x>", headers=[["Auto-Submitted", "auto-replied"]])

    assert (await retry(shop, suggestion_id)).put_back == (suggestion_id,)


async def copy_of(suggestion_id: UUID) -> UUID:
    """Store another suggestion for the same message."""
    other = uuid7()
    await fetch(
        """INSERT INTO suggestion (id, shop, thread, message, status, reason_code, kind)
           SELECT $2, shop, thread, message, status, reason_code, kind FROM suggestion WHERE id = $1""",
        suggestion_id,
        other,
    )
    return other


@pytest.mark.parametrize("change", ["status = 'drafting'", "status = 'ready'", "status = 'ready', claimed_by = 'anna'"])
async def test_retry_when_another_suggestion_of_the_message_lives_then_it_stays(shop: ShopAtWork, change: str) -> None:
    suggestion_id = await dead_letter(shop)
    await put(await copy_of(suggestion_id), change)

    assert (await retry(shop, suggestion_id)).kept == (Kept(suggestion_id, "other_suggestion"),)


async def test_retry_when_two_of_one_thread_are_named_then_the_newest_is_put_back(shop: ShopAtWork) -> None:
    older = await dead_letter(shop)
    newer = await copy_of(older)

    retried = await retry(shop, older, newer, newer)

    assert (retried.put_back, retried.kept) == ((newer,), (Kept(older, "other_suggestion"),))


async def test_retry_of_a_cause_when_there_are_more_than_the_limit_then_vips_and_the_longest_wait_go_first(
    shop: ShopAtWork,
) -> None:
    young, old, vip = [
        await dead_letter(shop, waited_s=waited_s, vip=is_vip) for waited_s, is_vip in ((50, False), (90, False), (5, True))
    ]
    other = await dead_letter(shop, reason="poison")
    held = await dead_letter(shop, waited_s=500)
    await put(held, "claimed_by = 'anna', claimed_until = now() + interval '1 min'")

    first, second = await retry_all(shop, limit=2), await retry_all(shop, limit=2)

    assert (first.put_back, first.kept, first.left) == ((vip, old), (), 1)
    assert (second.put_back, second.kept, second.left) == ((young,), (), 0)
    assert [(await suggestion_row(each))["status"] for each in (other, held)] == ["failed", "failed"]
    assert (await suggestion_row(vip))["next_send_at"] < (await suggestion_row(old))["next_send_at"]


async def test_retry_of_a_cause_when_an_error_is_named_then_its_letters_alone(shop: ShopAtWork) -> None:
    wanted, _ = await dead_letter(shop, error="http_500"), await dead_letter(shop)
    bare = await dead_letter(shop)
    await put(bare, "error = NULL")

    assert (await retry_all(shop, Cause("provider_down", "http_500"))).put_back == (wanted,)
    assert (await retry_all(shop, Cause("provider_down", ""))).put_back == (bare,)


async def test_retry_when_there_are_many_then_their_jobs_are_left_to_the_relay(shop: ShopAtWork) -> None:
    parent = await dead_letter(shop)
    await fetch("DELETE FROM suggestion WHERE id = $1", parent)
    for _ in range(MAX_PUBLISHED + 1):
        await put(await add_suggestion(shop, status="failed", reason="provider_down"), "kind = 'fallback'")

    retried = await retry_all(shop)

    assert (len(retried.put_back), retried.jobs) == (MAX_PUBLISHED + 1, ())


async def test_retry_when_something_happens_in_the_thread_just_now_then_it_is_waited_for(shop: ShopAtWork) -> None:
    suggestion_id = await dead_letter(shop)
    is_held = asyncio.Event()

    async def resolve() -> None:
        async with unit_of_work():
            await lock_thread(shop.id, (await suggestion_row(suggestion_id))["thread"])
            is_held.set()
            await until(somebody_waits)
            await put(suggestion_id, "outcome = 'edited'")

    async def retry_then() -> Retried:
        await is_held.wait()
        return await retry(shop, suggestion_id)

    _, retried = await asyncio.gather(resolve(), retry_then())

    assert retried.kept == (Kept(suggestion_id, "resolved"),)


async def somebody_waits() -> bool:
    # Not pg_stat_activity: within one transaction that shows what its first look saw.
    return len(await fetch("SELECT FROM pg_locks WHERE NOT granted")) > 0


async def test_retry_when_ten_come_at_once_then_each_letter_is_put_back_once(shop: ShopAtWork) -> None:
    ids = [await dead_letter(shop) for _ in range(12)]

    calls = [retry(shop, *ids[number % 3 :], *ids[: number % 3]) if number % 2 else retry_all(shop) for number in range(10)]
    told = await asyncio.gather(*calls)

    assert Counter(each for retried in told for each in retried.put_back) == dict.fromkeys(ids, 1)
    assert {(await suggestion_row(each))["version"] for each in ids} == {3}
