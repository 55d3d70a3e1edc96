"""The results for a program to read: one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from service.drafting.types import Finding
from service.evals.comparing import Pair
from service.evals.judging import Verdict
from service.evals.running import Result, total


class CaseDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One case."""

    name: str
    about: str
    kind: str
    verdict: Verdict
    why: tuple[str, ...]
    status: str
    reason: str
    findings: tuple[Finding, ...]
    reply: str | None
    cost_usd: Decimal | None
    duration_s: float


class TotalsDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Some cases in numbers. cost_usd: null when a price is unknown."""

    counts: dict[Verdict, int]
    cost_usd: Decimal | None
    p50_s: float | None


class EvalDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run. totals: by kind, and `all`."""

    model: str
    is_gullible: bool
    cases: tuple[CaseDocument, ...]
    totals: dict[str, TotalsDocument]


class ComparisonDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Two versions of the prompt, side by side."""

    model: str
    current: str
    other: str
    pairs: tuple[Pair, ...]


def document_of(results: Sequence[Result], *, model: str, is_gullible: bool) -> bytes:
    """Return the JSON of a run."""
    kinds = {kind: [each for each in results if kind in {"all", each.case.kind}] for kind in ("ordinary", "attack", "all")}
    totals = {kind: total(of_kind) for kind, of_kind in kinds.items()}
    document = EvalDocument(
        model=model,
        is_gullible=is_gullible,
        cases=tuple(map(_case, results)),
        totals={
            kind: TotalsDocument(counts=each.counts, cost_usd=each.cost_usd, p50_s=each.p50_s) for kind, each in totals.items()
        },
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def comparison_document_of(pairs: Sequence[Pair], *, versions: tuple[str, str], model: str) -> bytes:
    """Return the JSON of a comparison. versions: of the current prompt and of the other."""
    document = ComparisonDocument(model=model, current=versions[0], other=versions[1], pairs=tuple(pairs))
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _case(result: Result) -> CaseDocument:
    case, outcome, judgement = result.case, result.outcome, result.judgement
    return CaseDocument(
        name=case.name,
        about=case.about,
        kind=case.kind,
        verdict=judgement.verdict,
        why=judgement.why,
        status=outcome.status,
        reason=outcome.reason,
        findings=outcome.findings,
        reply=outcome.draft.reply if outcome.draft else None,
        cost_usd=total([result]).cost_usd,
        duration_s=round(outcome.duration_s, 3),
    )
