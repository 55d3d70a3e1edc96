"""The stand-in as a plain ASGI application: routing, the model endpoints, and how each fault looks on the wire.

`/v1/*` is OpenAI's, as far as the program uses it; `/control/*` and `/health` are the stand-in's own.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from service.embedded.standin import batch_routes, exchange, faults
from service.embedded.standin.answering import DIALECTS, Dialect, reply_to
from service.embedded.standin.asgi import (
    BodyTooLargeError,
    ClientLeftError,
    Headers,
    Receive,
    Scope,
    Send,
    answer,
    answer_value,
    begin,
    pause,
    read_body,
)
from service.embedded.standin.control import State, control, not_found
from service.embedded.standin.exchange import MODEL, Answer, ApiError, Ask, ErrorBody, ErrorDetail
from service.embedded.standin.faults import Fault

MODELS = {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "draftdesk"}]}
GATEWAY_TIMEOUT = ApiError(504, ErrorDetail(message="The stand-in hung for as long as it may.", type="server_error"))


def create_app() -> StandIn:
    """Build an app with a state of its own: no faults, an empty journal, no thinking time."""
    return StandIn()


class StandIn:
    """The ASGI application."""

    def __init__(self) -> None:
        self._state = State()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection scope; only HTTP and the lifespan are known."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            return
        request_id = (b"x-request-id", exchange.new_id("req").encode())
        try:
            await self._route(scope, receive, send, (request_id,))
        except ClientLeftError:
            return
        except BodyTooLargeError:
            detail = ErrorDetail(message="The request body is too large.", type="invalid_request_error")
            await _refuse(send, ApiError(413, detail), (request_id,))
        except ApiError as error:
            await _refuse(send, error, (request_id,))

    async def _route(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        method, path = scope["method"], scope["path"]
        if (method, path) == ("GET", "/health"):
            await answer_value(send, 200, {"status": "ok"})
        elif path.startswith("/control/"):
            body = await read_body(receive)
            await answer_value(send, 200, control(self._state, method, path, dict(scope["headers"]), body))
        elif method == "POST" and path in DIALECTS:
            _authorise(scope)
            await self._ask(path, receive, send, headers)
        elif (method, path) == ("GET", "/v1/models"):
            _authorise(scope)
            await answer(send, 200, msgspec.json.encode(MODELS), headers)
        elif path.startswith(batch_routes.ROOTS):
            _authorise(scope)
            await batch_routes.route(self._state, scope, receive, send, headers)
        else:
            raise not_found(method, path)

    async def _ask(self, path: str, receive: Receive, send: Send, headers: Headers) -> None:
        dialect = DIALECTS[path]
        ask = dialect.read(await read_body(receive))
        prompt = ask.prompt
        self._state.journal.add(path=path, model=ask.model, prompt=prompt, at=datetime.now(UTC))
        fault = self._state.faults.take(prompt)
        if self._state.latency_s:
            await pause(receive, self._state.latency_s)
        if fault is None:
            await answer(send, 200, dialect.write(ask, self._reply(ask)), headers)
        else:
            await _fail(fault, ask, self._reply(ask), dialect=dialect, receive=receive, send=send, headers=headers)

    def _reply(self, ask: Ask) -> Answer:
        return reply_to(ask, is_gullible=self._state.is_gullible)


def _authorise(scope: Scope) -> None:
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer " and value[7:].strip():
            return
    message = "You didn't provide an API key: use `Authorization: Bearer ...`. The stand-in takes any."
    raise ApiError(401, ErrorDetail(message=message, type="invalid_request_error"))


async def _fail(fault: Fault, ask: Ask, good: Answer, *, dialect: Dialect, receive: Receive, send: Send, headers: Headers) -> None:
    """Answer as the fault says; `delay` alone ends well."""
    if (error := faults.error_of(fault)) is not None:
        raise error
    if fault.kind == "hang":
        await pause(receive, _seconds(fault, faults.LONGEST_S))
        raise GATEWAY_TIMEOUT
    if fault.kind == "delay":
        await pause(receive, _seconds(fault, faults.DELAY_S))
    body = dialect.write(ask, faults.spoil(fault, good))
    if fault.kind == "trickle":
        await _trickle(body, _seconds(fault, faults.LONGEST_S), receive=receive, send=send, headers=headers)
    elif fault.kind == "cut":
        # Returning with more_body still true makes the server close the connection.
        await begin(send, 200, len(body), headers)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    else:
        await answer(send, 200, body, headers)


async def _trickle(body: bytes, seconds: float, *, receive: Receive, send: Send, headers: Headers) -> None:
    """Send one byte after another for so long, then close the connection."""
    await begin(send, 200, len(body), headers)
    for at in range(min(len(body), int(seconds / faults.TRICKLE_EVERY_S))):
        await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": True})
        await pause(receive, faults.TRICKLE_EVERY_S)


def _seconds(fault: Fault, default_s: float) -> float:
    return default_s if fault.seconds is None else fault.seconds


async def _refuse(send: Send, error: ApiError, headers: Headers) -> None:
    if error.retry_after is not None:
        headers = (*headers, (b"retry-after", error.retry_after.encode()))
    await answer(send, error.status, msgspec.json.encode(ErrorBody(error.detail)), headers)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
