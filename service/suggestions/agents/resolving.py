"""What an agent does with a draft, or writes without one. What is sent becomes an outbound message, which later drafts read.

Each runs in its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from service.db.ids import uuid7
from service.errors import NotFound
from service.inbox.outbound import lock_thread, message_to_answer, store_reply
from service.jobs import DraftJob
from service.suggestions.agents import statements
from service.suggestions.agents.actions import Done
from service.suggestions.agents.claims import standing_of
from service.suggestions.agents.rules import Standing, check_resolvable, check_version, similarity


@dataclass(frozen=True, slots=True)
class Resolution:
    """An agent's decision. final_body: of an edited draft; reason: of a rejected one."""

    agent: str
    outcome: Literal["accepted", "edited", "rejected"]
    final_body: str | None = None
    reason: str | None = None


async def resolve(
    shop_id: UUID, suggestion_id: UUID, resolution: Resolution, *, expected: frozenset[int] | None, head_start_s: float
) -> Done:
    """Write down the decision; unless it rejects, store the final text as a message of the thread.

    What is drafted or ready for a newer message is drafted anew then: it must know of this answer.

    Raises:
        NotFound: the shop has no such suggestion.
        PreconditionFailed: its version is another one than expected.
        Conflict: it is resolved already, in work, or another agent holds it or its thread.
    """
    agent = resolution.agent
    standing = await standing_of(shop_id, suggestion_id, agent)
    check_version(standing, expected)
    check_resolvable(standing, agent, resolution.outcome)
    final_body = standing.body if resolution.outcome == "accepted" else resolution.final_body
    reply = None
    if final_body is not None and resolution.outcome != "rejected":
        reply = await store_reply(shop_id, standing.message_id, outbound_id=uuid7(), reply_id=suggestion_id, text=final_body)
    await statements.set_outcome(
        standing,
        shop_id,
        resolution.outcome,
        reason=resolution.reason,
        final_body=final_body,
        similarity=_similarity(standing, resolution.outcome, final_body),
        reply=reply,
        agent=agent,
    )
    jobs: tuple[DraftJob, ...] = ()
    if reply is not None:
        jobs = await _draft_others_anew(shop_id, standing, agent=agent, head_start_s=head_start_s)
    return Done(suggestion_id, jobs=jobs, outcomes=(resolution.outcome,) if standing.kind == "ai" else ())


async def answer_thread(shop_id: UUID, thread_id: UUID, *, agent: str, text: str) -> Done:
    """Store an agent's own reply as a message of the thread; suggestions that are not another agent's end with it.

    Returns the message's id. Raises NotFound when the shop has no such thread.
    """
    answered = await message_to_answer(shop_id, thread_id) if await lock_thread(shop_id, thread_id) else None
    if answered is None:
        raise NotFound(f"There is no thread {thread_id}")
    (message_id, customer), outbound_id = answered, uuid7()
    await store_reply(shop_id, message_id, outbound_id=outbound_id, reply_id=outbound_id, text=text, recipient=customer)
    told = await statements.answer_others(shop_id, thread_id, but=None, agent=agent, is_ignored=True)
    return Done(outbound_id, outcomes=tuple(_ignored(told)))


async def _draft_others_anew(shop_id: UUID, standing: Standing, *, agent: str, head_start_s: float) -> tuple[DraftJob, ...]:
    told = await statements.answer_others(shop_id, standing.thread_id, but=standing.id, agent=agent, is_ignored=False)
    jobs = [
        await statements.draft_anew(shop_id, each["id"], head_start_s=head_start_s)
        for each in told
        if each["status"] == "superseded"
    ]
    return tuple(job for job in jobs if job is not None)


def _similarity(standing: Standing, outcome: str, final_body: str | None) -> float | None:
    """Return how much of the model's draft was sent; None where there was none, or nothing was sent."""
    if standing.kind != "ai" or standing.body is None or final_body is None:
        return None
    return 1.0 if outcome == "accepted" else similarity(standing.body, final_body)


def _ignored(told: Iterable[Any]) -> Iterable[str]:
    return ("ignored" for each in told if each["outcome"] == "ignored" and each["kind"] == "ai")
