"""The OpenAI client over HTTP: what it sends, what it reads, and what becomes of an answer that is none."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from service.drafting import ModelUnavailable, draft_reply
from service.drafting.model import MAX_OUTPUT_TOKENS
from service.drafting.prompt import CURRENT_VERSION, render
from service.drafting.schema import DRAFT_SCHEMA
from tests.drafting.conftest import MakeModel
from tests.drafting.recorder import Recorder
from tests.drafting.snapshots_of import snapshot
from tests.standin_control import StandInControl

APIS = pytest.mark.parametrize("api", ["responses", "chat"])
PATH_OF = {"responses": "/v1/responses", "chat": "/v1/chat/completions"}


@APIS
async def test_draft_when_the_model_answers_then_it_has_tokens_and_a_request_id(
    make_model: MakeModel, stand_in: StandInControl, api: str
) -> None:
    drafted = await draft_reply(snapshot(), make_model(api=api))

    draft, call = drafted.draft, drafted.calls[0]
    assert "#1042" in draft.reply
    assert (draft.language, draft.intent, drafted.prompt_version) == ("en", "where_is_order", CURRENT_VERSION)
    assert (call.model, call.error_type) == ("stand-in", None)
    assert (call.request_id or "").startswith("req_")
    assert (call.input_tokens or 0) > 100
    assert (call.output_tokens or 0) > 10
    assert (call.cached_tokens, call.reasoning_tokens) == (0, 0)
    assert call.duration_s > 0
    assert [request.path for request in stand_in.requests()] == [PATH_OF[api]]


@APIS
async def test_draft_when_it_is_asked_for_then_the_prompt_arrives_whole(
    make_model: MakeModel, stand_in: StandInControl, api: str
) -> None:
    await draft_reply(snapshot(), make_model(api=api))

    [request] = stand_in.requests()
    prompt = render(snapshot())
    assert request.prompt == f"{prompt.instructions}\n\n{prompt.user_text}"
    assert request.model == "gpt-test"


async def test_responses_when_asked_then_nothing_is_kept_and_the_schema_is_strict(
    make_model: MakeModel, recorder: Recorder
) -> None:
    prompt = render(snapshot())
    await make_model(base_url=recorder.url).ask(prompt)

    [body], [headers] = recorder.seen, recorder.seen_headers
    assert recorder.paths == ["/v1/responses"]
    assert body["store"] is False
    assert body["text"]["format"] == {"type": "json_schema", "name": "draft", "schema": DRAFT_SCHEMA, "strict": True}
    assert (body["model"], body["max_output_tokens"], body["prompt_cache_key"]) == ("gpt-test", MAX_OUTPUT_TOKENS, CURRENT_VERSION)
    assert (body["instructions"], body["input"]) == (prompt.instructions, [{"role": "user", "content": prompt.user_text}])
    assert "stream" not in body
    assert headers["authorization"] == "Bearer any"


async def test_ask_when_the_environment_names_an_organization_then_every_request_says_so_as_the_sdk_does(
    make_model: MakeModel, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    model = make_model(base_url=f"{recorder.url}/")

    await model.ask(render(snapshot()))
    await model.ask(render(snapshot()))

    named = ("authorization", "openai-organization", "openai-project", "user-agent", "content-type")
    expected = ["Bearer any", "org-1", "proj-1", f"AsyncOpenAI/Python {openai.__version__}", "application/json"]
    assert recorder.paths == ["/v1/responses"] * 2
    assert [[headers[name] for name in named] for headers in recorder.seen_headers] == [expected] * 2


async def test_ask_when_an_answer_may_be_packed_then_as_the_sdks_http_client_unpacks_it(
    make_model: MakeModel, recorder: Recorder
) -> None:
    async with openai.DefaultAioHttpClient() as http:
        await make_model(base_url=recorder.url).ask(render(snapshot()))

        names = ("accept-encoding", "connection")
        assert [recorder.seen_headers[0].get(name) for name in names] == [http.headers[name] for name in names]


async def test_chat_when_asked_then_the_schema_is_strict_and_nothing_unknown_is_sent(
    make_model: MakeModel, recorder: Recorder
) -> None:
    recorder.body = b'{"choices":[]}'
    await make_model(base_url=recorder.url, api="chat", model="local").ask(render(snapshot()))

    [body] = recorder.seen
    assert recorder.paths == ["/v1/chat/completions"]
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "draft", "schema": DRAFT_SCHEMA, "strict": True},
    }
    assert set(body) == {"model", "messages", "response_format", "max_completion_tokens"}
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


@APIS
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<html>Sign in to the hotel's network</html>"),
        ("application/json", b"<html>"),
        ("application/json", b""),
        ("application/json", b"\xff"),
        ("application/json", b"null"),
        ("application/json", b"[]"),
        ("application/json", b'"text"'),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"output":[7],"choices":[{}]}'),
        ("application/json", b'{"output":7,"choices":[{"message":null}]}'),
    ],
)
async def test_ask_when_200_is_no_answer_then_it_is_temporary(
    make_model: MakeModel, recorder: Recorder, api: str, content_type: str, body: bytes
) -> None:
    recorder.content_type, recorder.body = content_type, body

    with pytest.raises(ModelUnavailable) as raised:
        await make_model(base_url=recorder.url, api=api).ask(render(snapshot()))

    assert (raised.value.calls[0].error_type, raised.value.calls[0].model) == ("unreadable_response", "gpt-test")
    assert len(recorder.seen) == 1


@APIS
@pytest.mark.parametrize(
    "usage", [None, {}, [], "many", {"input_tokens": "7", "prompt_tokens": None, "output_tokens_details": None}]
)
async def test_ask_when_a_compatible_server_leaves_fields_out_then_they_are_unknown(
    make_model: MakeModel, recorder: Recorder, api: str, usage: object
) -> None:
    answer: dict[str, Any] = {
        "output": [
            {"type": "reasoning"},
            {"type": "message", "content": [{"type": "output_text", "text": "hi"}, {"type": "output_text"}]},
        ],
        "choices": [{"message": {"content": "hi"}}],
        "usage": usage,
    }
    recorder.body = json.dumps(answer).encode()

    found = await make_model(base_url=recorder.url, api=api).ask(render(snapshot()))

    assert (found.text, found.refusal, found.is_cut_off) == ("hi", None, False)
    call = found.call
    assert (call.model, call.request_id, call.input_tokens, call.cached_tokens, call.output_tokens) == (
        "gpt-test",
        None,
        None,
        None,
        None,
    )


async def test_ask_when_the_answer_has_no_choice_then_its_text_is_empty(make_model: MakeModel, recorder: Recorder) -> None:
    recorder.body = b'{"choices":[]}'

    assert (await make_model(base_url=recorder.url, api="chat").ask(render(snapshot()))).text == ""


@APIS
async def test_ask_when_the_filter_stopped_the_answer_then_it_is_a_refusal(
    make_model: MakeModel, recorder: Recorder, api: str
) -> None:
    answer = {
        "status": "incomplete",
        "incomplete_details": {"reason": "content_filter"},
        "output": [],
        "choices": [{"message": {"content": ""}, "finish_reason": "content_filter"}],
    }
    recorder.body = json.dumps(answer).encode()

    assert (await make_model(base_url=recorder.url, api=api).ask(render(snapshot()))).refusal == "content_filter"
