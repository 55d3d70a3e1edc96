"""Suggestions, as people and AI agents pull them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, QueryParameter

from service.api.cursors import decode_cursor, encode_cursor
from service.api.preconditions import etag
from service.api.problems import documented
from service.api.schemas import message_out
from service.api.suggestion_schemas import StatusName, SuggestionDetail, SuggestionPage, disclosed_out, suggestion_out
from service.db.ids import NEWEST
from service.drafting.types import Snapshot
from service.errors import NotFound
from service.inbox.queries import get_message, reply_id_for
from service.shops.types import Caller
from service.suggestions.queries import get_snapshot, get_suggestion, list_suggestions


@get(
    "/suggestions",
    summary="List suggestions",
    operation_id="list_suggestions",
    tags=["suggestions"],
    responses=documented(400, 401, 403, 503),
)
async def list_page(
    caller: NamedDependency[Caller],
    status: FromQuery[StatusName | None] = None,
    thread: FromQuery[UUID | None] = None,
    cursor: Annotated[str | None, QueryParameter(max_length=100, description="`next_cursor` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200, description="Rows on a page")] = 50,
) -> SuggestionPage:
    """Return suggestions, newest first. Follow `next_cursor` until it is null; new arrivals do not shift the pages."""
    before = decode_cursor(cursor) if cursor else NEWEST
    rows = await list_suggestions(caller.shop_id, status=status, thread_id=thread, before=before, limit=limit + 1)
    page = rows[:limit]
    return SuggestionPage(
        items=[suggestion_out(row) for row in page],
        next_cursor=encode_cursor(page[-1]["id"]) if len(rows) > limit else None,
    )


@get(
    "/suggestions/{suggestion_id:uuid}",
    summary="Get a suggestion",
    operation_id="get_suggestion",
    tags=["suggestions"],
    responses=documented(400, 401, 403, 404, 503),
)
async def get_one(caller: NamedDependency[Caller], suggestion_id: FromPath[UUID]) -> Response[SuggestionDetail]:
    """Return one suggestion with the message it answers. The ETag is its version."""
    row = await get_suggestion(caller.shop_id, suggestion_id)
    message = await get_message(caller.shop_id, row["message_id"]) if row else None
    if row is None or message is None:
        raise NotFound(f"There is no suggestion {suggestion_id}")
    reply_id = await reply_id_for(caller.shop_id, row["thread_id"], suggestion_id, mailbox=message["recipient"])
    detail = SuggestionDetail(
        suggestion=suggestion_out(row),
        message=message_out(message),
        reply_message_id=reply_id,
        disclosed=disclosed_out(row),
    )
    return Response(detail, headers={"ETag": etag(row["version"])})


@get(
    "/suggestions/{suggestion_id:uuid}/snapshot",
    summary="Get what the model was told",
    operation_id="get_snapshot",
    tags=["suggestions"],
    responses={
        200: ResponseSpec(Snapshot, description="The snapshot as it was stored.", generate_examples=False),
        **documented(400, 401, 403, 404, 503),
    },
)
async def get_one_snapshot(caller: NamedDependency[Caller], suggestion_id: FromPath[UUID]) -> Response[bytes]:
    """Return all that the model was told for a suggestion, so that its draft can be explained. Earlier ones may lack fields."""
    snapshot = await get_snapshot(caller.shop_id, suggestion_id)
    if snapshot is None:
        raise NotFound(f"There is no snapshot of suggestion {suggestion_id}")
    return Response(snapshot.encode(), media_type="application/json")
