"""Threads: a conversation with one customer, with its messages and suggestions."""

from __future__ import annotations

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.api.problems import documented
from service.api.schemas import ThreadOut, thread_out
from service.errors import NotFound
from service.inbox.queries import get_thread, messages_of_thread
from service.shops.types import Caller
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
