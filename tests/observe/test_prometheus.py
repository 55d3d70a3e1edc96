"""The configuration that the run's own Prometheus gets."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.observe.prometheus import CONFIG, derived_config

PORTS = {"draftdesk-api": 1234, "draftdesk-worker": 5678}


def test_config_when_derived_then_jobs_stay_and_targets_rules_and_intervals_are_the_runs() -> None:
    rules = [Path("/rules/one.yml"), Path("/rules/two.yml")]

    config = yaml.safe_load(derived_config(CONFIG.read_text(), PORTS, rules, Path("/token")))

    found = {job["job_name"]: job["static_configs"] for job in config["scrape_configs"]}
    assert found == {job: [{"targets": [f"127.0.0.1:{port}"]}] for job, port in PORTS.items()}
    assert [job["authorization"]["credentials_file"] for job in config["scrape_configs"] if "authorization" in job] == ["/token"]
    assert config["rule_files"] == [str(path) for path in rules]
    assert config["global"]["scrape_interval"] == config["global"]["evaluation_interval"] == "1s"


def test_config_when_it_has_a_job_that_nobody_serves_then_it_is_refused() -> None:
    with pytest.raises(AssertionError, match="draftdesk-worker"):
        derived_config(CONFIG.read_text(), {"draftdesk-api": 1234}, [], Path("/token"))
