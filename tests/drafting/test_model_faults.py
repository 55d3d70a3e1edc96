"""Every fault of a model server: its class, its name, and the wait it asks for. One request each: Dramatiq alone retries."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable

import pytest

from service.drafting import BadOutput, DraftError, ModelRefused, ModelUnavailable, ProviderBlocked, draft_reply
from service.drafting.prompt import render
from service.errors import TemporaryError
from tests.drafting.conftest import MakeModel
from tests.drafting.recorder import Recorder
from tests.drafting.snapshots_of import snapshot
from tests.standin_control import Fault, Kind, StandInControl

APIS = pytest.mark.parametrize("api", ["responses", "chat"])


async def error_of(drafting: Awaitable[object]) -> DraftError:
    """Return the error that drafting ends with; fail when it ends well."""
    try:
        await drafting
    except (ModelUnavailable, ProviderBlocked, ModelRefused, BadOutput) as error:
        return error
    raise AssertionError("there was no error")


def described(error: DraftError) -> tuple[type[DraftError], str | None, str, float | None]:
    """Return what callers decide by: class, error type, reason code, and the wait."""
    retry_after_s = error.retry_after_s if isinstance(error, TemporaryError) else None
    return type(error), error.calls[0].error_type, error.reason_code, retry_after_s


@APIS
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("rate_limit"), (ModelUnavailable, "rate_limited", "provider_down", None)),
        (Fault("rate_limit", retry_after="7"), (ModelUnavailable, "rate_limited", "provider_down", 7.0)),
        (Fault("rate_limit", retry_after="soon"), (ModelUnavailable, "rate_limited", "provider_down", None)),
        (Fault("quota"), (ProviderBlocked, "insufficient_quota", "provider_refused", None)),
        (Fault("quota", retry_after="7"), (ProviderBlocked, "insufficient_quota", "provider_refused", None)),
        (Fault("server_error"), (ModelUnavailable, "http_500", "provider_down", None)),
        (Fault("server_error", retry_after="3"), (ModelUnavailable, "http_500", "provider_down", 3.0)),
        (Fault("auth"), (ProviderBlocked, "http_401", "provider_refused", None)),
        (Fault("bad_request"), (ModelRefused, "http_400", "provider_refused", None)),
        (Fault("cut"), (ModelUnavailable, "connection", "provider_down", None)),
        (Fault("bad_json"), (BadOutput, "invalid_output", "bad_output", None)),
        (Fault("refusal"), (ModelRefused, "refusal", "provider_refused", None)),
        (Fault("truncated"), (BadOutput, "truncated", "bad_output", None)),
    ],
)
async def test_draft_when_the_server_has_a_fault_then_its_error_says_which(
    make_model: MakeModel, stand_in: StandInControl, api: str, fault: Fault, expected: object
) -> None:
    stand_in.script(fault)

    error = await error_of(draft_reply(snapshot(), make_model(api=api)))

    assert described(error) == expected
    assert stand_in.seen().count == 1


@APIS
@pytest.mark.parametrize("fault", ["bad_json", "refusal", "truncated"])
async def test_draft_when_a_useless_answer_was_paid_then_its_tokens_are_known(
    make_model: MakeModel, stand_in: StandInControl, api: str, fault: Kind
) -> None:
    stand_in.script(Fault(fault))

    error = await error_of(draft_reply(snapshot(), make_model(api=api)))

    assert (error.calls[0].input_tokens or 0) > 100
    assert (error.calls[0].request_id or "").startswith("req_")


@APIS
@pytest.mark.parametrize("kind", ["hang", "trickle"])
async def test_draft_when_the_server_never_ends_then_the_deadline_does(
    make_model: MakeModel, stand_in: StandInControl, api: str, kind: Kind
) -> None:
    stand_in.script(Fault(kind))
    model = make_model(api=api, deadline_s=0.7, read_timeout_s=5.0)

    with pytest.raises(ModelUnavailable) as raised:
        await draft_reply(snapshot(), model)

    assert described(raised.value) == (ModelUnavailable, "timeout", "provider_down", None)
    assert (await draft_reply(snapshot(), make_model(api=api))).calls[0].error_type is None


async def test_draft_when_the_server_is_silent_then_the_read_timeout_ends_it(
    make_model: MakeModel, stand_in: StandInControl
) -> None:
    stand_in.script("hang")

    with pytest.raises(ModelUnavailable) as raised:
        await draft_reply(snapshot(), make_model(deadline_s=20.0, read_timeout_s=0.3))

    assert raised.value.calls[0].error_type == "timeout"


async def test_draft_when_nothing_listens_then_it_is_temporary(make_model: MakeModel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(ModelUnavailable) as raised:
        await draft_reply(snapshot(), make_model(base_url=f"http://127.0.0.1:{port}/v1"))

    assert raised.value.calls[0].error_type == "connection"


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b"\x00\xff garbage\r\n\r\n", b"HTTP/1.1 2"]
)
async def test_draft_when_the_connection_ends_early_then_it_is_no_timeout(make_model: MakeModel, answer: bytes) -> None:
    async def answer_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(answer_and_close, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]

        error = await error_of(make_model(base_url=f"http://127.0.0.1:{port}/v1").ask(render(snapshot())))

    assert described(error) == (ModelUnavailable, "connection", "provider_down", None)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (408, b"", (ModelUnavailable, "http_408", "provider_down", 2.0)),
        (409, b"{}", (ModelUnavailable, "http_409", "provider_down", 2.0)),
        (425, b"{}", (ModelUnavailable, "http_425", "provider_down", 2.0)),
        (502, b"<html>", (ModelUnavailable, "http_502", "provider_down", 2.0)),
        (503, b'{"error":{"code":"server_is_overloaded"}}', (ModelUnavailable, "http_503", "provider_down", 2.0)),
        (529, b"", (ModelUnavailable, "http_529", "provider_down", 2.0)),
        (429, b"<html>", (ModelUnavailable, "rate_limited", "provider_down", 2.0)),
        (429, b'{"error":"x"}', (ModelUnavailable, "rate_limited", "provider_down", 2.0)),
        (429, b'{"error":{"type":"tokens","code":"slow_down"}}', (ModelUnavailable, "rate_limited", "provider_down", 2.0)),
        (429, b'{"error":{"type":"insufficient_quota"}}', (ProviderBlocked, "insufficient_quota", "provider_refused", None)),
        (429, b'{"error":{"code":"credit_balance_exhausted"}}', (ProviderBlocked, "insufficient_quota", "provider_refused", None)),
        (402, b"{}", (ModelRefused, "http_402", "provider_refused", None)),
        (403, b"{}", (ProviderBlocked, "http_403", "provider_refused", None)),
        (404, b"{}", (ModelRefused, "http_404", "provider_refused", None)),
        (413, b"", (ModelRefused, "http_413", "provider_refused", None)),
        (304, b"", (ModelRefused, "http_304", "provider_refused", None)),
        (429, b"[" * 100_000, (ModelUnavailable, "rate_limited", "provider_down", 2.0)),
        (429, b'{"type":"insufficient_quota"}', (ProviderBlocked, "insufficient_quota", "provider_refused", None)),
        (422, b"[]", (ModelRefused, "http_422", "provider_refused", None)),
    ],
)
async def test_ask_when_the_status_is_an_error_then_temporary_or_permanent(
    make_model: MakeModel, recorder: Recorder, status: int, body: bytes, expected: object
) -> None:
    recorder.status, recorder.body = status, body
    recorder.headers = {"Retry-After-Ms": "2000", "X-Request-Id": "req_1"}

    error = await error_of(make_model(base_url=recorder.url).ask(render(snapshot())))

    assert described(error) == expected
    assert error.calls[0].request_id == "req_1"
    assert len(recorder.seen) == 1
