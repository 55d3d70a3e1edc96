"""The API's metrics, for Prometheus alone: they tell how a business goes."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST

from service.errors import AuthenticationFailed
from service.monitoring import MetricsPage

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""A reverse proxy on this machine is no scrape from this machine."""


@get("/metrics", include_in_schema=False, media_type=MediaType.TEXT)
async def get_metrics(request: Request[Any, Any, State]) -> Response[bytes]:
    """Return what this API has counted, and how queues and waiting suggestions stand.

    For whoever sends DRAFTDESK_METRICS_TOKEN as a bearer token; where none is set, for this machine only.
    """
    token: str = request.app.state.metrics_token
    if not (_has_token(request, token) if token else _is_from_here(request)):
        raise AuthenticationFailed(
            "Metrics are for this machine, or for `Authorization: Bearer` with the API's DRAFTDESK_METRICS_TOKEN"
        )
    page: MetricsPage = request.app.state.metrics_page
    return Response(await page.render(), media_type=CONTENT_TYPE_LATEST)


def _has_token(request: Request[Any, Any, State], token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(given.encode(), token.encode())


def _is_from_here(request: Request[Any, Any, State]) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
