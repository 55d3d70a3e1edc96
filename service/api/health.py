"""Health. Ready means Postgres with our schema; a broker that is away only degrades: mail is still taken."""

from __future__ import annotations

import asyncio
from typing import Literal

import msgspec
from litestar import Response, get
from litestar.datastructures import State
from litestar.openapi import ResponseSpec

from service import __version__
from service.db.engine import DatabaseUnavailable
from service.db.readiness import missing_migrations


class Live(msgspec.Struct):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str = __version__


class Ready(msgspec.Struct):
    """`degraded`: mail is taken and waits. `unavailable`: webhooks answer 503."""

    status: Literal["ok", "degraded", "unavailable"]
    database: Literal["ok", "unreachable", "not_migrated"]
    broker: Literal["ok", "unreachable"]
    version: str = __version__


@get("/health/live", tags=["health"], summary="Is the process alive?", operation_id="live", sync_to_thread=False)
def live() -> Live:
    """Answer without looking at anything else."""
    return Live()


@get(
    "/health/ready",
    tags=["health"],
    summary="Can mail be taken?",
    operation_id="ready",
    responses={503: ResponseSpec(Ready, description="Webhooks answer 503 too.", generate_examples=False)},
)
async def ready(state: State) -> Response[Ready]:
    """Answer 200 when mail can be taken, 503 when not. Names the part that is missing; never calls the model."""
    has_broker = await asyncio.to_thread(state.sender.ping)
    database: Literal["ok", "unreachable", "not_migrated"] = "ok"
    try:
        if await missing_migrations():
            database = "not_migrated"
    except DatabaseUnavailable:
        database = "unreachable"
    status: Literal["ok", "degraded", "unavailable"] = "ok" if has_broker else "degraded"
    if database != "ok":
        status = "unavailable"
    answer = Ready(status=status, database=database, broker="ok" if has_broker else "unreachable")
    return Response(answer, status_code=503 if status == "unavailable" else 200)
