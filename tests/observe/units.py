"""Numbers as people read them, by Grafana's names of units. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.observe.boards import Defaults

_SCALES: dict[str, Sequence[tuple[float, str]]] = {
    "s": ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"), (0.001, "ms"), (1e-6, "µs")),
    "bytes": ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B")),
    "decbytes": ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")),
    "short": ((1e9, "G"), (1e6, "M"), (1e3, "k")),
}
_PLAIN = {"s": "s", "bytes": "B", "decbytes": "B", "short": ""}
_SUFFIXES = {
    "": "",
    "none": "",
    "reqps": "req/s",
    "ops": "ops/s",
    "cps": "/s",
    "rps": "rd/s",
    "wps": "wr/s",
    "iops": "io/s",
    "opm": "ops/min",
    "cpm": "/min",
    "rpm": "rd/min",
    "percent": "%",
    "locale": "",
}


def formatted(value: float, defaults: Defaults) -> str:
    """Return a value with its unit, or the words that a panel has for it."""
    return mapped(value, defaults) or _with_unit(value, defaults.unit, defaults.decimals)


def mapped(value: float, defaults: Defaults) -> str:
    """Return the words that a panel has for a value; empty where it has none."""
    for each in defaults.mappings:
        if each.type == "value" and (found := each.options.get(f"{value:g}")):
            return str(found.get("text", ""))
        if each.type == "range":
            low, high = each.options.get("from"), each.options.get("to")
            if (low is None or value >= low) and (high is None or value <= high):
                return str(each.options.get("result", {}).get("text", ""))
    return ""


def _with_unit(value: float, unit: str, decimals: int | None) -> str:
    if not math.isfinite(value):
        return "no number"
    if unit in {"dateTimeAsIso", "dateTimeFromNow"}:
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    if unit in _SCALES:
        return _scaled(value, unit, decimals)
    if unit == "percentunit":
        value, unit = 100 * value, "percent"
    if unit.startswith("currency"):
        return f"{'$' if unit == 'currencyUSD' else unit.removeprefix('currency') + ' '}{_number(value, decimals)}"
    suffix = _SUFFIXES.get(unit, unit.removeprefix("suffix:"))
    return f"{_number(value, decimals)} {suffix}".strip()


def _scaled(value: float, unit: str, decimals: int | None) -> str:
    """Return a value in the largest unit of which it is at least one; 0 in the plain one."""
    size, name = next(((size, name) for size, name in _SCALES[unit] if abs(value) >= size), (1.0, _PLAIN[unit]))
    return f"{_number(value / size, decimals)} {name}".strip()


def _number(value: float, decimals: int | None) -> str:
    if decimals is not None:
        return f"{value:.{decimals}f}"
    if value == round(value) and abs(value) < 1e6:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def colour(value: float, defaults: Defaults) -> str:
    """Return the name of the colour that the thresholds give to a value; the plain text's where there are none."""
    found = ""
    share = value
    if defaults.thresholds.mode == "percentage":
        low, high = defaults.min or 0.0, 100.0 if defaults.max is None else defaults.max
        share = 100 * (value - low) / ((high - low) or 1)
    for step in defaults.thresholds.steps:
        if step.value is None or share >= step.value:
            found = step.color
    return found
