"""`/v1/files` and `/v1/batches`: OpenAI's, as far as the program uses them.

Source: openai 3.54, openai/resources/files.py and batches.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qs

import msgspec

from service.embedded.standin import exchange
from service.embedded.standin.asgi import Headers, Receive, Scope, Send, answer, begin, read_body
from service.embedded.standin.batch_runs import run
from service.embedded.standin.batches import Batch, CreateRequest
from service.embedded.standin.control import State, not_found
from service.embedded.standin.stored_files import FileObject
from service.embedded.standin.uploads import upload

ROOTS = ("/v1/files", "/v1/batches")
_KINDS = {"files", "batches"}
BLOCK_BYTES = 262_144

_CREATE = msgspec.json.Decoder(CreateRequest)


class Page(msgspec.Struct, frozen=True):
    """One page of a list."""

    data: list[Batch] | list[FileObject]
    has_more: bool
    object: str = "list"
    first_id: str | None = None
    last_id: str | None = None


class Deleted(msgspec.Struct, frozen=True):
    """What is told of a file that is gone."""

    id: str
    object: str = "file"
    deleted: bool = True


async def route(state: State, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
    """Answer a request below one of ROOTS.

    Raises:
        ApiError: 400, 404, 409 or 413.
    """
    method, path = scope["method"], scope["path"]
    if (method, path) == ("POST", "/v1/files"):
        content_type = dict(scope["headers"]).get(b"content-type", b"").decode("latin-1")
        await _tell(send, await upload(receive, content_type, state.files), headers)
        return
    body = await read_body(receive)
    _, _, kind, *rest = path.split("/")
    if (method, kind, rest[1:]) == ("GET", "files", ["content"]):
        await _send_content(state, rest[0], send, headers)
        return
    if kind not in _KINDS:
        raise not_found(method, path)
    told = _about_files(state, method, rest, scope) if kind == "files" else _about_batches(state, method, rest, scope, body)
    if told is None:
        raise not_found(method, path)
    await _tell(send, told, headers)


def _about_files(state: State, method: str, rest: list[str], scope: Scope) -> Page | FileObject | Deleted | None:
    """Return what a request is answered; None: there is no such address."""
    match method, rest:
        case "GET", []:
            query = _query(scope)
            return _page(state.files.list(purpose=query.get("purpose"), limit=_limit(query, 10_000)), has_more=False)
        case "GET", [file_id]:
            return state.files.get(file_id)
        case "DELETE", [file_id]:
            state.files.delete(file_id)
            return Deleted(file_id)
        case _:
            return None


def _about_batches(state: State, method: str, rest: list[str], scope: Scope, body: bytes) -> Page | Batch | None:
    """Return what a request is answered; None: there is no such address."""
    match method, rest:
        case "POST", []:
            return _create(state, body)
        case "GET", []:
            query = _query(scope)
            batches, has_more = state.batches.list(after=query.get("after"), limit=_limit(query, 100))
            return _page(batches, has_more=has_more)
        case "GET", [batch_id]:
            return state.batches.get(batch_id).batch
        case "POST", [batch_id, "cancel"]:
            course = state.batches.get(batch_id)
            course.cancel()
            return course.batch
        case _:
            return None


def _create(state: State, body: bytes) -> Batch:
    request = exchange.decode(body, _CREATE)
    state.files.get(request.input_file_id)
    course = state.batches.add(request)
    course.task = asyncio.create_task(run(course, state))
    return course.batch


async def _send_content(state: State, file_id: str, send: Send, headers: Headers) -> None:
    size_bytes = state.files.get(file_id).bytes
    await begin(send, 200, size_bytes, headers)
    for at in range(0, size_bytes, BLOCK_BYTES):
        await send({"type": "http.response.body", "body": state.files.read(file_id, at, BLOCK_BYTES), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _tell(send: Send, value: object, headers: Headers) -> None:
    await answer(send, 200, msgspec.json.encode(value), headers)


def _page(found: list[Batch] | list[FileObject], *, has_more: bool) -> Page:
    ids = [each.id for each in found]
    return Page(found, has_more, first_id=ids[0] if ids else None, last_id=ids[-1] if ids else None)


def _query(scope: Scope) -> Mapping[str, str]:
    found = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=20)
    return {name: values[-1] for name, values in found.items()}


def _limit(query: Mapping[str, str], most: int) -> int:
    told = query.get("limit", str(min(most, 20)))
    if not told.isdecimal() or not 1 <= int(told) <= most:
        raise exchange.invalid_request(f"The limit is a number from 1 to {most}.", code="invalid_value", param="limit")
    return int(told)
