"""The rules that we ship and their unit tests, as far as our own tests look into them. Pure but for reading the files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import promql_parser as promql
import yaml

GRAFANA = Path(__file__).parents[2] / "grafana"
RULES = GRAFANA / "alerts.yml"
CASES = sorted((GRAFANA / "alerts_tests").glob("*.yml"))

_ALERTNAME = re.compile(r'alertname(=~?)"([^"]+)"')


class Rule(msgspec.Struct, frozen=True, rename={"pause": "for"}):
    """One rule: an alert, or a series that is recorded."""

    expr: str
    alert: str = ""
    record: str = ""
    pause: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class _Group(msgspec.Struct, frozen=True):
    name: str
    rules: list[Rule]


class _RuleFile(msgspec.Struct, frozen=True):
    groups: list[_Group]


class _AlertCase(msgspec.Struct, frozen=True):
    alertname: str
    exp_alerts: list[Any] = []


class _QueryCase(msgspec.Struct, frozen=True):
    expr: str
    exp_samples: list[dict[str, Any]] = []


class _Case(msgspec.Struct, frozen=True):
    name: str
    alert_rule_test: list[_AlertCase] = []
    promql_expr_test: list[_QueryCase] = []


class _CaseFile(msgspec.Struct, frozen=True):
    tests: list[_Case]


@dataclass(frozen=True, slots=True)
class Selector:
    """One choice of series in an expression. has_range: it asks for a stretch of time, and not for the last value."""

    name: str
    matchers: Sequence[tuple[str, str, str]]
    has_range: bool


def load_rules() -> list[Rule]:
    """Return our rules, in the file's order."""
    found = msgspec.convert(yaml.safe_load(RULES.read_text()), _RuleFile)
    return [rule for group in found.groups for rule in group.rules]


def alerts_in_cases(names: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return the alerts that some case expects to fire, and those that some case expects not to."""
    firing: set[str] = set()
    quiet: set[str] = set()
    for path in CASES:
        for case in msgspec.convert(yaml.safe_load(path.read_text()), _CaseFile).tests:
            for alert in case.alert_rule_test:
                (firing if alert.exp_alerts else quiet).add(alert.alertname)
            for query in case.promql_expr_test:
                firing.update(_firing_in(query))
                quiet.update(_asked_in(query.expr, names) - _firing_in(query))
    return firing, quiet


def _firing_in(query: _QueryCase) -> set[str]:
    labels = [str(sample.get("labels")) for sample in query.exp_samples]
    return {found[2] for each in labels if 'alertstate="firing"' in each and (found := _ALERTNAME.search(each))}


def _asked_in(expr: str, names: Sequence[str]) -> set[str]:
    """Return the alerts that a query of ALERTS asks for: one by its name, or several by a pattern."""
    return {name for _, pattern in _ALERTNAME.findall(expr) for name in names if re.fullmatch(pattern, name)}


def selectors(expr: str) -> list[Selector]:
    """Return what an expression reads."""
    return list(_selectors(promql.parse(expr), has_range=False))


def _selectors(expr: Any, *, has_range: bool) -> Iterator[Selector]:
    if isinstance(expr, promql.VectorSelector):
        matchers = [(each.name, str(each.op), each.value) for each in expr.matchers.matchers]
        yield Selector(str(expr.name), matchers, has_range)
    elif isinstance(expr, promql.MatrixSelector):
        yield from _selectors(expr.vector_selector, has_range=True)
    else:
        for inner in _within(expr):
            yield from _selectors(inner, has_range=has_range)


def _within(expr: Any) -> list[Any]:
    """Return the expressions of which one is made."""
    if isinstance(expr, promql.Call):
        return list(expr.args)
    named = (getattr(expr, name, None) for name in ("lhs", "rhs", "expr", "param"))
    return [each for each in named if each is not None]
