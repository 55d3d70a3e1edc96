"""The provider's batches over HTTP: what a line asks, what is read of the answers, and what becomes of trouble."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from service.drafting.batch_file import PromptFile, read_answers
from service.drafting.model import chat_answer_of, responses_answer_of
from service.drafting.prompt import render
from service.drafting.provider_batch import BatchRefused, BatchUnavailable, ProviderBatches
from service.drafting.types import Prompt
from service.settings import Settings
from tests.drafting.conftest import MakeModel
from tests.drafting.recorder import Recorder
from tests.drafting.snapshots_of import snapshot
from tests.standin_control import StandInControl
from tests.waiting import until

APIS = pytest.mark.parametrize("api", ["responses", "chat"])
MakeBatches = Callable[..., ProviderBatches]


@pytest_asyncio.fixture
async def make_batches(settings: Settings) -> AsyncIterator[MakeBatches]:
    """Make a provider's batches with the stand-in behind them, unless told otherwise; closed after the test."""
    async with AsyncExitStack() as stack:

        def make(**options: Any) -> ProviderBatches:
            chosen = {"api_key": "any", "base_url": settings.openai_base_url, "model": "gpt-test", "api": "responses", **options}
            batches = ProviderBatches(**chosen)
            stack.push_async_callback(batches.close)
            return batches

        yield make


def written(prompts: PromptFile) -> list[dict[str, Any]]:
    prompts.content.seek(0)
    return [json.loads(each) for each in prompts.content.read().splitlines()]


@APIS
async def test_line_when_written_then_it_asks_what_a_single_call_would(
    make_batches: MakeBatches, make_model: MakeModel, recorder: Recorder, api: str
) -> None:
    request = render(snapshot())
    recorder.body = b'{"choices":[],"output":[]}'
    await make_model(base_url=recorder.url, api=api).ask(request)

    with make_batches(api=api).new_file() as prompts:
        assert prompts.add("7", request, model="gpt-test")
        [line] = written(prompts)

    assert line == {
        "custom_id": "7",
        "method": "POST",
        "url": {"responses": "/v1/responses", "chat": "/v1/chat/completions"}[api],
        "body": recorder.seen[0],
    }
    assert line["body"].get("store", False) is False


def test_file_when_it_has_as_many_lines_as_may_be_then_it_takes_no_more() -> None:
    request = render(snapshot())

    with PromptFile("/v1/responses", lambda *_: {}, max_lines=2) as prompts:
        taken = [prompts.add(str(number), request, model="m") for number in range(3)]
        count = len(written(prompts))

    assert (taken, count, prompts.count) == ([True, True, False], 2, 2)


def test_file_when_it_is_as_large_as_may_be_then_it_takes_only_what_has_room() -> None:
    with PromptFile("/v1/responses", lambda request, _: {"x": request.user_text}, max_bytes=400) as prompts:
        taken = [prompts.add("1", Prompt("v", "", "x" * length), model="m") for length in (200, 200, 20)]

    assert taken == [True, False, True]


@APIS
async def test_batch_when_it_has_ended_then_its_answers_are_read_with_tokens_and_a_request_id(
    make_batches: MakeBatches, stand_in: StandInControl, api: str
) -> None:
    batches = make_batches(api=api)
    with batches.new_file() as prompts:
        for custom_id in ("1", "2"):
            prompts.add(custom_id, render(snapshot()), model="gpt-test")
        file_id = await batches.upload(prompts, name="asked.jsonl")
    made = await batches.create(file_id, label="mine")

    async def has_ended() -> bool:
        return (await batches.get(made.id)).state == "ended"

    await until(has_ended)
    told = await batches.get(made.id)

    assert (told.error, told.error_file_id) == (None, None)
    lines = [line async for line in batches.answers(told.output_file_id or "")]
    assert {line.custom_id for line in lines} == {"1", "2"}
    answer = lines[0].answer
    assert answer is not None
    assert "#1042" in answer.text
    assert (answer.call.purpose, answer.call.model, answer.call.error_type) == ("batch", "stand-in", None)
    assert (answer.call.request_id or "").startswith("req_")
    assert (answer.call.input_tokens or 0) > 100
    assert await batches.find(file_id, label="mine") == told
    assert await batches.find(file_id, label="other") is None
    assert await batches.find("file-other", label="mine") is None
    assert stand_in.seen().count == 2


async def test_file_when_deleted_twice_then_it_is_gone(make_batches: MakeBatches, stand_in: StandInControl) -> None:
    assert stand_in.seen().count == 0
    batches = make_batches()
    with batches.new_file() as prompts:
        prompts.add("1", render(snapshot()), model="m")
        file_id = await batches.upload(prompts, name="asked.jsonl")
    found = [await batches.find_files(name) for name in ("asked.jsonl", "other.jsonl")]

    await batches.delete(file_id)
    await batches.delete(file_id)

    assert (found, await batches.find_files("asked.jsonl")) == ([[file_id], []], [])


async def test_batch_when_cancelled_after_its_end_then_it_stays_so(make_batches: MakeBatches, stand_in: StandInControl) -> None:
    stand_in.script_batches(ending="failed")
    batches = make_batches()
    with batches.new_file() as prompts:
        prompts.add("1", render(snapshot()), model="m")
        made = await batches.create(await batches.upload(prompts, name="asked.jsonl"), label="mine")

    async def has_ended() -> bool:
        return (await batches.get(made.id)).state == "ended"

    await until(has_ended)
    await batches.cancel(made.id)

    assert (await batches.get(made.id)).error == "invalid_request"


@pytest.mark.parametrize(
    ("status", "headers", "expected", "error_type"),
    [
        (500, {}, BatchUnavailable, "http_500"),
        (503, {"retry-after": "7"}, BatchUnavailable, "http_503"),
        (429, {}, BatchUnavailable, "http_429"),
        (401, {}, BatchUnavailable, "http_401"),
        (400, {}, BatchRefused, "http_400"),
        (404, {}, BatchRefused, "http_404"),
    ],
)
async def test_create_when_it_is_refused_then_the_error_says_whether_to_try_again(  # noqa: PLR0917 - pytest's fixtures
    make_batches: MakeBatches,
    recorder: Recorder,
    status: int,
    headers: dict[str, str],
    expected: type[BatchUnavailable | BatchRefused],
    error_type: str,
) -> None:
    recorder.status, recorder.headers = status, headers

    with pytest.raises(expected) as raised:
        await make_batches(base_url=recorder.url).create("file-1", label="mine")

    assert getattr(raised.value, "error_type", None) == error_type
    assert getattr(raised.value, "retry_after_s", None) == (7 if headers else None)
    assert len(recorder.seen) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"null", b"[]", b'"text"', b"{", b"[" * 100_000])
async def test_create_when_the_answer_is_none_then_it_is_temporary(
    make_batches: MakeBatches, recorder: Recorder, body: bytes
) -> None:
    recorder.body = body

    with pytest.raises(BatchUnavailable):
        await make_batches(base_url=recorder.url).create("file-1", label="mine")


@pytest.mark.parametrize("answer_of", [responses_answer_of, chat_answer_of])
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"custom_id":7}',
        b"\xff",
        b"[" * 100_000,
        b'{"custom_id":"1"}',
        b'{"custom_id":"1","response":null,"error":{"code":"batch_expired"}}',
        b'{"custom_id":"1","response":{"status_code":500,"body":{}}}',
        b'{"custom_id":"1","response":{"status_code":200,"body":[]}}',
        b'{"custom_id":"1","response":{"status_code":200,"body":"<html>"}}',
        b'{"custom_id":"1","response":{"status_code":200,"body":{"output":7,"choices":7}}}',
        b'{"custom_id":"1","response":{"status_code":200,"body":{"output":[7],"choices":[{}]}}}',
    ],
)
def test_answers_when_a_line_is_none_then_the_others_are_read(answer_of: Any, line: bytes) -> None:
    good = (
        b'{"custom_id":"2","response":{"status_code":200,"request_id":"req_2","body":{"output":[{"type":"message",'
        b'"content":[{"type":"output_text","text":"hi"}]}],"choices":[{"message":{"content":"hi"}}]}}}'
    )

    lines = list(read_answers(io.BytesIO(line + b"\n" + good + b"\n"), lambda record: answer_of(record, model="m")))

    assert [each.custom_id for each in lines if each.answer] == ["2"]
    assert lines[-1].answer is not None
    assert (lines[-1].answer.text, lines[-1].answer.call.request_id) == ("hi", "req_2")
