"""Who calls, and what the key allows. A key sees its own shop and nothing else."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import State

from service.errors import AuthenticationFailed, PermissionDenied
from service.shops.service import find_caller
from service.shops.types import Caller, Scope

MAX_KEY_LENGTH = 200


async def provide_reader(request: Request[Any, Any, State]) -> Caller:
    """Return the caller of a route that reads. Raises AuthenticationFailed, PermissionDenied."""
    return await _caller(request, "read")


async def provide_writer(request: Request[Any, Any, State]) -> Caller:
    """Return the caller of a route that changes something. Raises AuthenticationFailed, PermissionDenied."""
    return await _caller(request, "write")


async def _caller(request: Request[Any, Any, State], scope: Scope) -> Caller:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(key) <= MAX_KEY_LENGTH:
        raise AuthenticationFailed("Send an API key: `Authorization: Bearer dd_...`; `draftdesk key create` makes one")
    caller = await find_caller(key)
    if caller is None:
        raise AuthenticationFailed("This API key is unknown or was revoked")
    if not caller.may(scope):
        raise PermissionDenied(f"This API key lacks the scope `{scope}`")
    return caller
