"""Dead letters: suggestions that failed and that nobody has dealt with, by cause, and their way back into work."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, JSONBody, QueryParameter

from service.api.dead_letter_schemas import (
    MAX_ERROR_LENGTH,
    DeadLetters,
    RetryIn,
    RetryOut,
    cause_out,
    checked_cause,
    checked_selection,
    decode_letter_cursor,
    retry_out,
)
from service.api.guards import provide_writer
from service.api.idempotency import IdempotencyKey, answer_once, call_key
from service.api.problems import documented
from service.shops.types import Caller
from service.suggestions.agents.actions import Done
from service.suggestions.dead_letters.queries import list_dead_letters
from service.suggestions.dead_letters.retrying import retry_cause, retry_letters
from service.suggestions.dead_letters.types import Retried
from service.suggestions.lifecycle import ReasonCode

MAX_CURSOR_LENGTH = 4_000

log = structlog.get_logger()


@get(
    "/dead-letters",
    summary="List dead letters by cause",
    operation_id="list_dead_letters",
    tags=["dead letters"],
    responses=documented(400, 401, 403, 503),
)
async def list_dead_letter_causes(
    caller: NamedDependency[Caller],
    reason_code: FromQuery[ReasonCode | None] = None,
    error: Annotated[str | None, QueryParameter(max_length=MAX_ERROR_LENGTH, description="Only with `reason_code`")] = None,
    cursor: Annotated[
        str | None, QueryParameter(max_length=MAX_CURSOR_LENGTH, description="A cause's `next_cursor`: more of its letters alone")
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="Letters of each cause")] = 10,
) -> DeadLetters:
    """Return failed suggestions that nobody has dealt with, by cause; the customer who has waited longest comes first.

    At most 100 causes. A letter leaves the list when an agent edits or rejects it, or when it is put back into work.
    """
    if cursor:
        cause, after = decode_letter_cursor(cursor)
        groups = await list_dead_letters(caller.shop_id, cause=cause, after=after, limit=limit)
    else:
        groups = await list_dead_letters(caller.shop_id, cause=checked_cause(reason_code, error), limit=limit)
    return DeadLetters(causes=[cause_out(group) for group in groups])


@post(
    "/dead-letters/retry",
    status_code=200,
    summary="Put dead letters back into work",
    operation_id="retry_dead_letters",
    tags=["dead letters"],
    dependencies={"caller": Provide(provide_writer)},
    responses=documented(400, 401, 403, 422, 503),
)
async def retry_dead_letters(
    caller: NamedDependency[Caller],
    data: JSONBody[RetryIn],
    request: Request[Any, Any, State],
    idempotency_key: IdempotencyKey = None,
) -> Response[RetryOut]:
    """Have failed suggestions drafted again, with the prompt of today: those of `suggestion_ids`, or all of a cause.

    They keep their ids, and count in the budget as any draft. What cannot be put back stays as it is, and `why` says so. Of a whole
    cause one call puts back `limit` at most: call again until `left` is 0.
    """
    state = request.app.state
    cause = checked_selection(data)
    told: list[Retried] = []

    async def work() -> Done:
        head_start_s = state.schedule.head_start_s
        if cause is None:
            told.append(await retry_letters(caller.shop_id, data.suggestion_ids or (), head_start_s=head_start_s))
        else:
            told.append(await retry_cause(caller.shop_id, cause, limit=data.limit, head_start_s=head_start_s))
        return Done(caller.shop_id, jobs=told[-1].jobs)

    async def show(_: UUID) -> tuple[RetryOut, str]:
        # The last one: after a race the work is done again from the beginning.
        return retry_out(told[-1]), ""

    response = await answer_once(caller, state, work, show, RetryOut, key=await call_key(request, idempotency_key))
    if told:
        count, kept = len(told[-1].put_back), len(told[-1].kept)
        log.info("api.dead_letters_retried", shop_id=str(caller.shop_id), count=count, kept=kept)
    return response
