from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import jsonschema
import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from service.embedded.standin.asgi import BODY_LIMIT_BYTES
from service.embedded.standin.journal import MOST_CHARS, MOST_REQUESTS, PROMPT_CHARS, Journal
from tests.embedded.standin.conftest import RunningStandIn
from tests.embedded.standin.prompts import INSTRUCTIONS, REPLY_SCHEMA, prompt
from tests.standin_control import Fault

AUTHORISED = {"authorization": "Bearer any"}
MAIL = prompt("Where is my order #1042?")


async def respond(client: AsyncOpenAI, text: str = MAIL) -> Response:
    return await client.responses.create(
        model="gpt-test",
        instructions=INSTRUCTIONS,
        input=[{"role": "user", "content": text}],
        text={"format": {"type": "json_schema", "name": "reply", "schema": REPLY_SCHEMA, "strict": True}},
        store=False,
    )


async def complete(client: AsyncOpenAI, text: str = MAIL) -> ChatCompletion:
    return await client.chat.completions.create(
        model="gpt-test",
        messages=[{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": text}],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": REPLY_SCHEMA, "strict": True},
        },
    )


async def test_responses_when_asked_for_the_schema_answers_json_that_fits(client: AsyncOpenAI) -> None:
    response = await respond(client)

    reply = json.loads(response.output_text)
    jsonschema.validate(reply, REPLY_SCHEMA)
    assert "#1042" in reply["reply"]
    assert (response.model, response.status, response.error) == ("stand-in", "completed", None)
    assert (response._request_id or "").startswith("req_")
    assert Response.model_validate(response.model_dump()) == response


async def test_chat_when_asked_for_the_schema_answers_json_that_fits(client: AsyncOpenAI) -> None:
    completion = await complete(client)

    reply = json.loads(completion.choices[0].message.content or "")
    jsonschema.validate(reply, REPLY_SCHEMA)
    assert "#1042" in reply["reply"]
    assert (completion.model, completion.choices[0].finish_reason) == ("stand-in", "stop")
    assert (completion._request_id or "").startswith("req_")
    assert ChatCompletion.model_validate(completion.model_dump()) == completion


async def test_both_apis_give_the_same_reply_and_count_the_same_tokens(client: AsyncOpenAI) -> None:
    response, completion = await respond(client), await complete(client)

    assert response.output_text == completion.choices[0].message.content
    assert response.usage is not None
    assert completion.usage is not None
    assert response.usage.input_tokens == completion.usage.prompt_tokens == len(f"{INSTRUCTIONS}\n\n{MAIL}") // 4
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    assert (
        response.usage.input_tokens_details.cached_tokens,
        response.usage.output_tokens_details.reasoning_tokens,
    ) == (0, 0)


@pytest.mark.parametrize("text", ["hi", "Wo ist die Bestellung?"])
async def test_answer_when_no_schema_is_asked_for_is_plain_text(client: AsyncOpenAI, text: str) -> None:
    response = await client.responses.create(model="m", input=text)
    completion = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])

    assert response.output_text == completion.choices[0].message.content
    assert not response.output_text.startswith("{")
    assert response.usage is not None
    assert response.usage.input_tokens >= 1


async def test_responses_when_the_content_comes_in_parts_reads_them(client: AsyncOpenAI) -> None:
    response = await client.responses.create(model="m", input=[{"role": "user", "content": [{"type": "input_text", "text": MAIL}]}])

    assert "#1042" in response.output_text


async def test_models_lists_the_one_model(client: AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == ["stand-in"]


def test_health_needs_no_key(standin: RunningStandIn) -> None:
    assert httpx2.get(f"{standin.url}/health").status_code == 200


@pytest.mark.parametrize(
    ("call", "headers", "body", "expected"),
    [
        ("POST /v1/responses", {}, b"{}", (401, None)),
        ("POST /v1/chat/completions", {"authorization": "Bearer"}, b"{}", (401, None)),
        ("GET /v1/models", {"authorization": "Basic eDp5"}, b"", (401, None)),
        ("POST /v1/responses", AUTHORISED, b"{", (400, None)),
        ("POST /v1/responses", AUTHORISED, b"\xff", (400, None)),
        ("POST /v1/responses", AUTHORISED, b'{"x":' + b"[" * 100_000, (400, None)),
        ("POST /v1/responses", AUTHORISED, b"{}", (400, "missing_required_parameter")),
        ("POST /v1/responses", AUTHORISED, b'{"model":"m"}', (400, "missing_required_parameter")),
        ("POST /v1/responses", AUTHORISED, b'{"model":"m","input":7}', (400, "invalid_type")),
        ("POST /v1/responses", AUTHORISED, b'{"model":"m","input":"x","stream":true}', (400, "unsupported_value")),
        ("POST /v1/chat/completions", AUTHORISED, b'{"model":"m"}', (400, "missing_required_parameter")),
        ("POST /v1/responses", AUTHORISED, b"x" * (BODY_LIMIT_BYTES + 1), (413, None)),
        ("GET /v1/responses", AUTHORISED, b"", (404, "unknown_url")),
        ("GET /", {}, b"", (404, "unknown_url")),
        ("PUT /control/faults", {}, b"[]", (404, "unknown_url")),
        ("POST /control/faults", {}, b'[{"kind":"fire"}]', (400, "invalid_type")),
        ("POST /control/faults", {}, b'[{"kind":"hang","minutes":1}]', (400, "invalid_type")),
        ("POST /control/faults", {}, b'[{"kind":"hang","seconds":121}]', (400, "invalid_type")),
        ("POST /control/faults", {}, b'[{"kind":"rate_limit","retry_after":"1\\r\\nx: y"}]', (400, "invalid_type")),
        ("POST /control/faults", {}, b"[" + b",".join([b'{"kind":"cut"}'] * 1_001) + b"]", (400, None)),
        ("POST /control/latency", {}, b'{"seconds":-1}', (400, "invalid_type")),
        ("POST /control/gullible", {}, b'{"on":"yes"}', (400, "invalid_type")),
        ("GET /control/gullible", {}, b"", (404, "unknown_url")),
        ("GET /control/requests", {"host": "evil.example"}, b"", (403, None)),
        ("GET /control/requests", {"host": "[evil"}, b"", (403, None)),
        ("GET /control/requests", {"origin": "http://evil.example"}, b"", (403, None)),
    ],
)
def test_bad_request_answers_an_error_of_openais_shape(
    standin: RunningStandIn,
    call: str,
    headers: dict[str, str],
    body: bytes,
    expected: tuple[int, str | None],
) -> None:
    method, path = call.split()
    answer = httpx2.request(method, f"{standin.url}{path}", headers=headers, content=body)

    error: dict[str, Any] = answer.json()["error"]
    assert (answer.status_code, error["code"]) == expected
    assert {"message", "type", "code", "param"} == set(error)
    assert standin.control.seen().count == 0


async def test_sdk_when_the_key_is_empty_raises_its_authentication_error(standin: RunningStandIn) -> None:
    async with AsyncOpenAI(api_key="x", base_url=f"{standin.url}/v1", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError):
            await client.responses.create(model="m", input="x", extra_headers={"Authorization": ""})


async def test_journal_keeps_what_was_asked_in_order(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    await respond(client, "first")
    await complete(client, "second")

    first, second = standin.control.requests()
    assert ("/v1/responses", "gpt-test", f"{INSTRUCTIONS}\n\nfirst") == (first.path, first.model, first.prompt)
    assert ("/v1/chat/completions", f"{INSTRUCTIONS}\n\nsecond") == (second.path, second.prompt)
    assert first.at <= second.at


async def test_journal_keeps_the_end_of_a_long_prompt(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    await client.responses.create(model="m", input="x" * PROMPT_CHARS + "end")

    [request] = standin.control.requests()
    assert len(request.prompt) == PROMPT_CHARS
    assert request.prompt.endswith("end")


async def test_reset_forgets_faults_and_requests(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    await respond(client)
    standin.control.script(Fault("server_error", times=5))
    standin.control.reset()

    assert (standin.control.seen().count, standin.control.requests()) == (0, [])
    assert (await respond(client)).status == "completed"


async def test_thinking_time_when_set_delays_no_answer_for_ever(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.think(0.01)

    assert (await respond(client)).status == "completed"


def test_journal_when_full_lets_the_oldest_go_and_counts_on() -> None:
    journal = Journal()
    for number in range(MOST_REQUESTS + 5):
        journal.add(path="/", model="m", prompt=str(number), at=datetime.now(UTC))

    seen = journal.seen()
    assert (seen.count, len(seen.requests)) == (MOST_REQUESTS + 5, MOST_REQUESTS)
    assert (seen.requests[0].prompt, seen.requests[-1].prompt) == ("5", str(MOST_REQUESTS + 4))


def test_journal_when_prompts_are_long_stays_within_its_size() -> None:
    journal = Journal()
    for _ in range(MOST_CHARS // PROMPT_CHARS + 5):
        journal.add(path="/", model="m", prompt="x" * PROMPT_CHARS, at=datetime.now(UTC))

    assert len(journal.seen().requests) == MOST_CHARS // PROMPT_CHARS
