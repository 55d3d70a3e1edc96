"""What agents do with suggestions: claim, release, resolve, regenerate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from service.api.action_schemas import ClaimIn, RegenerateIn, ReleaseIn, ResolveIn, check_resolution, checked_agent
from service.api.guards import provide_writer
from service.api.idempotency import IdempotencyKey, IfMatch, answer_once, call_key
from service.api.preconditions import etag, expected_versions, required_versions
from service.api.problems import documented
from service.api.suggestion_schemas import SuggestionOut, suggestion_out
from service.errors import InvalidInput, NotFound
from service.shops.types import Caller
from service.suggestions.agents.claims import claim, release
from service.suggestions.agents.regenerating import regenerate
from service.suggestions.agents.resolving import Resolution, resolve
from service.suggestions.queries import get_suggestion


@post(
    "/suggestions/{suggestion_id:uuid}/claim",
    status_code=200,
    summary="Claim a suggestion",
    operation_id="claim_suggestion",
    tags=["suggestions"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 404, 409, 412, 503),
)
async def claim_one(
    caller: NamedDependency[Caller],
    suggestion_id: FromPath[UUID],
    data: JSONBody[ClaimIn],
    request: Request[Any, Any, State],
    if_match: IfMatch = None,
) -> Response[SuggestionOut]:
    """Hold a ready or failed suggestion for one agent, for 300 s where `seconds` does not say; the same agent's claim is extended.

    While it lasts, nobody else gets it or another suggestion of its thread, and nothing overwrites it: a newer message, an answer
    or a changed order shows in `reason_code` and in a new ETag.
    """
    agent = checked_agent(data.agent)
    work = partial(claim, caller.shop_id, suggestion_id, agent=agent, seconds=data.seconds, expected=expected_versions(if_match))
    return await answer_once(caller, request.app.state, work, _shown(caller), SuggestionOut)


@post(
    "/suggestions/{suggestion_id:uuid}/release",
    status_code=200,
    summary="Release a suggestion",
    operation_id="release_suggestion",
    tags=["suggestions"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 404, 409, 503),
)
async def release_one(
    caller: NamedDependency[Caller], suggestion_id: FromPath[UUID], data: JSONBody[ReleaseIn], request: Request[Any, Any, State]
) -> Response[SuggestionOut]:
    """Give a claimed suggestion back; one that was overtaken meanwhile becomes `superseded`. Without a claim nothing changes."""
    state = request.app.state
    agent = checked_agent(data.agent)
    work = partial(release, caller.shop_id, suggestion_id, agent=agent, head_start_s=state.schedule.head_start_s)
    return await answer_once(caller, state, work, _shown(caller), SuggestionOut)


@post(
    "/suggestions/{suggestion_id:uuid}/resolve",
    status_code=200,
    summary="Resolve a suggestion",
    operation_id="resolve_suggestion",
    tags=["suggestions"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 404, 409, 412, 422, 428, 503),
)
async def resolve_one(
    caller: NamedDependency[Caller],
    suggestion_id: FromPath[UUID],
    data: JSONBody[ResolveIn],
    request: Request[Any, Any, State],
    *,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[SuggestionOut]:
    """Say what became of a suggestion: accepted as it is, edited, or rejected with a reason. Needs If-Match.

    Unless it is rejected, the final text becomes an outbound message of the thread, `reply_id`; send it yourself, with the
    message's `rfc_message_id` as Message-ID. What was drafted meanwhile for a newer message is drafted anew.
    """
    state = request.app.state
    check_resolution(data)
    work = partial(
        resolve,
        caller.shop_id,
        suggestion_id,
        Resolution(checked_agent(data.agent), data.outcome, final_body=data.final_body, reason=data.reason),
        expected=required_versions(if_match),
        head_start_s=state.schedule.head_start_s,
    )
    key = await call_key(request, idempotency_key)
    return await answer_once(caller, state, work, _shown(caller), SuggestionOut, key=key)


@post(
    "/suggestions/{suggestion_id:uuid}/regenerate",
    status_code=202,
    summary="Have a suggestion drafted anew",
    operation_id="regenerate_suggestion",
    tags=["suggestions"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 404, 409, 412, 422, 428, 503),
)
async def regenerate_one(
    caller: NamedDependency[Caller],
    suggestion_id: FromPath[UUID],
    data: JSONBody[RegenerateIn],
    request: Request[Any, Any, State],
    *,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[SuggestionOut]:
    """End a suggestion and return the new one that takes its place, for the customer's newest message. Needs If-Match."""
    state = request.app.state
    if "\0" in data.instruction:
        raise InvalidInput("`instruction` takes text without NUL characters")
    work = partial(
        regenerate,
        caller.shop_id,
        suggestion_id,
        agent=checked_agent(data.agent),
        instruction=data.instruction,
        expected=required_versions(if_match),
        head_start_s=state.schedule.head_start_s,
    )
    key = await call_key(request, idempotency_key)
    return await answer_once(caller, state, work, _shown(caller), SuggestionOut, key=key, status=202)


def _shown(caller: Caller) -> Callable[[UUID], Awaitable[tuple[SuggestionOut, str]]]:
    """Return what reads a suggestion, with its ETag, for the answer."""

    async def show(suggestion_id: UUID) -> tuple[SuggestionOut, str]:
        row = await get_suggestion(caller.shop_id, suggestion_id)
        if row is None:
            raise NotFound(f"There is no suggestion {suggestion_id}")
        return suggestion_out(row), etag(row["version"])

    return show
