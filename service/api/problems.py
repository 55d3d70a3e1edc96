"""Every error as problem+json (RFC 9457): one table from our errors to a status. No content of a request is ever echoed."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi import ResponseSpec
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_412_PRECONDITION_FAILED,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_428_PRECONDITION_REQUIRED,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from service.errors import (
    AuthenticationFailed,
    Conflict,
    InvalidInput,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    PreconditionRequired,
    ServiceError,
    TemporaryError,
    Unprocessable,
)

PROBLEM_JSON = "application/problem+json"
DEFAULT_RETRY_AFTER_S = 5

_QUOTED = re.compile(r"\s*'.*'", re.DOTALL)

log = structlog.get_logger()

_STATUS: tuple[tuple[type[ServiceError], int, str], ...] = (
    (AuthenticationFailed, HTTP_401_UNAUTHORIZED, "Not authenticated"),
    (PermissionDenied, HTTP_403_FORBIDDEN, "Not allowed"),
    (NotFound, HTTP_404_NOT_FOUND, "Not found"),
    (InvalidInput, HTTP_400_BAD_REQUEST, "Invalid input"),
    (Conflict, HTTP_409_CONFLICT, "Conflict"),
    (PreconditionFailed, HTTP_412_PRECONDITION_FAILED, "Changed meanwhile"),
    (PreconditionRequired, HTTP_428_PRECONDITION_REQUIRED, "If-Match is required"),
    (Unprocessable, HTTP_422_UNPROCESSABLE_ENTITY, "Contradicts an earlier call"),
    (TemporaryError, HTTP_503_SERVICE_UNAVAILABLE, "Temporarily unavailable"),
)


class Problem(msgspec.Struct, omit_defaults=True):
    """An error. `type` is about:blank: the status and the title say what kind it is."""

    status: int
    title: str
    detail: str = ""
    type: str = "about:blank"


_MEANING = {
    400: "The input is not what this route takes; `detail` names the field.",
    401: "No API key, or one that is unknown or revoked; for a webhook: the signature is wrong, missing or stale.",
    403: "The API key lacks the scope.",
    404: "There is no such thing in this shop.",
    409: "The thing is not in the state that this needs.",
    412: "The thing has changed since the version that If-Match names; `detail` says what happened.",
    413: "The body is larger than 50 MB.",
    422: "The Idempotency-Key was used before, for another call.",
    428: "This route takes no call without If-Match: send the ETag that you read.",
    503: "The database is away: try again after Retry-After seconds.",
}


def documented(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the errors of a route for its OpenAPI description."""
    return {
        status: ResponseSpec(
            Problem,
            description=_MEANING[status],
            media_type=PROBLEM_JSON,
            generate_examples=False,
        )
        for status in statuses
    }


def problem(status: int, title: str, detail: str = "", headers: dict[str, str] | None = None) -> Response[Problem]:
    """Return a problem+json answer."""
    return Response(
        Problem(status=status, title=title, detail=detail),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers=headers or {},
    )


def on_service_error(_: Request[Any, Any, Any], error: ServiceError) -> Response[Problem]:
    """Translate our own errors."""
    for kind, status, title in _STATUS:
        if isinstance(error, kind):
            return problem(status, title, str(error), _headers(error))
    return problem(HTTP_500_INTERNAL_SERVER_ERROR, "Internal error", "The error has been logged.")


def on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Translate the framework's errors: unknown path, wrong method, bad parameter, body too large."""
    extra = error.extra if isinstance(error.extra, list) else []
    # The framework's own detail quotes the address with its query, and a message quotes a value that is not of its enum.
    named = "; ".join(
        f"{each['key']}: {_QUOTED.sub('', str(each['message']))}" for each in extra if isinstance(each, dict) and "key" in each
    )
    return problem(error.status_code, HTTPStatus(error.status_code).phrase, named, dict(error.headers or {}))


def on_unexpected_error(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Answer a bug without its details; the log has them."""
    log.error("api.request_failed", path_template=request.scope.get("path_template", ""), exc_info=error)
    return problem(HTTP_500_INTERNAL_SERVER_ERROR, "Internal error", "The error has been logged.")


def _headers(error: ServiceError) -> dict[str, str]:
    if isinstance(error, AuthenticationFailed):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TemporaryError):
        return {"Retry-After": f"{error.retry_after_s or DEFAULT_RETRY_AFTER_S:.0f}"}
    return {}
