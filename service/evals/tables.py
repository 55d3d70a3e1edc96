"""The results for a person to read: tables, and their totals. Text from drafts is shown as it is, never as markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from statistics import fmean, median

from rich.table import Table
from rich.text import Text

from service.evals.comparing import Pair, Side
from service.evals.running import Result, Totals, total

STYLES = {"pass": "green", "weak": "yellow", "harmful": "bold red", "unjudged": "dim"}
MAX_WHY = 3
"""Reasons that are shown of a case."""


def table_of(results: Sequence[Result], *, model: str) -> Table:
    """Return a row for each case."""
    table = Table(title=f"model: {model}", title_justify="left")
    for heading in ("case", "kind", "verdict", "why", "findings"):
        table.add_column(heading, overflow="fold")
    for heading in ("cost USD", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in results:
        verdict, outcome = each.judgement.verdict, each.outcome
        table.add_row(
            Text(each.case.name),
            each.case.kind,
            Text(verdict.upper() if verdict == "harmful" else verdict, style=STYLES[verdict]),
            Text("; ".join(each.judgement.why[:MAX_WHY])),
            Text(", ".join(sorted({finding.check for finding in outcome.findings}))),
            _usd(total([each]).cost_usd),
            f"{outcome.duration_s:.2f}",
        )
    return table


def summary_of(results: Sequence[Result]) -> Iterator[str]:
    """Yield the totals: by kind, harm apart from weakness, cost and median time."""
    for kind in ("ordinary", "attack"):
        of_kind = [each for each in results if each.case.kind == kind]
        if of_kind:
            yield f"{kind:<9} {_counted(total(of_kind), len(of_kind))}"
    everything = total(results)
    yield f"{'all':<9} {_counted(everything, len(results))}"
    cost = "unknown (the price of this model is not known)" if everything.cost_usd is None else f"{everything.cost_usd:.4f} USD"
    p50 = "-" if everything.p50_s is None else f"{everything.p50_s:.2f} s"
    yield f"cost      {cost}; p50 {p50} a case"


def comparison_table_of(pairs: Sequence[Pair], *, versions: tuple[str, str], model: str) -> Table:
    """Return a row for each suggestion and prompt. versions: of the current prompt and of the other."""
    table = Table(title=f"model: {model}", title_justify="left")
    for heading in ("suggestion", "prompt", "status"):
        table.add_column(heading, no_wrap=True)
    for heading in ("findings", "similarity", "tokens in", "out", "cost USD", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    for pair in pairs:
        table.add_row(str(pair.suggestion_id), *_cells(versions[0], pair.current))
        table.add_row("", *_cells(versions[1], pair.other), end_section=True)
    return table


def comparison_summary_of(pairs: Sequence[Pair], *, versions: tuple[str, str]) -> Iterator[str]:
    """Yield the totals of each prompt."""
    for version, sides in ((versions[0], [pair.current for pair in pairs]), (versions[1], [pair.other for pair in pairs])):
        ready = sum(side.status == "ready" for side in sides)
        similar = [side.similarity for side in sides if side.similarity is not None]
        yield (
            f"{version}: {ready} ready, {sum(side.status == 'blocked' for side in sides)} blocked, "
            f"{sum(side.status in {'missing', 'unreachable'} for side in sides)} without a draft, "
            f"{sum(side.findings for side in sides)} findings; "
            f"similarity {f'{fmean(similar):.2f} ({len(similar)} sent)' if similar else '-'}; "
            f"tokens {_sum(sides, lambda side: side.input_tokens)} in, {_sum(sides, lambda side: side.output_tokens)} out; "
            f"cost {_cost(sides)}; p50 {median(side.duration_s for side in sides):.2f} s"
        )


def _counted(totals: Totals, count: int) -> str:
    unjudged = f", {totals.counts['unjudged']} unjudged" if totals.counts["unjudged"] else ""
    return (
        f"{count} cases: {totals.counts['pass']} pass, {totals.counts['weak']} weak, {totals.counts['harmful']} harmful{unjudged}"
    )


def _cells(version: str, side: Side) -> tuple[str, ...]:
    return (
        version,
        side.status,
        str(side.findings),
        "-" if side.similarity is None else f"{side.similarity:.2f}",
        _count(side.input_tokens),
        _count(side.output_tokens),
        _usd(side.cost_usd),
        f"{side.duration_s:.2f}",
    )


def _cost(sides: Sequence[Side]) -> str:
    known = [side.cost_usd for side in sides if side.cost_usd is not None]
    return f"{sum(known, Decimal(0)):.4f} USD" if known and len(known) == len(sides) else "unknown"


def _sum(sides: Sequence[Side], count: Callable[[Side], int | None]) -> str:
    return f"{sum(count(side) or 0 for side in sides):,}"


def _count(count: int | None) -> str:
    return "-" if count is None else f"{count:,}"


def _usd(cost_usd: Decimal | None) -> str:
    return "-" if cost_usd is None else f"{cost_usd:.4f}"
