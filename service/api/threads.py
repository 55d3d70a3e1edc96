"""Threads: a conversation with one customer, with its messages and suggestions, and what agents write without a draft."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from service.api.action_schemas import ReplyIn, checked_agent, checked_text
from service.api.guards import provide_writer
from service.api.idempotency import IdempotencyKey, answer_once, call_key
from service.api.problems import documented
from service.api.schemas import MessageOut, message_out
from service.api.thread_schemas import ThreadOut, thread_out
from service.errors import NotFound
from service.inbox.queries import get_message, get_thread, messages_of_thread
from service.shops.types import Caller
from service.suggestions.agents.resolving import answer_thread
from service.suggestions.queries import suggestions_of_thread


@get(
    "/threads/{thread_id:uuid}",
    summary="Get a thread",
    operation_id="get_thread",
    tags=["threads"],
    responses=documented(400, 401, 403, 404, 503),
)
async def get_one_thread(caller: NamedDependency[Caller], thread_id: FromPath[UUID]) -> ThreadOut:
    """Return a thread with its newest 100 messages, oldest first, and its suggestions, newest first."""
    row = await get_thread(caller.shop_id, thread_id)
    if row is None:
        raise NotFound(f"There is no thread {thread_id}")
    messages = await messages_of_thread(caller.shop_id, thread_id)
    suggestions = await suggestions_of_thread(caller.shop_id, thread_id)
    return thread_out(row, messages, suggestions)


@post(
    "/threads/{thread_id:uuid}/messages",
    status_code=201,
    summary="Add an agent's own reply",
    operation_id="create_message",
    tags=["threads"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 404, 422, 503),
)
async def create_message(
    caller: NamedDependency[Caller],
    thread_id: FromPath[UUID],
    data: JSONBody[ReplyIn],
    request: Request[Any, Any, State],
    idempotency_key: IdempotencyKey = None,
) -> Response[MessageOut]:
    """Store an agent's reply as an outbound message of the thread; send it yourself, with its `rfc_message_id` as Message-ID.

    Live suggestions of the thread end as `superseded`, `answered`; a ready one with the outcome `ignored`. What another agent has
    claimed stays with them; its version and reason tell them.
    """
    agent, text = checked_agent(data.agent), checked_text("text", data.text)

    async def show(message_id: UUID) -> tuple[MessageOut, str]:
        return message_out(await get_message(caller.shop_id, message_id)), ""

    work = partial(answer_thread, caller.shop_id, thread_id, agent=agent, text=text)
    key = await call_key(request, idempotency_key)
    return await answer_once(caller, request.app.state, work, show, MessageOut, key=key, status=201)
