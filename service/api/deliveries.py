"""Deliveries: what the webhooks brought, and the replay of what could not be read."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter

from service.api.cursors import decode_cursor, encode_cursor
from service.api.guards import provide_writer
from service.api.problems import documented
from service.api.schemas import DeliveryOut, DeliveryPage
from service.api.webhooks import WebhookReceipt, publish, receipt_out
from service.db.ids import NEWEST
from service.deliveries.queries import list_deliveries
from service.deliveries.service import replay
from service.inbox.types import Schedule
from service.shops.types import Caller


@get(
    "/deliveries",
    summary="List deliveries",
    operation_id="list_deliveries",
    tags=["deliveries"],
    responses=documented(400, 401, 403, 503),
)
async def list_delivery_page(
    caller: NamedDependency[Caller],
    failed: FromQuery[bool] = False,
    cursor: Annotated[str | None, QueryParameter(max_length=100, description="`next_cursor` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200, description="Rows on a page")] = 50,
) -> DeliveryPage:
    """Return authentic webhook calls, newest first; `failed=true`: those that could not be read. Kept 7 days, failed ones 30."""
    before = decode_cursor(cursor) if cursor else NEWEST
    rows = await list_deliveries(caller.shop_id, only_failed=failed, before=before, limit=limit + 1)
    page = rows[:limit]
    return DeliveryPage(
        items=[DeliveryOut(**row) for row in page],
        next_cursor=encode_cursor(page[-1]["id"]) if len(rows) > limit else None,
    )


@post(
    "/deliveries/{delivery_id:uuid}/replay",
    status_code=200,
    summary="Read a failed or ignored delivery again",
    operation_id="replay_delivery",
    tags=["deliveries"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 404, 409, 503),
)
async def replay_one(
    caller: NamedDependency[Caller], delivery_id: FromPath[UUID], request: Request[Any, Any, State]
) -> WebhookReceipt:
    """Read a failed or ignored delivery with today's program, as if it came now; the message keeps the time of its arrival."""
    state = request.app.state
    receipt = await replay(caller.shop_id, delivery_id, schedule=Schedule(state.schedule.head_start_s))
    publish(receipt, state)
    return receipt_out(receipt)
