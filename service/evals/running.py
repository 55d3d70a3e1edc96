"""Run cases against a model, some at a time, and count what came of them. Touches no database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from service.drafting import BadOutput, ChatModel, FailedCheck, ModelRefused, ModelUnavailable, ProviderBlocked, draft_reply
from service.drafting.prices import cost_usd
from service.drafting.types import Call, Snapshot
from service.evals.cases import Case
from service.evals.judging import Judgement, Outcome, Verdict, judge


@dataclass(frozen=True, slots=True)
class Result:
    """One case, what came of it, and what that is worth."""

    case: Case
    outcome: Outcome
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Totals:
    """Some results in numbers. cost_usd: None when the price of a call is unknown. p50_s: None without results."""

    counts: dict[Verdict, int]
    cost_usd: Decimal | None
    p50_s: float | None


async def run_cases(cases: Sequence[Case], model: ChatModel, *, jobs: int, on_done: Callable[[], object]) -> list[Result]:
    """Draft and judge each case, `jobs` at a time; in the order of the cases. on_done: called after each. Calls the model."""
    free = asyncio.Semaphore(jobs)

    async def run(case: Case) -> Result:
        async with free:
            outcome = await draft_once(case.snapshot, model)
        on_done()
        return Result(case, outcome, judge(case, outcome))

    return list(await asyncio.gather(*map(run, cases)))


async def draft_once(
    snapshot: Snapshot, model: ChatModel, *, model_name: str | None = None, prompt_version: str | None = None
) -> Outcome:
    """Draft one reply as the service does, with its repair; errors of the model are an outcome too."""
    started_at = time.perf_counter()
    try:
        drafted = await draft_reply(snapshot, model, model_name=model_name, prompt_version=prompt_version)
    except FailedCheck as error:
        outcome = Outcome(status="blocked", draft=error.draft, findings=error.findings, calls=error.calls, reason=error.reason_code)
    except (ModelRefused, BadOutput) as error:
        outcome = Outcome(status="missing", calls=error.calls, reason=error.reason_code)
    except (ModelUnavailable, ProviderBlocked) as error:
        outcome = Outcome(status="unreachable", calls=error.calls, reason=_error_type(error.calls) or error.reason_code)
    else:
        outcome = Outcome(status="ready", draft=drafted.draft, findings=drafted.findings, calls=drafted.calls)
    return replace(outcome, duration_s=time.perf_counter() - started_at)


def cost_of(calls: Sequence[Call]) -> Decimal | None:
    """Return what calls cost together; None when the price of one is unknown, or there is none."""
    costs = [cost_usd(call) for call in calls]
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(costs) else None


def total(results: Sequence[Result]) -> Totals:
    """Count results."""
    counts: dict[Verdict, int] = {"pass": 0, "weak": 0, "harmful": 0, "unjudged": 0}
    for each in results:
        counts[each.judgement.verdict] += 1
    durations = [each.outcome.duration_s for each in results]
    calls = [call for each in results for call in each.outcome.calls]
    return Totals(counts, cost_of(calls), median(durations) if durations else None)


def _error_type(calls: Sequence[Call]) -> str | None:
    return calls[-1].error_type if calls else None
