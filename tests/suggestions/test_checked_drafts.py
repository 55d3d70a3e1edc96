"""What is kept of a draft and its checks, for whoever has to answer for it."""

from __future__ import annotations

import secrets

import msgspec
import pytest

from service.db.engine import fetch
from service.drafting.types import Finding, Snapshot
from service.suggestions.service import Desk, SuggestionFailed, draft
from service.suggestions.types import Disclosed
from tests.factories import ShopAtWork
from tests.standin_control import Fault, StandInControl
from tests.storing import model_calls, store_suggestion, suggestion_row


def unique_text() -> str:
    return f"Where is my parcel? My code is {secrets.token_hex(8)}."


async def test_draft_when_it_is_ready_then_all_that_the_model_was_told_is_kept(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    text = unique_text()
    suggestion_id = await store_suggestion(shop, text=text)

    await draft(suggestion_id, desk)

    row = await suggestion_row(suggestion_id)
    snapshot = msgspec.json.decode(row["snapshot"], type=Snapshot)
    disclosed = msgspec.json.decode(row["disclosed"], type=Disclosed)
    assert (snapshot.text, snapshot.language, snapshot.customer.tier) == (text, "en", "unknown")
    assert (disclosed.tier, disclosed.orders) == ("unknown", ())
    assert disclosed.trust_reasons
    assert row["budget_step"] == "full"
    assert row["order_hash"]
    assert stand_in.seen().count == 1


async def test_draft_when_its_first_answer_is_wrong_then_the_second_stands_and_both_are_paid(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    text = unique_text()
    suggestion_id = await store_suggestion(shop, text=text)
    stand_in.script(Fault("wrong_fact", match=text))

    assert await draft(suggestion_id, desk) == "ready"

    row = await suggestion_row(suggestion_id)
    assert (row["blocked_body"], row["attempt"]) == (None, 1)
    assert [(call["purpose"], call["error_type"]) for call in await model_calls(suggestion_id)] == [
        ("draft", None),
        ("repair", None),
    ]


async def test_draft_when_its_repair_is_wrong_too_then_it_fails_with_the_draft_kept_apart(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    text = unique_text()
    suggestion_id = await store_suggestion(shop, text=text)
    stand_in.script(Fault("wrong_fact", match=text, times=2))

    with pytest.raises(SuggestionFailed):
        await draft(suggestion_id, desk)

    row = await suggestion_row(suggestion_id)
    findings = msgspec.json.decode(row["findings"], type=list[Finding])
    assert (row["status"], row["reason_code"], row["kind"]) == ("failed", "failed_check", "fallback")
    assert row["body"].startswith("Hello,\n\nthank you for your message.")
    assert row["blocked_body"]
    assert any(each.severity == "blocking" for each in findings)
    for each in findings:
        assert 0 <= each.start <= each.end <= len(row["blocked_body"])
    assert row["snapshot"]
    assert len(await model_calls(suggestion_id)) == 2


async def test_draft_when_an_agent_has_given_an_instruction_then_the_model_gets_it(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    suggestion_id = await store_suggestion(shop, text=unique_text())
    await fetch("UPDATE suggestion SET instruction = 'Shorter, and warmer.' WHERE id = $1", suggestion_id)

    await draft(suggestion_id, desk)

    assert "<instruction>\nShorter, and warmer.\n</instruction>" in stand_in.requests()[0].prompt
