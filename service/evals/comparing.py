"""Replay stored snapshots with two versions of the prompt, side by side. Touches no database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from service.drafting import ChatModel
from service.drafting.prompt import CURRENT_VERSION, versions
from service.drafting.types import Snapshot
from service.errors import InvalidInput
from service.evals.judging import Outcome
from service.evals.running import cost_of, draft_once
from service.suggestions.agents.rules import similarity


@dataclass(frozen=True, slots=True)
class Stored:
    """A suggestion's snapshot as it was drafted from. sent: what an agent sent in the end, None for nothing."""

    suggestion_id: UUID
    snapshot: Snapshot
    sent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one version of the prompt makes of a snapshot.

    Attributes:
        similarity: to what was sent, 0 to 1; None where nothing was sent or drafted.
        cost_usd: None when it is unknown, as are the tokens where the model did not count.
    """

    status: str
    findings: int
    similarity: float | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Decimal | None
    duration_s: float
    reply: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One suggestion, drafted again with the current prompt and with the other."""

    suggestion_id: UUID
    current: Side
    other: Side


def check_version(version: str) -> None:
    """Raise InvalidInput unless there is a prompt of this version and it is not the current one."""
    if version not in versions():
        raise InvalidInput(f"There is no prompt {version[:100]!r}: there are {', '.join(versions())}")
    if version == CURRENT_VERSION:
        raise InvalidInput(f"{version} is the current prompt: name another one to compare it with")


async def compare(
    stored: Sequence[Stored],
    model: ChatModel,
    *,
    version: str,
    model_name: str | None,
    jobs: int,
    on_done: Callable[[], object],
) -> list[Pair]:
    """Draft each anew with the current prompt and with `version`, `jobs` at a time, in their order. Calls the model."""
    free = asyncio.Semaphore(jobs)

    async def run(each: Stored) -> Pair:
        async with free:
            current = await draft_once(each.snapshot, model, model_name=model_name)
            other = await draft_once(each.snapshot, model, model_name=model_name, prompt_version=version)
        on_done()
        return Pair(each.suggestion_id, _side(current, each.sent), _side(other, each.sent))

    return list(await asyncio.gather(*map(run, stored)))


def _side(outcome: Outcome, sent: str | None) -> Side:
    draft = outcome.draft
    return Side(
        status=outcome.status,
        findings=len(outcome.findings),
        similarity=similarity(draft.reply, sent) if draft and sent else None,
        input_tokens=_sum([call.input_tokens for call in outcome.calls]),
        output_tokens=_sum([call.output_tokens for call in outcome.calls]),
        cost_usd=cost_of(outcome.calls),
        duration_s=outcome.duration_s,
        reply=draft.reply if draft else None,
    )


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
