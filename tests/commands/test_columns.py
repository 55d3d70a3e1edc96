"""Rows in columns, and spans of time in words."""

from __future__ import annotations

import pytest

from service.commands.columns import age, in_columns


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "-"),
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h 0 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d 0 h"),
        (90_000 * 365, "380 d 5 h"),
    ],
)
def test_age_when_told_then_its_two_largest_units(seconds: float | None, told: str) -> None:
    assert age(seconds) == told


def test_columns_when_cells_differ_in_width_then_they_stand_under_each_other() -> None:
    rows = [("name", "count", ""), ("a", "1,000", "x"), ("longer", "2", "")]

    assert list(in_columns(rows, right=frozenset({1}))) == ["name    count", "a       1,000  x", "longer      2"]
