"""Batches: many messages drafted again behind all others, with progress and cancel."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter

from service.api.batch_schemas import BatchIn, BatchOut, BatchPage, batch_out, checked_batch
from service.api.cursors import decode_cursor, encode_cursor
from service.api.guards import provide_writer
from service.api.idempotency import IdempotencyKey, answer_once, call_key
from service.api.problems import documented
from service.batches.queries import get_batch, list_batches
from service.batches.service import cancel, create
from service.db.ids import NEWEST
from service.errors import NotFound
from service.shops.types import Caller


@post(
    "/batches",
    status_code=201,
    summary="Have many messages drafted again",
    operation_id="create_batch",
    tags=["batches"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 422, 503),
)
async def create_one(
    caller: NamedDependency[Caller],
    data: JSONBody[BatchIn],
    request: Request[Any, Any, State],
    idempotency_key: IdempotencyKey = None,
) -> Response[BatchOut]:
    """Have up to 10,000 messages drafted again, behind all other mail, and return the batch, which has not begun yet.

    Where a message cannot be drafted again, the batch says why. A draft that it replaces is `superseded` as soon as its successor
    waits; it comes back when the successor fails, or when the batch is cancelled before its turn.
    """
    new = checked_batch(data)
    key = await call_key(request, idempotency_key)

    async def show(batch_id: UUID) -> tuple[BatchOut, str]:
        return await _shown(caller, batch_id), ""

    work = partial(create, caller.shop_id, new)
    return await answer_once(caller, request.app.state, work, show, BatchOut, key=key, status=201)


@get(
    "/batches",
    summary="List batches",
    operation_id="list_batches",
    tags=["batches"],
    responses=documented(400, 401, 403, 503),
)
async def list_batch_page(
    caller: NamedDependency[Caller],
    cursor: Annotated[str | None, QueryParameter(max_length=100, description="`next_cursor` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=50, description="Rows on a page")] = 20,
) -> BatchPage:
    """Return batches with their progress, newest first."""
    before = decode_cursor(cursor) if cursor else NEWEST
    found = await list_batches(caller.shop_id, before=before, limit=limit + 1)
    page = found[:limit]
    return BatchPage(
        items=[batch_out(batch) for batch in page],
        next_cursor=encode_cursor(page[-1].id) if len(found) > limit else None,
    )


@get(
    "/batches/{batch_id:uuid}",
    summary="Get a batch and its progress",
    operation_id="get_batch",
    tags=["batches"],
    responses=documented(400, 401, 403, 404, 503),
)
async def get_one_batch(caller: NamedDependency[Caller], batch_id: FromPath[UUID]) -> BatchOut:
    """Return a batch with its suggestions counted as they stand now. It is `finished` when none of them waits any more."""
    return await _shown(caller, batch_id)


@post(
    "/batches/{batch_id:uuid}/cancel",
    status_code=200,
    summary="Cancel a batch",
    operation_id="cancel_batch",
    tags=["batches"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 404, 409, 503),
)
async def cancel_one(caller: NamedDependency[Caller], batch_id: FromPath[UUID]) -> BatchOut:
    """Stop a batch: what waits becomes `superseded`, and the drafts that it was to replace come back.

    What is being drafted at this moment is finished; what is drafted stays. Cancelling twice is as cancelling once.
    """
    await cancel(caller.shop_id, batch_id)
    return await _shown(caller, batch_id)


async def _shown(caller: Caller, batch_id: UUID) -> BatchOut:
    batch = await get_batch(caller.shop_id, batch_id)
    if batch is None:
        raise NotFound(f"There is no batch {batch_id}")
    return batch_out(batch)
