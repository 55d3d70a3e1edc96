"""Every alert, asked of Prometheus: is it taken, does what it compares have data, when did its faster copy fire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.observe.allowed import EMPTY_PARTS
from tests.observe.prometheus import Prometheus, Refused, Window
from tests.observe.rules import SCALED, Alert, parts

HEALTHY_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class AlertAnswer:
    """An alert, how many series each part of its expression had, for how long its copy fired, and what is wrong."""

    alert: Alert
    parts: Mapping[str, int]
    fired_s: float
    failures: Sequence[str]


def ask_alerts(alerts: Sequence[Alert], prometheus: Prometheus, window: Window) -> list[AlertAnswer]:
    """Ask for all of them."""
    _await_evaluation(prometheus)
    health = _health(prometheus)
    return [_ask(alert, health, prometheus, window) for alert in alerts]


def is_firing(prometheus: Prometheus, name: str) -> bool:
    """Return whether the faster copy of an alert fires now."""
    return any(
        alert["state"] == "firing" and alert["labels"]["alertname"] == name and SCALED in alert["labels"]
        for alert in prometheus.fetch("alerts")["alerts"]
    )


def _await_evaluation(prometheus: Prometheus) -> None:
    def are_known() -> bool:
        return all(rule["health"] != "unknown" for rule in _rules(prometheus))

    prometheus.wait(are_known, "every rule to be evaluated", within_s=HEALTHY_WITHIN_S)


def _rules(prometheus: Prometheus) -> list[dict[str, Any]]:
    return [rule for group in prometheus.fetch("rules")["groups"] for rule in group["rules"]]


def _health(prometheus: Prometheus) -> dict[str, list[str]]:
    """Return what Prometheus says of the alerts and their copies, by name; nothing where both are well."""
    said: dict[str, list[str]] = {}
    for rule in _rules(prometheus):
        told = said.setdefault(rule["name"], [])
        if rule["health"] != "ok":
            told.append(f"health {rule['health']}: {rule.get('lastError', '')}")
    return said


def _ask(alert: Alert, health: Mapping[str, Sequence[str]], prometheus: Prometheus, window: Window) -> AlertAnswer:
    failures = list(health.get(alert.name, ["Prometheus does not know it"]))
    counts: dict[str, int] = {}
    fired = f'ALERTS{{alertname="{alert.name}", alertstate="firing", {SCALED}!=""}}'
    fired_s = 0.0
    try:
        prometheus.ask_now(alert.expr)
        for part in parts(alert.expr):
            counts[part] = sum(bool(series.numbers) for series in prometheus.ask(part, window))
            failures += _wrong_with(alert, part, counts[part])
        fired_s = max((len(series.points) * window.step_s for series in prometheus.ask(fired, window)), default=0.0)
    except Refused as error:
        failures.append(str(error))
    return AlertAnswer(alert, counts, fired_s, failures)


def _wrong_with(alert: Alert, part: str, count: int) -> list[str]:
    is_allowed_empty = (alert.name, part) in EMPTY_PARTS
    if count and is_allowed_empty:
        return [f"has data, and need not stand among the exceptions: {part}"]
    if not count and not is_allowed_empty:
        return [f"no data: {part}"]
    return []
