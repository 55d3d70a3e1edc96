"""Files and batches over the official SDK, as the program uses them."""

from __future__ import annotations

import json
from typing import Any, Literal

import httpx2
import openai
import pytest
from openai import AsyncOpenAI
from openai.types import Batch

from service.embedded.standin.stored_files import ALL_FILES_LIMIT_BYTES, FILE_LIMIT_BYTES, MOST_FILES, Draft, StoredFiles
from tests.embedded.standin.conftest import RunningStandIn
from tests.embedded.standin.prompts import INSTRUCTIONS, prompt
from tests.standin_control import Fault
from tests.waiting import until

Endpoint = Literal["/v1/responses", "/v1/chat/completions"]
APIS = pytest.mark.parametrize("endpoint", ["/v1/responses", "/v1/chat/completions"])
ENDED = {"completed", "failed", "expired", "cancelled"}


def line(custom_id: str, text: str, *, endpoint: str = "/v1/responses", **changed: object) -> dict[str, Any]:
    body = (
        {"model": "m", "instructions": INSTRUCTIONS, "input": [{"role": "user", "content": text}]}
        if endpoint == "/v1/responses"
        else {"model": "m", "messages": [{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": text}]}
    )
    return {"custom_id": custom_id, "method": "POST", "url": endpoint, "body": body, **changed}


def lines(count: int, *, endpoint: str = "/v1/responses") -> list[dict[str, Any]]:
    return [line(str(number), prompt(f"Where is my order? Code {number}."), endpoint=endpoint) for number in range(count)]


async def create(
    client: AsyncOpenAI, asked: list[dict[str, Any]], *, endpoint: Endpoint = "/v1/responses", **options: Any
) -> Batch:
    content = b"".join(json.dumps(each).encode() + b"\n" for each in asked)
    return await create_of(client, content, endpoint=endpoint, **options)


async def create_of(client: AsyncOpenAI, content: bytes, *, endpoint: Endpoint = "/v1/responses", **options: Any) -> Batch:
    file = await client.files.create(file=("asked.jsonl", content), purpose="batch")
    return await client.batches.create(input_file_id=file.id, endpoint=endpoint, completion_window="24h", **options)


async def ended(client: AsyncOpenAI, batch: Batch) -> Batch:
    async def has_ended() -> bool:
        return (await client.batches.retrieve(batch.id)).status in ENDED

    await until(has_ended)
    return await client.batches.retrieve(batch.id)


async def written(client: AsyncOpenAI, file_id: str | None) -> list[dict[str, Any]]:
    if file_id is None:
        return []
    content = await client.files.content(file_id)
    return [json.loads(each) for each in content.text.splitlines()]


@APIS
async def test_batch_when_it_completes_then_all_lines_are_answered_out_of_order(client: AsyncOpenAI, endpoint: Endpoint) -> None:
    batch = await create(client, lines(50, endpoint=endpoint), endpoint=endpoint)

    found = await ended(client, batch)

    assert (found.status, found.errors, found.error_file_id) == ("completed", None, None)
    assert found.request_counts is not None
    assert (found.request_counts.total, found.request_counts.completed, found.request_counts.failed) == (50, 50, 0)
    answers = await written(client, found.output_file_id)
    ids = [each["custom_id"] for each in answers]
    assert sorted(ids, key=int) == [str(number) for number in range(50)]
    assert ids != sorted(ids, key=int)
    assert {(each["response"]["status_code"], each["error"]) for each in answers} == {(200, None)}
    assert all(each["response"]["request_id"].startswith("req_") for each in answers)
    assert {each["response"]["body"]["model"] for each in answers} == {"stand-in"}
    assert Batch.model_validate(found.model_dump()) == found


async def test_batch_when_it_thinks_then_it_is_seen_in_its_states(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script_batches(seconds=2)
    batch = await create(client, lines(2), metadata={"draftdesk_batch": "7"})
    seen = [batch.status]

    async def has_ended() -> bool:
        seen.append((await client.batches.retrieve(batch.id)).status)
        return seen[-1] in ENDED

    await until(has_ended)

    assert list(dict.fromkeys(seen)) == ["validating", "in_progress", "finalizing", "completed"]
    found = await client.batches.retrieve(batch.id)
    assert found.metadata == {"draftdesk_batch": "7"}
    assert None not in {found.in_progress_at, found.finalizing_at, found.completed_at, found.expires_at}


async def test_batch_when_lines_have_faults_then_they_are_in_the_error_file_with_their_status(
    standin: RunningStandIn, client: AsyncOpenAI
) -> None:
    standin.control.script(Fault("rate_limit", match="Code 1."), Fault("bad_request", match="Code 2."))
    found = await ended(client, await create(client, lines(4)))

    errors = await written(client, found.error_file_id)
    told = {each["custom_id"]: (each["response"]["status_code"], each["response"]["body"]["error"]["code"]) for each in errors}
    assert told == {"1": (429, "rate_limit_exceeded"), "2": (400, "invalid_value")}
    assert {each["custom_id"] for each in await written(client, found.output_file_id)} == {"0", "3"}
    assert found.request_counts is not None
    assert (found.request_counts.completed, found.request_counts.failed) == (2, 2)


async def test_batch_when_a_line_is_to_be_missing_then_it_is_in_neither_file(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script_batches(missing="Code 1.")
    found = await ended(client, await create(client, lines(3)))

    assert {each["custom_id"] for each in await written(client, found.output_file_id)} == {"0", "2"}
    assert found.error_file_id is None


async def test_batch_when_it_expires_then_half_is_answered_and_the_rest_says_why(
    standin: RunningStandIn, client: AsyncOpenAI
) -> None:
    standin.control.script_batches(ending="expired")
    found = await ended(client, await create(client, lines(4)))

    assert (found.status, found.expired_at is None) == ("expired", False)
    assert len(await written(client, found.output_file_id)) == 2
    assert [(each["response"], each["error"]["code"]) for each in await written(client, found.error_file_id)] == [
        (None, "batch_expired")
    ] * 2


async def test_batch_when_cancelled_then_what_was_answered_is_kept(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script_batches(seconds=60)
    batch = await create(client, lines(4))

    cancelling = await client.batches.cancel(batch.id)
    found = await ended(client, batch)

    assert (cancelling.status, found.status) == ("cancelling", "cancelled")
    assert found.cancelling_at is not None
    assert {each["error"]["code"] for each in await written(client, found.error_file_id)} == {"batch_cancelled"}
    with pytest.raises(openai.ConflictError):
        await client.batches.cancel(batch.id)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (b"{", "invalid_json_line"),
        (b"\xff\n", "invalid_json_line"),
        (b"[" * 100_000, "invalid_json_line"),
        (json.dumps(line("1", "hi", method="GET")).encode(), "invalid_method"),
        (json.dumps(line("1", "hi", url="/v1/embeddings")).encode(), "mismatched_endpoint"),
        (b"\n".join([json.dumps(line("1", "hi")).encode()] * 2), "duplicate_custom_id"),
        (
            b"\n".join(json.dumps(each).encode() for each in (line("1", "hi"), line("2", "hi", body={"model": "other"}))),
            "mismatched_model",
        ),
    ],
)
async def test_batch_when_its_file_is_bad_then_it_fails_validation(client: AsyncOpenAI, content: bytes, code: str) -> None:
    found = await ended(client, await create_of(client, content))

    assert (found.status, found.output_file_id, found.error_file_id) == ("failed", None, None)
    assert found.errors is not None
    assert [each.code for each in found.errors.data or ()] == [code]


async def test_batch_when_it_is_to_fail_then_it_fails(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script_batches(ending="failed")
    found = await ended(client, await create(client, lines(1)))

    assert (found.status, found.failed_at is None) == ("failed", False)


async def test_batch_when_its_file_is_deleted_under_way_then_it_fails(standin: RunningStandIn, client: AsyncOpenAI) -> None:
    standin.control.script_batches(seconds=0.5)
    batch = await create(client, lines(2))
    await client.files.delete(batch.input_file_id)

    assert (await ended(client, batch)).status == "failed"


async def test_batches_when_listed_then_the_newest_is_first_and_pages_follow(client: AsyncOpenAI) -> None:
    made = [(await create(client, lines(1))).id for _ in range(3)]

    first = await client.batches.list(limit=2)

    assert [each.id for each in first.data] == made[:0:-1]
    assert [each.id async for each in client.batches.list(limit=2)] == made[::-1]


async def test_file_when_kept_then_it_can_be_read_listed_and_deleted(client: AsyncOpenAI) -> None:
    file = await client.files.create(
        file=("asked.jsonl", b"one\r\n--two\n"), purpose="batch", expires_after={"anchor": "created_at", "seconds": 3_600}
    )

    assert (file.bytes, file.filename, file.purpose) == (11, "asked.jsonl", "batch")
    assert file.expires_at == file.created_at + 3_600
    assert (await client.files.content(file.id)).content == b"one\r\n--two\n"
    assert [each.id async for each in client.files.list(purpose="batch")] == [file.id]
    assert (await client.files.retrieve(file.id)) == file
    assert (await client.files.delete(file.id)).deleted
    assert [each.id async for each in client.files.list()] == []
    with pytest.raises(openai.NotFoundError):
        await client.files.content(file.id)


def test_file_when_it_is_as_large_as_may_be_then_it_is_read_in_parts(standin: RunningStandIn) -> None:
    content = b"x" * 3_000_000

    answer = httpx2.post(
        f"{standin.url}/v1/files",
        headers={"authorization": "Bearer any"},
        data={"purpose": "batch"},
        files={"file": ("large.jsonl", content)},
    )

    assert answer.json()["bytes"] == len(content)
    found = httpx2.get(f"{standin.url}/v1/files/{answer.json()['id']}/content", headers={"authorization": "Bearer any"})
    assert found.content == content


@pytest.mark.parametrize(
    ("call", "content_type", "body", "expected"),
    [
        ("POST /v1/files", "text/plain", b"x", 400),
        ("POST /v1/files", "multipart/form-data", b"x", 400),
        ("POST /v1/files", "multipart/form-data; boundary=b", b"--b\r\n", 400),
        ("POST /v1/files", "multipart/form-data; boundary=b", b"--b--\r\n", 400),
        (
            "POST /v1/files",
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--b--\r\n',
            400,
        ),
        ("GET /v1/files/file-none", "", b"", 404),
        ("DELETE /v1/files/file-none", "", b"", 404),
        ("GET /v1/files?limit=none", "", b"", 400),
        ("POST /v1/batches", "application/json", b"{", 400),
        ("POST /v1/batches", "application/json", b'{"input_file_id":"f","endpoint":"/v1/videos","completion_window":"24h"}', 400),
        (
            "POST /v1/batches",
            "application/json",
            b'{"input_file_id":"f","endpoint":"/v1/responses","completion_window":"24h"}',
            404,
        ),
        ("GET /v1/batches/batch_none", "", b"", 404),
        ("POST /v1/batches/batch_none/cancel", "", b"", 404),
        ("PUT /v1/batches", "", b"", 404),
        ("GET /v1/filesystem", "", b"", 404),
    ],
)
def test_request_when_it_cannot_be_served_then_the_error_has_openais_shape(
    standin: RunningStandIn, call: str, content_type: str, body: bytes, expected: int
) -> None:
    method, path = call.split()
    answer = httpx2.request(
        method, f"{standin.url}{path}", headers={"authorization": "Bearer any", "content-type": content_type}, content=body
    )

    assert (answer.status_code, set(answer.json()["error"])) == (expected, {"message", "type", "code", "param"})


@pytest.mark.parametrize("path", ["/v1/files", "/v1/batches"])
def test_files_and_batches_when_no_key_is_given_then_they_are_refused(standin: RunningStandIn, path: str) -> None:
    assert httpx2.get(f"{standin.url}{path}").status_code == 401


def test_files_when_there_are_too_many_then_no_more_are_kept() -> None:
    files = StoredFiles()
    for _ in range(MOST_FILES):
        files.keep(Draft(), filename="", purpose="batch")

    with pytest.raises(Exception, match="keeps no more files"):
        files.keep(Draft(), filename="", purpose="batch")
    files.clear()


def test_file_when_it_grows_over_its_bound_then_it_is_refused() -> None:
    draft = Draft()
    draft.size_bytes = FILE_LIMIT_BYTES

    with pytest.raises(Exception, match="too large"):
        draft.write(b"x")
    draft.drop()


def test_files_when_they_are_too_large_together_then_no_more_are_kept() -> None:
    draft = Draft()
    draft.size_bytes = ALL_FILES_LIMIT_BYTES + 1

    with pytest.raises(Exception, match="keeps no more files"):
        StoredFiles().keep(draft, filename="", purpose="batch")
