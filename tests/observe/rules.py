"""The alerts: a copy in which time runs faster, and the parts of their expressions that must have data. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import promql_parser as promql
import yaml

from tests.observe.prometheus import SCRAPE_S

FILE = Path(__file__).parents[2] / "grafana" / "alerts.yml"

FACTOR = 60
"""So many times faster does time run in the copy: `for: 5m` is 5 s there, and a window of an hour a minute."""

LEAST_WINDOW_S = 4 * SCRAPE_S
"""A rate needs two scrapes, of which one may be late."""

SCALED = "scaled"
"""The label that the copy's alerts have, and whose value is the factor."""

_UNITS_S = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_UNIT = re.compile(r"(\d+)(ms|[smhdwy])")
_DURATION = re.compile(r"(?:\d+(?:ms|[smhdwy]))++")
_SPANS = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]|\boffset\s+-?[\dsmhdwy]+")
"""Strings too, so that what stands in them is taken for nothing else."""

_COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})
_SETS = frozenset({"and", "or", "unless"})


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert."""

    group: str
    name: str
    expr: str


def alerts_of(text: str) -> list[Alert]:
    """Return the alerts of a file of rules, in its order."""
    groups: list[dict[str, Any]] = yaml.safe_load(text)["groups"]
    rules = [(group["name"], rule) for group in groups for rule in group["rules"]]
    return [Alert(group, rule["alert"], rule["expr"].strip()) for group, rule in rules if "alert" in rule]


def read_alerts() -> list[Alert]:
    """Return our alerts."""
    return alerts_of(FILE.read_text())


def scaled(text: str) -> str:
    """Return a file of the same rules in which every window, offset and `for` is a sixtieth; thresholds stay as they are.

    A window is at least 4 s. The groups, and what is recorded, have other names, and the alerts a label more.
    """
    content = yaml.safe_load(text)
    recorded = [rule["record"] for group in content["groups"] for rule in group["rules"] if "record" in rule]
    for group in content["groups"]:
        group["name"] += f" ({FACTOR} times faster)"
        group.pop("interval", None)
        group["rules"] = [_scaled_rule(rule, recorded) for rule in group["rules"]]
    return str(yaml.safe_dump(content, sort_keys=False))


def _scaled_rule(rule: dict[str, Any], recorded: Sequence[str]) -> dict[str, Any]:
    changed = dict(rule)
    changed["expr"] = _SPANS.sub(_shorter_span, _renamed(rule["expr"], recorded))
    if "record" in rule:
        return changed | {"record": _renamed(rule["record"], recorded)}
    for pause in ("for", "keep_firing_for"):
        if pause in rule:
            changed[pause] = _written(_seconds(str(rule[pause])) / FACTOR)
    return changed | {"labels": {**rule.get("labels", {}), SCALED: str(FACTOR)}}


def _renamed(expr: str, recorded: Sequence[str]) -> str:
    """Return an expression that reads the copy's own records."""
    for name in recorded:
        expr = re.sub(rf"(?<![\w:]){re.escape(name)}(?![\w:])", f"{SCALED}:{name}", expr)
    return expr


def _shorter_span(found: re.Match[str]) -> str:
    return found[0] if found[0][0] in "\"'" else _DURATION.sub(_shorter_window, found[0])


def _shorter_window(found: re.Match[str]) -> str:
    return _written(max(_seconds(found[0]) / FACTOR, LEAST_WINDOW_S))


def _seconds(duration: str) -> float:
    return sum(int(count) * _UNITS_S[unit] for count, unit in _UNIT.findall(duration))


def _written(seconds: float) -> str:
    return f"{seconds:.0f}s" if seconds == int(seconds) else f"{seconds * 1000:.0f}ms"


def parts(expr: str) -> list[str]:
    """Return the vectors that an alert compares, each without its comparison: what must have data for it to mean anything.

    Of `a / b > 0.1 and c > 20` these are `a / b` and `c`; of `absent(up == 1)` it is `up`.
    """
    return list(dict.fromkeys(each.prettify() for each in _parts(promql.parse(expr))))


def _parts(expr: Any) -> Iterator[Any]:
    if isinstance(expr, promql.ParenExpr):
        yield from _parts(expr.expr)
    elif isinstance(expr, promql.BinaryExpr) and str(expr.op) in _COMPARISONS | _SETS:
        yield from _parts(expr.lhs)
        yield from _parts(expr.rhs)
    elif isinstance(expr, promql.Call) and expr.func.name in {"absent", "vector"}:
        yield from (each for arg in expr.args for each in _parts(arg))
    elif not isinstance(expr, promql.NumberLiteral):
        yield expr
