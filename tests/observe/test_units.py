"""Numbers as Grafana's units have them."""

from __future__ import annotations

import pytest

from tests.observe.boards import Defaults, Mapping, Step, Thresholds
from tests.observe.units import colour, formatted


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "told"),
    [
        (0.0123, "s", None, "12.3 ms"),
        (0, "s", None, "0 s"),
        (90, "s", None, "1.5 min"),
        (0.987, "percentunit", 1, "98.7 %"),
        (42, "percent", None, "42 %"),
        (2**21, "bytes", None, "2 MiB"),
        (0, "bytes", None, "0 B"),
        (1234.5, "short", None, "1.23 k"),
        (7, "short", None, "7"),
        (0.0811, "currencyUSD", None, "$0.0811"),
        (0.5, "reqps", None, "0.5 req/s"),
        (3, "suffix:drafts", None, "3 drafts"),
        (float("nan"), "s", None, "no number"),
        (0, "dateTimeAsIso", None, "1970-01-01 00:00:00"),
    ],
)
def test_formatted_when_a_value_has_a_unit_then_it_is_readable(value: float, unit: str, decimals: int | None, told: str) -> None:
    assert formatted(value, Defaults(unit=unit, decimals=decimals)) == told


def test_formatted_when_the_panel_has_words_for_a_value_then_they_are_told() -> None:
    words = [Mapping("value", {"0": {"text": "closed"}}), Mapping("range", {"from": 1, "to": None, "result": {"text": "open"}})]

    assert [formatted(value, Defaults(mappings=words)) for value in (0, 1, 0.5)] == ["closed", "open", "0.5"]


@pytest.mark.parametrize(("value", "name"), [(0.5, "green"), (1, "red"), (7, "red")])
def test_colour_when_a_threshold_is_reached_then_it_is_that_steps(value: float, name: str) -> None:
    steps = Thresholds(steps=[Step("green"), Step("red", 1)])

    assert colour(value, Defaults(thresholds=steps)) == name
