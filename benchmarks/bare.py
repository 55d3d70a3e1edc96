"""A route that does nothing: the same body in, an answer of the same kind out. What HTTP alone costs in one process."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State

from service.allocator import keep_freed_memory

ANSWER = b'{"outcome":"stored"}'


@post("/", status_code=200, request_max_body_size=None)
async def take_body(request: Request[Any, Any, State]) -> Response[bytes]:
    """Read the body and answer."""
    await request.body()
    return Response(ANSWER, media_type="application/json")


@get("/live")
async def live() -> str:
    """Say that it runs."""
    return "yes"


def create_app() -> Litestar:
    """Build it; `uvicorn benchmarks.bare:create_app --factory` runs it."""
    keep_freed_memory()
    return Litestar(route_handlers=[take_body, live], openapi_config=None, logging_config=None)
