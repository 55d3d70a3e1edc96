"""A draft made anew at an agent's wish. Runs in its caller's transaction."""

from __future__ import annotations

from uuid import UUID

from service.errors import NotFound
from service.suggestions.agents import statements
from service.suggestions.agents.actions import Done
from service.suggestions.agents.claims import standing_of
from service.suggestions.agents.rules import check_regenerable, check_version


async def regenerate(
    shop_id: UUID, suggestion_id: UUID, *, agent: str, instruction: str, expected: frozenset[int] | None, head_start_s: float
) -> Done:
    """End a suggestion and have the customer's newest message drafted by the instruction; return the new one's id.

    Raises:
        NotFound: the shop has no such suggestion.
        PreconditionFailed: its version is another one than expected.
        Conflict: it is resolved, in work, held by another agent, or its thread has another live one.
    """
    standing = await standing_of(shop_id, suggestion_id, agent)
    check_version(standing, expected)
    check_regenerable(standing, agent)
    await statements.supersede(shop_id, suggestion_id)
    job = await statements.regenerate(shop_id, suggestion_id, instruction=instruction, head_start_s=head_start_s)
    if job is None:
        raise NotFound(f"There is no suggestion {suggestion_id}")
    return Done(job.suggestion_id, jobs=(job,))
