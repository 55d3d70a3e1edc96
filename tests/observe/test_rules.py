"""The faster copy of the alerts, and the parts of their expressions."""

from __future__ import annotations

import pytest
import yaml

from tests.observe.rules import parts, scaled


def alert(expr: str, **fields: object) -> dict[str, object]:
    return {"alert": "Late", "expr": expr, **fields}


def faster(rule: dict[str, object]) -> dict[str, object]:
    """Return a rule as it stands in the copy."""
    content = {"groups": [{"name": "all", "interval": "30s", "rules": [rule]}]}
    [group] = yaml.safe_load(scaled(yaml.safe_dump(content)))["groups"]
    assert "interval" not in group
    [found] = group["rules"]
    return dict(found)


@pytest.mark.parametrize(
    ("expr", "copied"),
    [
        ("rate(a[1h]) > 300", "rate(a[60s]) > 300"),
        ("rate(a[5m]) / rate(b[6h]) > 0.5", "rate(a[5s]) / rate(b[360s]) > 0.5"),
        ("rate(a[1h30m])", "rate(a[90s])"),
        ("rate(a[1m])", "rate(a[4s])"),
        ("max_over_time(a[1h:5m])", "max_over_time(a[60s:5s])"),
        ("a offset 1h", "a offset 60s"),
        ("a offset -5m > 5", "a offset -5s > 5"),
        ('rate(a{b=~"[5m]|1h"}[10m])', 'rate(a{b=~"[5m]|1h"}[10s])'),
    ],
)
def test_scaled_when_an_expression_has_spans_then_each_is_a_sixtieth_and_nothing_else_changes(expr: str, copied: str) -> None:
    found = faster(alert(expr))["expr"]

    assert found == copied


def test_scaled_when_an_alert_waits_then_its_pauses_are_shorter_and_it_has_a_label_more() -> None:
    found = faster(alert("a > 0", **{"for": "5m", "keep_firing_for": "90s", "labels": {"severity": "page"}}))

    assert found["for"] == "5s"
    assert found["keep_firing_for"] == "1500ms"
    assert found["labels"] == {"severity": "page", "scaled": "60"}


def test_scaled_when_a_rule_records_then_the_copy_records_under_another_name_and_reads_that() -> None:
    rules = [{"record": "a:rate5m", "expr": "rate(a[5m])"}, alert("a:rate5m > 3 and b:a:rate5m > 4 and a:rate5m:max > 5")]

    [group] = yaml.safe_load(scaled(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]})))["groups"]

    record, found = group["rules"]
    assert record == {"record": "scaled:a:rate5m", "expr": "rate(a[5s])"}
    assert found["expr"] == "scaled:a:rate5m > 3 and b:a:rate5m > 4 and a:rate5m:max > 5"


@pytest.mark.parametrize(
    ("expr", "found"),
    [
        ("a > 0", ["a"]),
        ("a / b > 0.1 and c > 20", ["a / b", "c"]),
        ("(a > bool 1) unless on (x) (b or c == 0)", ["a", "b", "c"]),
        ("absent(up == 1)", ["up"]),
        ("a > b", ["a", "b"]),
        ("a > 0 or a < -1", ["a"]),
        ("sum(rate(a[5m])) * 60 >= 7", ["sum(rate(a[5m])) * 60"]),
        ("vector(1) > 0", []),
    ],
)
def test_parts_when_an_expression_compares_then_each_side_that_is_a_vector_is_one(expr: str, found: list[str]) -> None:
    assert parts(expr) == found
