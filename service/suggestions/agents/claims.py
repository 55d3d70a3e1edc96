"""Claims: an agent's hold on a suggestion, so that no two answer the same customer. Each runs in its caller's transaction.

What an agent holds is never written over; what overtook it shows in its version and reason, and takes effect when the claim ends.
"""

from __future__ import annotations

from uuid import UUID

import asyncpg
import structlog

from service.db.unit_of_work import unit_of_work
from service.errors import NotFound
from service.jobs import DraftJob
from service.suggestions.agents import statements
from service.suggestions.agents.actions import Done
from service.suggestions.agents.rules import (
    Standing,
    check_claimable,
    check_releasable,
    check_version,
    is_superseded_on_release,
)

log = structlog.get_logger()


async def standing_of(shop_id: UUID, suggestion_id: UUID, agent: str) -> Standing:
    """Lock a suggestion and its thread; return how it stands. Raises NotFound."""
    standing = await statements.lock_standing(shop_id, suggestion_id, agent)
    if standing is None:
        raise NotFound(f"There is no suggestion {suggestion_id}")
    return standing


async def claim(shop_id: UUID, suggestion_id: UUID, *, agent: str, seconds: int, expected: frozenset[int] | None = None) -> Done:
    """Hold a ready or failed suggestion for an agent, or go on holding it.

    expected: versions that the caller takes it in; None takes any.

    Raises:
        NotFound: the shop has no such suggestion.
        PreconditionFailed: its version is another one.
        Conflict: another agent holds it or its thread, or it is not to be worked on.
    """
    standing = await standing_of(shop_id, suggestion_id, agent)
    check_version(standing, expected)
    check_claimable(standing, agent)
    await statements.set_claim(shop_id, suggestion_id, agent, seconds)
    return Done(suggestion_id)


async def release(shop_id: UUID, suggestion_id: UUID, *, agent: str, head_start_s: float) -> Done:
    """End an agent's claim; a draft that was overtaken meanwhile ends with it. What nobody holds stays as it is.

    Raises:
        NotFound: the shop has no such suggestion.
        Conflict: another agent holds it.
    """
    standing = await standing_of(shop_id, suggestion_id, agent)
    check_releasable(standing, agent)
    if standing.claimed_by != agent:
        return Done(suggestion_id)
    job = await _release(shop_id, standing, head_start_s=head_start_s)
    return Done(suggestion_id, jobs=(job,) if job else ())


async def release_lapsed(limit: int) -> int:
    """Release up to limit drafts whose claim has lapsed; return how many. Commits one by one; leaves threads that are in use."""
    released = 0
    for shop_id, suggestion_id in await statements.lapsed_claims(limit):
        try:
            async with unit_of_work():
                standing = await statements.lock_lapsed(shop_id, suggestion_id)
                if standing is None or standing.claimed_by is None or standing.held_until is not None or standing.outcome:
                    continue
                await _release(shop_id, standing, head_start_s=0)
        except asyncpg.UniqueViolationError:
            log.debug("suggestions.release_raced", suggestion_id=str(suggestion_id))
        else:
            released += 1
    if released:
        log.info("suggestions.claims_lapsed", count=released)
    return released


async def _release(shop_id: UUID, standing: Standing, *, head_start_s: float) -> DraftJob | None:
    """End a claim. Returns a job where the draft ended with it and its message is still to be answered."""
    is_superseded = is_superseded_on_release(standing)
    await statements.clear_claim(shop_id, standing.id, is_superseded=is_superseded)
    if not is_superseded:
        return None
    # An order that changed under the claim: nobody has drafted anew, for the agent held the draft.
    return await statements.draft_anew(shop_id, standing.id, head_start_s=head_start_s)
