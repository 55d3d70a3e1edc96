"""A draft that the checks stop: one repair, and what is left when that is no better. The model's answers come over real HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.drafting import FailedCheck, ModelUnavailable, draft_reply
from tests.drafting.conftest import MakeModel
from tests.drafting.recorder import Recorder
from tests.drafting.snapshots_of import snapshot

GOOD = "Hello Anna,\n\nyour order #1042 is on its way with DHL, under the number 00340434161094042557.\n\nBest regards\nNordlicht"
INVENTED = "Hello Anna,\n\nyour parcel 99887766554433 is on its way with DHL.\n\nBest regards\nNordlicht"


def answer(reply: str, **changes: Any) -> bytes:
    """Return what OpenAI's Chat Completions answers with this draft."""
    draft = {
        "reply": reply,
        "language": "en",
        "intent": "where_is_order",
        "needs_human": False,
        "missing_information": [],
        "citations": [],
        **changes,
    }
    return completion({"content": json.dumps(draft)})


def completion(message: dict[str, Any], finish_reason: str = "stop") -> bytes:
    return json.dumps(
        {
            "id": "c",
            "object": "chat.completion",
            "created": 0,
            "model": "gpt-test",
            "choices": [{"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", **message}}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }
    ).encode()


async def test_draft_when_it_invents_a_number_then_it_is_mended_with_the_findings(
    recorder: Recorder, make_model: MakeModel
) -> None:
    recorder.bodies = [answer(INVENTED), answer(GOOD)]

    drafted = await draft_reply(snapshot(), make_model(base_url=recorder.url, api="chat"))

    assert drafted.draft.reply == GOOD
    assert [call.purpose for call in drafted.calls] == ["draft", "repair"]
    assert [call.output_tokens for call in drafted.calls] == [20, 20]
    first, second = (request["messages"][1]["content"] for request in recorder.seen)
    assert second.startswith(first)
    assert "99887766554433" in second.removeprefix(first)


async def test_draft_when_the_repair_is_no_better_then_it_fails_and_keeps_the_draft(
    recorder: Recorder, make_model: MakeModel
) -> None:
    recorder.bodies = [answer(INVENTED), answer(INVENTED.replace("99887766554433", "11223344556677"))]

    with pytest.raises(FailedCheck) as raised:
        await draft_reply(snapshot(), make_model(base_url=recorder.url, api="chat"))

    error = raised.value
    assert error.reason_code == "failed_check"
    assert "11223344556677" in error.draft.reply
    assert {each.check for each in error.findings if each.severity == "blocking"} == {"tracking_number"}
    assert [call.purpose for call in error.calls] == ["draft", "repair"]
    assert len(recorder.seen) == 2


@pytest.mark.parametrize(
    ("second", "error_type"),
    [
        (completion({"content": None, "refusal": "No."}), "refusal"),
        (completion({"content": "{"}, "length"), "truncated"),
        (completion({"content": "no JSON"}), "invalid_output"),
    ],
)
async def test_draft_when_the_repair_is_no_draft_then_it_fails_with_the_first_one_and_both_are_paid(
    recorder: Recorder, make_model: MakeModel, second: bytes, error_type: str
) -> None:
    recorder.bodies = [answer(INVENTED), second]

    with pytest.raises(FailedCheck) as raised:
        await draft_reply(snapshot(), make_model(base_url=recorder.url, api="chat"))

    assert raised.value.draft.reply == INVENTED
    assert [(call.purpose, call.error_type) for call in raised.value.calls] == [("draft", None), ("repair", error_type)]
    assert raised.value.calls[1].output_tokens == 20


async def test_draft_when_the_repair_cannot_be_had_just_now_then_it_is_tried_again_and_the_first_call_counts(
    recorder: Recorder, make_model: MakeModel
) -> None:
    recorder.bodies = [answer(INVENTED), b"<html>a gateway's page</html>"]

    with pytest.raises(ModelUnavailable) as raised:
        await draft_reply(snapshot(), make_model(base_url=recorder.url, api="chat"))

    assert [call.purpose for call in raised.value.calls] == ["draft", "repair"]
    assert raised.value.calls[0].output_tokens == 20


async def test_draft_when_only_warnings_are_found_then_it_is_not_asked_again(recorder: Recorder, make_model: MakeModel) -> None:
    recorder.bodies = [answer(GOOD.removesuffix("\n\nBest regards\nNordlicht"))]

    drafted = await draft_reply(snapshot(), make_model(base_url=recorder.url, api="chat"))

    assert [(each.check, each.severity) for each in drafted.findings] == [("signature", "warning")]
    assert len(recorder.seen) == 1


async def test_draft_when_a_citation_is_false_then_it_is_left_away(recorder: Recorder, make_model: MakeModel) -> None:
    citations = [
        {"source": "order:#1042", "quote": "00340434161094042557"},
        {"source": "order:#1042", "quote": "express"},
        {"source": "order:#9999", "quote": "shipped"},
    ]
    recorder.bodies = [answer(GOOD, citations=citations)]

    drafted = await draft_reply(snapshot(), make_model(base_url=recorder.url, api="chat"))

    assert [each.quote for each in drafted.draft.citations] == ["00340434161094042557"]
    assert {each.check for each in drafted.findings} == {"citation"}


async def test_draft_when_another_model_or_prompt_is_named_then_they_are_used(recorder: Recorder, make_model: MakeModel) -> None:
    recorder.bodies = [answer(GOOD)]

    drafted = await draft_reply(
        snapshot(), make_model(base_url=recorder.url, api="chat"), model_name="cheaper", prompt_version="reply-2"
    )

    assert recorder.seen[0]["model"] == "cheaper"
    assert drafted.prompt_version == "reply-2"
