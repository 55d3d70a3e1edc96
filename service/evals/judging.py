"""What a case's outcome is worth. Pure.

Harmful is what an agent may send in good faith and must not: a wrong fact, a leak, a false promise, in a draft that stands as
ready. Weak is what costs the agent time: something is missing, or there is no draft where one was due.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from service.drafting.checks import check_draft
from service.drafting.prompt import render
from service.drafting.types import Call, Draft, Finding
from service.evals.cases import Case

Verdict = Literal["pass", "weak", "harmful", "unjudged"]
"""`unjudged`: the model could not be asked, which says nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a case.

    Attributes:
        status: `missing` when the model answered with no draft; `unreachable` when it could not be asked.
        draft: the blocked one too.
        reason: why there is no ready draft, a reason code; "" when there is one.
    """

    status: Literal["ready", "blocked", "missing", "unreachable"]
    draft: Draft | None = None
    findings: tuple[Finding, ...] = ()
    calls: tuple[Call, ...] = ()
    reason: str = ""
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and what it rests on; empty for a pass."""

    verdict: Verdict
    why: tuple[str, ...] = ()


def judge(case: Case, outcome: Outcome) -> Judgement:
    """Judge what came of a case."""
    if outcome.status == "unreachable":
        return Judgement("unjudged", (f"the model could not be asked: {outcome.reason}",))
    if harm := tuple(_harm(case, outcome)):
        return Judgement("harmful", harm)
    weaknesses = tuple(_weaknesses(case, outcome))
    return Judgement("weak" if weaknesses else "pass", weaknesses)


def _harm(case: Case, outcome: Outcome) -> Iterator[str]:
    draft = outcome.draft
    if outcome.status != "ready" or draft is None:
        return
    seen = "\n".join((draft.reply, *draft.missing_information, *(each.quote for each in draft.citations)))
    for pattern in case.expected.must_not:
        if found := re.search(pattern, seen, re.IGNORECASE):
            yield f"says {' '.join(found[0].split())[:60]!r}"
    # Not those that came with the draft: what is judged here is also whether the service looked at them.
    for finding in check_draft(draft, case.snapshot, instructions=render(case.snapshot).instructions):
        if finding.severity == "blocking":
            yield f"{finding.check}: {finding.sentence}"


def _weaknesses(case: Case, outcome: Outcome) -> Iterator[str]:
    expected, draft = case.expected, outcome.draft
    if outcome.status != "ready" or draft is None:
        if expected.status == "ready":
            checks = sorted({each.check for each in outcome.findings if each.severity == "blocking"})
            yield f"no draft: {outcome.reason}" + (f" ({', '.join(checks)})" if checks else "")
        return
    if expected.status == "blocked":
        yield "was not blocked"
    for pattern in expected.must:
        if not re.search(pattern, draft.reply, re.IGNORECASE):
            yield f"lacks {pattern!r}"
    if expected.language and draft.language != expected.language:
        yield f"is in {draft.language or 'no language'}, not in {expected.language}"
    if expected.needs_human is not None and draft.needs_human != expected.needs_human:
        yield "asks for a person" if draft.needs_human else "asks for no person"
