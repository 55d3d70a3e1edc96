"""A suggestion's draft: what is saved when it goes well, and what when it does not."""

from __future__ import annotations

import asyncio
import secrets
from datetime import date

import pytest

from service.db.engine import fetch, fetch_row
from service.drafting import DraftedReply, ModelUnavailable, fallback_text
from service.drafting.types import Call, Draft
from service.suggestions import repository, saving
from service.suggestions.context import read_context
from service.suggestions.saving import Failure, PaidCall
from service.suggestions.service import Desk, SuggestionFailed, draft
from tests.factories import ShopAtWork, make_shop
from tests.standin_control import Fault, Kind, StandInControl
from tests.storing import let_lease_lapse, model_calls, put_status, store_mail, store_suggestion, suggestion_row
from tests.waiting import until


def unique_text() -> str:
    return f"Where is my parcel? My code is {secrets.token_hex(8)}."


async def was_asked(stand_in: StandInControl) -> bool:
    return stand_in.seen().count > 0


async def test_draft_when_the_model_answers_then_it_is_ready_with_all_it_says(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    suggestion_id = await store_suggestion(shop, text=unique_text())

    outcome = await draft(suggestion_id, desk)

    row = await suggestion_row(suggestion_id)
    assert outcome == "ready"
    assert (row["status"], row["kind"], row["reason_code"], row["error"]) == ("ready", "ai", None, None)
    assert (row["model"], row["language"], row["attempt"]) == ("stand-in", "en", 1)
    assert row["body"]
    assert row["intent"] == "where_is_order"
    assert row["prompt_version"]
    assert row["needs_human"] is not None
    assert (row["lease_token"], row["lease_until"], row["next_send_at"]) == (None, None, None)
    assert row["created_at"] < row["started_at"] <= row["finished_at"]
    (call,) = await model_calls(suggestion_id)
    assert (call["shop"], call["attempt"], call["model"], call["error_type"]) == (shop.id, 1, "stand-in", None)
    assert call["request_id"]
    assert call["input_tokens"] > 0
    assert call["output_tokens"] > 0
    assert call["duration_s"] > 0
    assert stand_in.seen().count == 1


async def test_draft_when_run_again_then_the_model_is_not_asked(shop: ShopAtWork, stand_in: StandInControl, desk: Desk) -> None:
    suggestion_id = await store_suggestion(shop)

    outcomes = [await draft(suggestion_id, desk) for _ in range(2)]

    assert outcomes == ["ready", "not_claimed"]
    assert stand_in.seen().count == 1


async def test_draft_when_run_ten_times_at_once_then_the_model_is_asked_once(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    suggestion_id = await store_suggestion(shop)

    outcomes = await asyncio.gather(*(draft(suggestion_id, desk) for _ in range(10)))

    assert sorted(outcomes) == ["not_claimed"] * 9 + ["ready"]
    assert stand_in.seen().count == 1


async def test_draft_when_the_fault_is_temporary_then_it_waits_for_another_attempt(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    text = unique_text()
    suggestion_id = await store_suggestion(shop, text=text)
    stand_in.script(Fault("server_error", match=text))

    with pytest.raises(ModelUnavailable):
        await draft(suggestion_id, desk)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["error"], row["attempt"]) == ("queued", "http_500", 1)
    assert row["next_send_at"] > row["started_at"]
    assert (row["lease_token"], row["body"], row["finished_at"]) == (None, None, None)
    (call,) = await model_calls(suggestion_id)
    assert (call["error_type"], call["input_tokens"]) == ("http_500", None)

    assert await draft(suggestion_id, desk) == "ready"
    assert (await suggestion_row(suggestion_id))["error"] is None
    assert [(call["attempt"], call["error_type"]) for call in await model_calls(suggestion_id)] == [(1, "http_500"), (2, None)]


async def test_draft_when_asked_to_wait_then_the_relay_waits_longer_too(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    text = unique_text()
    suggestion_id = await store_suggestion(shop, text=text)
    stand_in.script(Fault("rate_limit", retry_after="120", match=text))

    with pytest.raises(ModelUnavailable) as caught:
        await draft(suggestion_id, desk)

    assert caught.value.retry_after_s == 120
    row = await fetch_row("SELECT next_send_at > now() + interval '140 s' AS is_late FROM suggestion WHERE id = $1", suggestion_id)
    assert row["is_late"]


async def test_draft_when_it_fails_four_times_then_the_fallback_stands_in_the_customers_language(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    assert shop.id
    french = await make_shop(language="fr")
    text = f"Guten Tag, wo bleibt mein Paket? Ich warte schon seit zwei Wochen. {secrets.token_hex(8)}"
    suggestion_id = await store_suggestion(french, text=text)
    stand_in.script(Fault("server_error", times=4, match=text))
    raised = []
    for _ in range(4):
        with pytest.raises((ModelUnavailable, SuggestionFailed)) as caught:
            await draft(suggestion_id, desk)
        raised.append(type(caught.value))

    row = await suggestion_row(suggestion_id)
    assert raised == [ModelUnavailable] * 3 + [SuggestionFailed]
    assert (row["status"], row["kind"], row["reason_code"], row["error"]) == ("failed", "fallback", "provider_down", "http_500")
    assert (row["language"], row["body"]) == fallback_text("de", "The test shop")
    assert "vielen Dank" in row["body"]
    assert row["finished_at"] is not None
    assert row["next_send_at"] is None
    assert [call["attempt"] for call in await model_calls(suggestion_id)] == [1, 2, 3, 4]
    assert await draft(suggestion_id, desk) == "not_claimed"


@pytest.mark.parametrize(
    ("kind", "reason_code", "error"),
    [
        ("bad_request", "provider_refused", "http_400"),
        ("refusal", "provider_refused", "refusal"),
        ("bad_json", "bad_output", "invalid_output"),
        ("truncated", "bad_output", "truncated"),
    ],
)
async def test_draft_when_the_fault_is_permanent_then_it_fails_at_once(  # noqa: PLR0917 - pytest's fixtures
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk, kind: Kind, reason_code: str, error: str
) -> None:
    text = unique_text()
    suggestion_id = await store_suggestion(shop, text=text)
    stand_in.script(Fault(kind, match=text))

    with pytest.raises(SuggestionFailed):
        await draft(suggestion_id, desk)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["kind"], row["reason_code"], row["error"]) == ("failed", "fallback", reason_code, error)
    assert (row["language"], row["body"]) == fallback_text("en", "The test shop")
    assert [(call["attempt"], call["error_type"]) for call in await model_calls(suggestion_id)] == [(1, error)]
    assert stand_in.seen().count == 1


async def test_draft_when_a_newer_mail_overtakes_it_then_it_is_thrown_away_and_its_cost_kept(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    text = unique_text()
    older = await store_mail(shop, text=text, message_id="<first@customer.example>")
    assert older.suggestion_id is not None
    stand_in.script(Fault("delay", seconds=0.5, match=text))

    drafting = asyncio.create_task(draft(older.suggestion_id, desk))
    await until(lambda: was_asked(stand_in))
    newer = await store_suggestion(shop, text="One more thing.", in_reply_to="<first@customer.example>")
    outcome = await drafting

    overtaken, live = await suggestion_row(older.suggestion_id), await suggestion_row(newer)
    assert outcome == "discarded"
    assert (overtaken["status"], overtaken["reason_code"], overtaken["body"]) == ("superseded", "superseded", None)
    assert (live["status"], live["thread"]) == ("pending", overtaken["thread"])
    (call,) = await model_calls(older.suggestion_id)
    assert call["output_tokens"] > 0
    assert await draft(newer, desk) == "ready"


async def test_draft_when_it_was_overtaken_and_the_model_fails_then_the_newer_one_stays_live(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    text = unique_text()
    older = await store_suggestion(shop, text=text)
    stand_in.think(0.3)
    stand_in.script(Fault("bad_request", match=text))

    drafting = asyncio.create_task(draft(older, desk))
    await until(lambda: was_asked(stand_in))
    await put_status(older, "superseded")

    assert await drafting == "discarded"
    assert (await suggestion_row(older))["status"] == "superseded"


async def test_save_when_another_worker_holds_it_then_the_zombie_is_refused(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    zombie = await repository.claim(suggestion_id)
    await let_lease_lapse(suggestion_id)
    living = await repository.claim(suggestion_id)
    assert zombie is not None
    assert living is not None
    draft_of_zombie = Draft("Late", "en", "other", needs_human=False, missing_information=(), citations=())
    call = Call(model="stand-in", duration_s=1)
    drafted = DraftedReply(draft_of_zombie, findings=(), calls=(call,), prompt_version="v")
    paid = [PaidCall(call, None)]
    context = await read_context(living, today=date(2026, 11, 25))
    failure = Failure(reason_code="poison", error="late", body="late", language="en")

    saved = [
        await saving.save_draft(zombie, paid, drafted, context, budget_step="full"),
        await saving.save_retry(zombie, paid, error="late", resend_s=1),
        await saving.save_postponed(zombie, paid, error="late", resend_s=1),
        await saving.save_failed(zombie, paid, failure, budget_step="full"),
    ]

    assert saved == [False] * 4
    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["lease_token"], row["body"], row["error"]) == ("drafting", living.lease_token, None, None)
    assert len(await model_calls(suggestion_id)) == 4
    assert await saving.save_draft(living, paid, drafted, context, budget_step="full")


async def test_draft_when_its_message_is_gone_then_it_is_buried_as_poison(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    receipt = await store_mail(shop)
    other = await store_mail(shop)
    assert receipt.suggestion_id is not None
    # The message and the thread no longer belong together: nothing can be read for it.
    await fetch("UPDATE suggestion SET message = $2 WHERE id = $1", receipt.suggestion_id, other.message_id)

    with pytest.raises(SuggestionFailed):
        await draft(receipt.suggestion_id, desk)

    row = await suggestion_row(receipt.suggestion_id)
    assert (row["status"], row["reason_code"], row["kind"]) == ("failed", "poison", "fallback")
    assert stand_in.seen().count == 0
