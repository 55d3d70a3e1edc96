from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import jsonschema
import openai
import pytest
from openai import AsyncOpenAI

from service.embedded.standin.faults import WRONG_FACT, FaultScript
from service.embedded.standin.faults import Fault as Scripted
from tests.embedded.standin.conftest import RunningStandIn
from tests.embedded.standin.prompts import REPLY_SCHEMA, prompt
from tests.embedded.standin.test_endpoints import complete, respond
from tests.standin_control import Fault, Kind

APIS = pytest.mark.parametrize("ask", [respond, complete])
Ask = Callable[[AsyncOpenAI], Awaitable[object]]


@APIS
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("rate_limit", (openai.RateLimitError, 429, "requests", "rate_limit_exceeded")),
        ("quota", (openai.RateLimitError, 429, "insufficient_quota", "insufficient_quota")),
        ("server_error", (openai.InternalServerError, 500, "server_error", None)),
        ("auth", (openai.AuthenticationError, 401, "invalid_request_error", "invalid_api_key")),
        ("bad_request", (openai.BadRequestError, 400, "invalid_request_error", "invalid_value")),
    ],
)
async def test_error_fault_raises_the_sdks_error_once(
    standin: RunningStandIn,
    client: AsyncOpenAI,
    ask: Ask,
    kind: Kind,
    expected: tuple[type[openai.APIStatusError], int, str, str | None],
) -> None:
    standin.control.script(kind)

    with pytest.raises(openai.APIStatusError) as raised:
        await ask(client)
    error = raised.value
    assert (type(error), error.status_code, error.type, error.code) == expected
    assert (error.request_id or "").startswith("req_")
    assert "retry-after" not in error.response.headers
    await ask(client)


async def test_rate_limit_when_told_so_names_the_wait(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script(Fault("rate_limit", retry_after="7"))

    with pytest.raises(openai.RateLimitError) as raised:
        await respond(client)
    assert raised.value.response.headers["retry-after"] == "7"


@APIS
async def test_hang_never_answers_and_ends_with_the_client(standin: RunningStandIn, client: AsyncOpenAI, ask: Ask) -> None:
    standin.control.script("hang")

    with pytest.raises(openai.APITimeoutError):
        await ask(client.with_options(timeout=0.2))
    await ask(client)


async def test_hang_when_its_time_is_over_answers_504(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script(Fault("hang", seconds=0.05))

    with pytest.raises(openai.InternalServerError) as raised:
        await respond(client)
    assert raised.value.status_code == 504


@APIS
async def test_trickle_outlasts_the_read_timeout(standin: RunningStandIn, client: AsyncOpenAI, ask: Ask) -> None:
    standin.control.script("trickle")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.6):
            await ask(client.with_options(timeout=1.0))
    await ask(client)


@APIS
async def test_trickle_when_its_time_is_over_closes_the_connection(standin: RunningStandIn, client: AsyncOpenAI, ask: Ask) -> None:
    standin.control.script(Fault("trickle", seconds=0.5))

    with pytest.raises(openai.APIConnectionError):
        await ask(client)


@APIS
async def test_cut_breaks_off_mid_body(standin: RunningStandIn, client: AsyncOpenAI, ask: Ask) -> None:
    standin.control.script("cut")

    with pytest.raises(openai.APIConnectionError):
        await ask(client)
    await ask(client)


@APIS
async def test_delay_answers_well(standin: RunningStandIn, client: AsyncOpenAI, ask: Ask) -> None:
    standin.control.script(Fault("delay", seconds=0.01))

    await ask(client)


async def test_bad_json_is_an_answer_whose_text_is_no_json(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script(Fault("bad_json", times=2))

    for text in ((await respond(client)).output_text, (await complete(client)).choices[0].message.content):
        with pytest.raises(json.JSONDecodeError):
            json.loads(text or "")


async def test_refusal_is_a_content_item_of_its_own(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script(Fault("refusal", times=2))

    response, completion = await respond(client), await complete(client)
    item = response.output[0]
    assert item.type == "message"
    assert [part.type for part in item.content] == ["refusal"]
    assert (response.status, response.output_text) == ("completed", "")
    assert completion.choices[0].message.refusal
    assert completion.choices[0].message.content is None


async def test_truncated_says_so_and_ends_mid_json(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script(Fault("truncated", times=2))

    response, completion = await respond(client), await complete(client)
    assert response.incomplete_details is not None
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert completion.choices[0].finish_reason == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.output_text)


async def test_fault_with_a_match_waits_for_its_prompt(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script(Fault("server_error", match="MARK-7"), "rate_limit")

    with pytest.raises(openai.RateLimitError):
        await respond(client)
    await respond(client)
    with pytest.raises(openai.InternalServerError):
        await respond(client, prompt("MARK-7"))
    await respond(client, prompt("MARK-7"))


def test_script_uses_faults_in_order_and_as_often_as_they_say() -> None:
    script = FaultScript()
    script.add([Scripted("cut", times=2), Scripted("hang", match="x"), Scripted("auth")])

    taken = [script.take("y") for _ in range(4)]

    assert [fault and fault.kind for fault in taken] == ["cut", "cut", "auth", None]
    assert len(script) == 1


async def test_wrong_fact_is_told_once_in_an_answer_that_fits_the_schema(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script("wrong_fact")

    wrong, good = [json.loads((await respond(client)).output_text) for _ in range(2)]

    jsonschema.validate(wrong, REPLY_SCHEMA)
    assert (WRONG_FACT in wrong["reply"], WRONG_FACT in good["reply"]) == (True, False)
    assert {**wrong, "reply": ""} == {**good, "reply": ""}


async def test_wrong_fact_is_told_in_plain_text_too(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script("wrong_fact")

    assert WRONG_FACT in (await client.responses.create(model="m", input="hi")).output_text
