"""What an answer must have, and what stands for a query's variables."""

from __future__ import annotations

import math

import pytest

from tests.observe.boards import Variable
from tests.observe.prometheus import Series, Window
from tests.observe.queries import wrong_with
from tests.observe.variables import UnknownVariable, built_in, own_value, substitute

ONE = Series({"queue": "a"}, [(1.0, 2.0)])
NO_NUMBER = Series({"queue": "b"}, [(1.0, math.nan), (2.0, math.inf)])
WINDOW = Window(100.0, 220.0, 2.0)


@pytest.mark.parametrize(
    ("series", "legend", "told"),
    [
        ([ONE], "", []),
        ([ONE], "{{queue}}", []),
        ([ONE, NO_NUMBER], "{{ queue }} in all", []),
        ([], "", ["no series"]),
        ([NO_NUMBER], "", ["1 series without a number"]),
        ([ONE], "{{queue}} {{state}}", ["1 of 1 series lack the legend's label state"]),
    ],
)
def test_answer_when_it_is_judged_then_it_needs_a_number_and_the_legends_labels(
    series: list[Series], legend: str, told: list[str]
) -> None:
    assert wrong_with(series, legend, is_allowed_empty=False) == told


@pytest.mark.parametrize(
    ("series", "told"), [([], []), ([NO_NUMBER], []), ([ONE], ["has data, and need not stand among the exceptions"])]
)
def test_answer_when_it_may_be_empty_then_data_is_what_is_wrong(series: list[Series], told: list[str]) -> None:
    assert wrong_with(series, "", is_allowed_empty=True) == told


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ('rate(a{job=~"$job"}[$__rate_interval])', 'rate(a{job=~".+"}[15s])'),
        ("increase(a[$__range]) / $__range_s", "increase(a[120s]) / 120"),
        ("a{job=~'${job:regex}'} + [[job]]", "a{job=~'.+'} + .+"),
    ],
)
def test_substitute_when_a_query_has_variables_then_none_is_left(text: str, done: str) -> None:
    values = {**built_in(WINDOW), "job": ".+"}

    assert substitute(text, values) == done


@pytest.mark.parametrize("text", ["a{job=~'$nobody'}", "a{b=~'c$'}"])
def test_substitute_when_a_variable_is_none_of_the_board_then_it_says_so(text: str) -> None:
    with pytest.raises(UnknownVariable):
        substitute(text, built_in(WINDOW))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (Variable("v", "datasource", query="prometheus", current={"value": "default"}), "default"),
        (Variable("v", "constant", query="5"), "5"),
        (Variable("v", "interval", query="1m,5m", current={"value": "5m"}), "5m"),
    ],
)
def test_variables_when_they_ask_nobody_then_their_own_value_counts(variable: Variable, value: str) -> None:
    assert own_value(variable) == value
