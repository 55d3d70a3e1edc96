"""Every query of every dashboard and alert has data in a real Prometheus, and the alerts fire when they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observe.boards import board_files
from tests.observe.drawing import draw
from tests.observe.observation import Observation
from tests.observe.prometheus import MISSING, is_installed
from tests.observe.rules import read_alerts

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason=f"the proof of dashboards and alerts {MISSING}"),
    # The first of them waits for the run.
    pytest.mark.timeout(400),
]

BOARDS = [path.stem for path in board_files()]
FILES = ("grafana/alerts.yml", "grafana/prometheus.yml", "the derived prometheus.yml")
PAGES = ("draftdesk-api", "draftdesk-worker")


@pytest.mark.parametrize("name", BOARDS)
def test_board_when_everything_that_it_asks_is_asked_then_each_answer_has_numbers_and_the_legends_labels(
    observation: Observation, name: str
) -> None:
    failures = observation.boards[name].failures

    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("name", [alert.name for alert in read_alerts()])
def test_alert_when_prometheus_evaluates_it_then_it_is_healthy_and_what_it_compares_has_data(
    observation: Observation, name: str
) -> None:
    failures = [failure for each in observation.alerts if each.alert.name == name for failure in each.failures]

    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("number", range(2), ids=["no worker", "provider refuses"])
def test_alert_when_something_is_broken_and_mended_then_it_fires_and_clears(observation: Observation, number: int) -> None:
    failures = observation.incidents[number].failures

    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("name", PAGES)
def test_page_when_promtool_checks_it_then_it_complains_of_nothing(observation: Observation, name: str) -> None:
    complaint = observation.complaints[f"the page of {name}"]

    assert not complaint, complaint


@pytest.mark.parametrize("name", FILES)
def test_file_when_promtool_checks_it_then_it_complains_of_nothing(observation: Observation, name: str) -> None:
    complaint = observation.complaints[name]

    assert not complaint, complaint


def test_exceptions_when_everything_was_asked_then_each_of_them_was_met(observation: Observation) -> None:
    stale = observation.stale_exceptions

    assert not stale, "\n".join(stale)


@pytest.mark.parametrize("name", BOARDS)
def test_board_when_drawn_then_there_is_a_picture(observation: Observation, tmp_path: Path, name: str) -> None:
    path = draw(observation.boards[name], tmp_path, name)

    assert path.read_bytes().startswith(b"\x89PNG")
