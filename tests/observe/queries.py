"""Every query of a board, asked of Prometheus, and what is wrong with its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.observe.allowed import EMPTY
from tests.observe.boards import Board, Panel, Target
from tests.observe.prometheus import Prometheus, Refused, Series, Window
from tests.observe.variables import UnknownVariable, VariableAnswer, resolve, substitute

LEGEND_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """A query, what it asked, what came back, and what is wrong with that. reason: why it may be empty, where it may."""

    target: Target
    expr: str
    series: Sequence[Series]
    failures: Sequence[str]
    reason: str = ""

    def legend(self, series: Series) -> str:
        """Return a series' name in the legend."""
        if not self.target.legend_format or self.target.legend_format == "__auto":
            return ", ".join(f"{name}={value}" for name, value in series.labels.items() if name != "__name__") or self.target.ref_id
        return LEGEND_LABEL.sub(lambda match: series.labels.get(match[1], ""), self.target.legend_format)


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """A panel with the answers of its queries."""

    panel: Panel
    answers: Sequence[QueryAnswer]


@dataclass(frozen=True, slots=True)
class BoardAnswer:
    """A board with all its answers. annotations: by name."""

    board: Board
    window: Window
    panels: Sequence[PanelAnswer]
    variables: Sequence[VariableAnswer]
    annotations: Mapping[str, QueryAnswer]

    @property
    def failures(self) -> list[str]:
        """What is wrong, a line each."""
        uid = self.board.uid
        named = [(each.panel.title, one) for each in self.panels for one in each.answers]
        named += [(f"annotation {name}", one) for name, one in self.annotations.items()]
        asked = [(f"{uid} / {title} / {one.target.ref_id}", one) for title, one in named]
        found = [f"{where}: {failure}: {one.expr}" for where, one in asked for failure in one.failures]
        found += [f"{uid} / variable {each.name}: {each.failure}: {each.query}" for each in self.variables if each.failure]
        return found


def ask_board(board: Board, prometheus: Prometheus, window: Window) -> BoardAnswer:
    """Ask everything that Grafana asks when it opens a board, with every value of every variable chosen."""
    values, variables = resolve(board, prometheus, window)

    def ask(title: str, target: Target) -> QueryAnswer:
        try:
            expr = substitute(target.expr, values)
            series = prometheus.ask_now(expr, window.end_s) if target.is_instant else prometheus.ask(expr, window)
        except (UnknownVariable, Refused) as error:
            return QueryAnswer(target, target.expr, [], [str(error)])
        reason = EMPTY.get((board.uid, title, target.ref_id), "")
        failures = wrong_with(series, target.legend_format, is_allowed_empty=bool(reason))
        return QueryAnswer(target, expr, series, failures, reason)

    panels = [PanelAnswer(panel, [ask(panel.title, target) for target in panel.targets]) for panel in board.shown()]
    annotations = {
        each.name: ask(f"annotation {each.name}", Target(expr=each.query)) for each in board.annotations.annotations if each.query
    }
    return BoardAnswer(board, window, panels, variables, annotations)


def wrong_with(series: Sequence[Series], legend: str, *, is_allowed_empty: bool) -> list[str]:
    """Return what is wrong with an answer: it has no number, or a series lacks a label that the legend names. Pure."""
    with_numbers = [each for each in series if each.numbers]
    if not with_numbers:
        told = "no series" if not series else f"{len(series)} series without a number"
        return [] if is_allowed_empty else [told]
    found = ["has data, and need not stand among the exceptions"] if is_allowed_empty else []
    for label in LEGEND_LABEL.findall(legend):
        lacking = sum(label not in each.labels for each in with_numbers)
        if lacking:
            found.append(f"{lacking} of {len(with_numbers)} series lack the legend's label {label}")
    return found
