"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a call that is sent again is answered again, and done once."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import HeaderParameter

from service.errors import InvalidInput
from service.jobs import DraftJob, Publisher
from service.shops.types import Caller
from service.suggestions.agents.actions import CallKey, Done, act

MAX_KEY_LENGTH = 200

T = TypeVar("T")

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="1 to 200 printable characters, new for each call; where an answer is lost, send the call again under its key",
    ),
]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="The ETag of the suggestion as it was read")]


class Answer(msgspec.Struct):
    """An answer as it is kept with its key."""

    status: int
    etag: str
    body: msgspec.Raw


async def call_key(request: Request[Any, Any, State], key: str | None) -> CallKey | None:
    """Return the key with a hash of all that the call says; None without one. Raises InvalidInput."""
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise InvalidInput("`Idempotency-Key` takes 1 to 200 printable characters")
    parts = (request.method, request.url.path, request.headers.get("if-match", ""))
    head = "".join(f"{len(each)} {each}\n" for each in parts)
    return CallKey(key, hashlib.sha256(head.encode() + await request.body()).digest())


async def answer_once(
    caller: Caller,
    state: State,
    work: Callable[[], Awaitable[Done]],
    show: Callable[[UUID], Awaitable[tuple[T, str]]],
    body_type: type[T],
    *,
    key: CallKey | None = None,
    status: int = 200,
) -> Response[T]:
    """Do the work, publish its jobs, and answer with the body and the ETag that `show` tells of it; "" for no ETag."""

    async def answer(row_id: UUID) -> bytes:
        body, tag = await show(row_id)
        return msgspec.json.encode(Answer(status, tag, msgspec.Raw(msgspec.json.encode(body))))

    answered = await act(caller.shop_id, work, answer, key=key)
    publish_jobs(answered.jobs, state)
    kept = msgspec.json.decode(answered.answer, type=Answer)
    body = msgspec.json.decode(kept.body, type=body_type)
    return Response(body, status_code=kept.status, headers={"ETag": kept.etag} if kept.etag else {})


def publish_jobs(jobs: tuple[DraftJob, ...], state: State) -> None:
    """Hand committed jobs to the publisher. Returns at once."""
    publisher: Publisher = state.publisher
    for job in jobs:
        publisher.publish(job)
