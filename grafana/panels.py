"""The few words in which boards are written: what is asked, how it is drawn, what it says and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["stat", "lines", "stack", "heatmap"]


@dataclass(frozen=True, slots=True)
class Query:
    """A PromQL expression and what its series are called. legend: may name labels as `{{label}}`."""

    expr: str
    legend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture.

    Attributes:
        told: what it means and what to do, for whoever sees it for the first time.
        red: where somebody has to act: from this value on, or below it when the first of both is "below".
        width: of 24.
    """

    title: str
    told: str
    unit: str
    queries: Sequence[Query]
    kind: Kind = "lines"
    red: tuple[Literal["from", "below"], float] | None = None
    width: int = 8


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading, side by side."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One dashboard. uid: what links and alerts name."""

    uid: str
    title: str
    told: str
    rows: Sequence[Row]


def panel(title: str, unit: str, told: str, *queries: tuple[str, str], **how: object) -> Panel:
    """Return a panel; each query is its expression and its legend."""
    return Panel(title=title, told=told, unit=unit, queries=[Query(*each) for each in queries], **how)  # type: ignore[arg-type]


def quantiles(metric: str, labels: str = "") -> tuple[tuple[str, str], ...]:
    """Return the queries for the 50th, 95th and 99th percentile of a histogram. labels: what it is narrowed down to."""
    return tuple(
        (f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket{labels}[$__rate_interval])))", name)
        for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
    )
