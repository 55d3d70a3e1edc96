"""The alerts: they read what the program exports, say what to do, fire when they must and keep quiet when they must."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.grafana.conftest import Exported
from tests.grafana.rules import CASES, GRAFANA, RULES, Rule, alerts_in_cases, load_rules, selectors
from tests.observe.prometheus import MISSING, is_installed, promtool

RULES_OF_ALL = load_rules()
ALERTS = [rule for rule in RULES_OF_ALL if rule.alert]
RECORDED = [rule for rule in RULES_OF_ALL if rule.record]
RUNBOOK = GRAFANA.parent / "docs" / "runbook.md"

SECTION = re.compile(r"^## (Draftdesk\w+)$", re.MULTILINE)
WINDOW = re.compile(r"\[(\w+)\]")
WINDOW_IN_NAME = re.compile(r"\d+[smhd]$")
LABEL_SHOWN = re.compile(r"\$labels\.(\w+)")
RISING = ("_total", "_bucket", "_count", "_sum")

# Prometheus itself writes this one, and adds these labels, for each scrape.
NOT_OURS = {"up"}
SCRAPED = {"job", "instance"}

needs_promtool = pytest.mark.skipif(not is_installed(), reason=MISSING)
of_alerts = pytest.mark.parametrize("alert", ALERTS, ids=lambda rule: rule.alert)


def test_rules_when_counted_then_there_are_alerts_and_each_name_is_used_once() -> None:
    names = [rule.alert or rule.record for rule in RULES_OF_ALL]

    assert len(ALERTS) > 20
    assert len(names) == len(set(names))


@needs_promtool
def test_rules_when_promtool_checks_them_then_it_finds_nothing() -> None:
    assert promtool("check", "rules", RULES) == ""


@needs_promtool
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_rules_when_time_passes_in_promtool_then_each_alert_does_as_the_case_says(path: Path) -> None:
    assert promtool("test", "rules", path, timeout_s=60.0) == ""


@needs_promtool
def test_configuration_when_promtool_checks_it_then_it_and_its_rules_are_valid(tmp_path: Path) -> None:
    config = yaml.safe_load((GRAFANA / "prometheus.yml").read_text())
    token = tmp_path / "token"
    token.write_text("a-token-of-a-test")
    for job in config["scrape_configs"]:
        if "authorization" in job:
            job["authorization"]["credentials_file"] = str(token)
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    shutil.copy(RULES, tmp_path)

    assert promtool("check", "config", tmp_path / "prometheus.yml") == ""


def test_configuration_when_it_names_files_of_rules_then_they_are_ours() -> None:
    config = yaml.safe_load((GRAFANA / "prometheus.yml").read_text())

    assert config["rule_files"] == [RULES.name]


@pytest.mark.parametrize("rule", RULES_OF_ALL, ids=lambda rule: rule.alert or rule.record)
def test_rule_when_it_chooses_series_then_they_exist_with_those_labels(rule: Rule, exported: Exported) -> None:
    recorded = {each.record for each in RECORDED}
    wrong = []
    for chosen in selectors(rule.expr):
        if chosen.name in recorded | NOT_OURS:
            continue
        values = exported.get(chosen.name)
        wanted = [(name, part) for name, _, value in chosen.matchers if name not in SCRAPED for part in value.split("|")]
        wrong += [chosen.name] if values is None else []
        wrong += [f"{chosen.name}: {name}={part}" for name, part in wanted if part not in (values or {}).get(name, set())]

    assert wrong == []


@pytest.mark.parametrize("rule", RULES_OF_ALL, ids=lambda rule: rule.alert or rule.record)
def test_rule_when_it_reads_what_only_rises_then_it_asks_for_a_stretch_of_time(rule: Rule) -> None:
    assert [each.name for each in selectors(rule.expr) if each.name.endswith(RISING) and not each.has_range] == []


@pytest.mark.parametrize("rule", RECORDED, ids=lambda rule: rule.record)
def test_recorded_series_when_its_name_says_a_window_then_it_is_over_that(rule: Rule) -> None:
    in_name = WINDOW_IN_NAME.findall(rule.record)

    assert set(WINDOW.findall(rule.expr)) == set(in_name)


@of_alerts
def test_alert_when_it_fires_then_it_says_how_urgent_it_is_and_what_is_seen(alert: Rule) -> None:
    assert re.fullmatch(r"Draftdesk(?:[A-Z][a-z]+)+", alert.alert)
    assert alert.pause
    assert alert.labels.keys() == {"severity"}
    assert alert.labels["severity"] in {"page", "ticket"}
    assert alert.annotations.keys() == {"summary", "description", "runbook_url", "dashboard"}
    assert all(alert.annotations.values())


@of_alerts
def test_alert_when_it_shows_a_label_then_its_series_have_that(alert: Rule) -> None:
    shown = {label for text in alert.annotations.values() for label in LABEL_SHOWN.findall(text)}
    kept = {label for group in re.findall(r"by \(([^)]*)\)", alert.expr) for label in group.split(", ")}
    is_whole = "by (" not in alert.expr

    assert shown <= (SCRAPED if is_whole else kept)


@of_alerts
def test_alert_when_it_names_a_board_then_there_is_one(alert: Rule) -> None:
    boards = {yaml.safe_load(path.read_text())["uid"] for path in (GRAFANA / "dashboards").glob("*.json")}

    assert alert.annotations["dashboard"] in boards


@of_alerts
def test_alert_when_it_links_to_the_runbook_then_the_section_is_its_own(alert: Rule) -> None:
    assert alert.annotations["runbook_url"] == f"{{{{ $externalLabels.runbook_base }}}}docs/runbook.md#{alert.alert.lower()}"


def test_runbook_when_its_sections_are_listed_then_they_are_the_alerts_in_their_order() -> None:
    assert SECTION.findall(RUNBOOK.read_text()) == [alert.alert for alert in ALERTS]


@of_alerts
def test_runbook_when_an_alert_is_looked_up_then_it_says_symptom_place_and_deed(alert: Rule) -> None:
    _, _, rest = RUNBOOK.read_text().partition(f"\n## {alert.alert}\n")
    section = rest.partition("\n## ")[0]

    assert re.findall(r"^\*\*([\w ]+)\.\*\*", section, re.MULTILINE) == ["Symptom", "Look at", "Do"]
    assert alert.labels["severity"] in section.splitlines()[1]


@of_alerts
def test_alert_when_its_cases_are_counted_then_one_fires_it_and_one_does_not(alert: Rule) -> None:
    firing, quiet = alerts_in_cases([each.alert for each in ALERTS])

    assert alert.alert in firing
    assert alert.alert in quiet
