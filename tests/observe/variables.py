"""What stands for Grafana's variables in a query: its own, and a board's, whose values Prometheus is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.observe.boards import Board, Variable
from tests.observe.prometheus import SCRAPE_S, Prometheus, Refused, Window

RATE_INTERVAL_S = 15 * SCRAPE_S
"""Grafana reckons at least four scrapes; more of them make a quiet second no gap."""

NAME = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)\]\]")
LABEL_VALUES = re.compile(r"label_values\((?:(.+),)?\s*(\w+)\s*\)")
QUERY_RESULT = re.compile(r"query_result\((.+)\)", re.DOTALL)


class UnknownVariable(Exception):
    """A query names a variable that neither Grafana nor its board has."""


@dataclass(frozen=True, slots=True)
class VariableAnswer:
    """A board's variable, the values that it offers, and what is wrong with it."""

    name: str
    query: str
    values: Sequence[str]
    failure: str = ""


def built_in(window: Window) -> dict[str, str]:
    """Return Grafana's own variables for a window."""
    length_s, step_s = window.length_s, max(1, round(window.step_s))
    return {
        "__rate_interval": f"{RATE_INTERVAL_S}s",
        "__interval": f"{step_s}s",
        "__interval_ms": str(step_s * 1000),
        "__range": f"{length_s}s",
        "__range_s": str(length_s),
        "__range_ms": str(length_s * 1000),
        "__from": str(round(window.start_s * 1000)),
        "__to": str(round(window.end_s * 1000)),
    }


def substitute(text: str, values: Mapping[str, str]) -> str:
    """Return a query in which no variable is left. Raises UnknownVariable."""

    def value(found: re.Match[str]) -> str:
        name = next(group for group in found.groups() if group)
        if name not in values:
            raise UnknownVariable(f"${name} is no variable of the board")
        return values[name]

    done = NAME.sub(value, text)
    if "$" in done:
        raise UnknownVariable(f"a $ is left in {done}")
    return done


def resolve(board: Board, prometheus: Prometheus, window: Window) -> tuple[dict[str, str], list[VariableAnswer]]:
    """Return what stands for each variable of a board with everything chosen, and the answers of those that ask Prometheus."""
    values = built_in(window)
    answers: list[VariableAnswer] = []
    for variable in board.templating.variables:
        if variable.type == "query":
            answers.append(_ask(variable, values, prometheus, window))
            values[variable.name] = _chosen(variable, answers[-1].values)
        else:
            values[variable.name] = own_value(variable)
    return values, answers


def own_value(variable: Variable) -> str:
    """Return what stands for a variable that asks nobody: the chosen value, or the only one. Pure."""
    return str(variable.current.get("value") or variable.query)


def _ask(variable: Variable, values: Mapping[str, str], prometheus: Prometheus, window: Window) -> VariableAnswer:
    written = variable.query if isinstance(variable.query, str) else str(variable.query.get("query", ""))
    try:
        query = substitute(written, values)
        found = _offered(query, prometheus, window)
    except (UnknownVariable, Refused) as error:
        return VariableAnswer(variable.name, written, [], str(error))
    if variable.regex:
        found = [match[1] if match.groups() else match[0] for each in found if (match := _pattern(variable.regex).search(each))]
    failure = "" if any(found) else "offers no value"
    return VariableAnswer(variable.name, query, found, failure)


def _offered(query: str, prometheus: Prometheus, window: Window) -> list[str]:
    if match := LABEL_VALUES.fullmatch(query.strip()):
        return prometheus.label_values(match[2], (match[1] or "").strip(), window)
    if match := QUERY_RESULT.fullmatch(query.strip()):
        return [
            f"{{{','.join(f'{name}={value!r}' for name, value in each.labels.items())}}} {each.points[-1][1]:g}"
            for each in prometheus.ask_now(match[1], window.end_s)
        ]
    raise UnknownVariable(f"neither label_values nor query_result: {query}")


def _chosen(variable: Variable, offered: Sequence[str]) -> str:
    """Return what Grafana puts into a query: all values where that may be chosen, else the first one."""
    if variable.include_all and variable.all_value:
        return variable.all_value
    # The backslash of an escape needs one of its own within a PromQL string.
    escaped = [re.escape(each).replace("\\-", "-").replace("\\", "\\\\") for each in offered]
    if variable.include_all or variable.multi:
        return f"({'|'.join(escaped)})"
    return escaped[0] if escaped else ""


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(written.strip("/"))
