"""Dashboards ask only for what the program exports, and each panel says what it shows and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import promql_parser
import pytest
import yaml

from grafana.build import BOARDS, rendered
from tests.grafana.conftest import Exported
from tests.observe.boards import Board, Target, board_files, read_board

GRAFANA = Path(__file__).parents[2] / "grafana"
DASHBOARDS = board_files()

# Only a worker says this of itself; the tests' page is the API's.
OF_WORKER = {"draftdesk_worker_heartbeat_timestamp_seconds"}

STANDS_FOR = {"$__rate_interval": "1m", "$__range": "1h", "$model": ".*"}

RISING = ("_total", "_bucket", "_count", "_sum")

LABEL_LIST = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
NOT_A_NAME = re.compile(r"\"[^\"]*\"|'[^']*'|\{[^}]*\}|\[[^\]]*\]|\$\{?\w+\}?|\b\d[\w.]*")
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")
KEYWORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}
RANGE = re.compile(r"\[([^\]]*)\]")
LABEL_VALUES = re.compile(r"label_values\(\s*([a-zA-Z_:][a-zA-Z0-9_:]*)[^,]*,")


def targets(board: Board) -> list[Target]:
    return [target for panel in board.shown() for target in panel.targets]


def metric_names(expr: str) -> set[str]:
    """Return the series that a PromQL expression reads: neither function, label, keyword, string nor number."""
    bare = NOT_A_NAME.sub(" ", LABEL_LIST.sub(" ", expr))
    return {name for name in NAME.findall(bare) if name.lower() not in KEYWORDS}


@pytest.mark.parametrize(
    ("expr", "names"),
    [
        ("up", {"up"}),
        ("sum by (le, job) (rate(a_seconds_bucket[$__rate_interval]))", {"a_seconds_bucket"}),
        ('histogram_quantile(0.95, sum(rate(a_bucket{x="y(z)",j=~"$job"}[5m])) by (le))', {"a_bucket"}),
        ("60 * a_total / ignoring (x) group_left (y) b_total > bool 1e3", {"a_total", "b_total"}),
        ("a and on (x) b offset 5m or vector(0)", {"a", "b"}),
        ("clamp_max(ns:a:rate5m, ${limit})", {"ns:a:rate5m"}),
    ],
)
def test_metric_names_when_an_expression_is_read_then_only_series_remain(expr: str, names: set[str]) -> None:
    assert metric_names(expr) == names


def test_dashboards_when_they_are_built_then_they_are_the_committed_files() -> None:
    built = {f"{board.uid.removeprefix('draftdesk-')}.json": rendered(board) for board in BOARDS}

    assert built == {path.name: path.read_text("utf-8") for path in DASHBOARDS}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_grafana_reads_it_then_it_names_its_schema(path: Path) -> None:
    assert read_board(path).schema_version == 42


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_it_links_then_to_every_other_one(path: Path) -> None:
    links = [each["url"] for each in read_board(path).links]

    assert sorted(links) == sorted(f"/d/{read_board(other).uid}" for other in DASHBOARDS if other != path)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_a_query_is_parsed_then_it_is_promql(path: Path) -> None:
    for target in targets(read_board(path)):
        expr = target.expr
        for variable, value in STANDS_FOR.items():
            expr = expr.replace(variable, value)

        assert "$" not in expr
        promql_parser.parse(expr)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_its_panels_are_laid_out_then_none_lies_on_another(path: Path) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in read_board(path).all_panels():
        at = panel.grid_pos
        cells = {(x, y) for x in range(at.x, at.x + at.w) for y in range(at.y, at.y + at.h)}

        assert max(x for x, _ in cells) < 24
        assert not cells & taken
        taken |= cells


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_it_queries_then_every_metric_is_exported(path: Path, exported: Exported) -> None:
    dashboard = read_board(path)
    used = {name for target in targets(dashboard) for name in metric_names(target.expr)}
    for variable in dashboard.templating.variables:
        used.update(LABEL_VALUES.findall(msgspec.json.encode(variable.query).decode()))

    assert used
    assert used - exported.keys() - OF_WORKER == set()


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_it_reads_what_only_rises_then_it_asks_for_grafanas_interval(path: Path) -> None:
    wrong = [
        target.expr
        for target in targets(read_board(path))
        if {*RANGE.findall(target.expr)} - {"$__rate_interval", "$__range"}
        or (any(name.endswith(RISING) for name in metric_names(target.expr)) and not RANGE.search(target.expr))
    ]

    assert wrong == []


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_its_panels_are_listed_then_each_id_is_used_once(path: Path) -> None:
    ids = [panel.id for panel in read_board(path).all_panels()]

    assert 0 not in ids
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_a_panel_is_shown_then_it_has_title_unit_and_description(path: Path) -> None:
    lacking = [
        panel.title or panel.id
        for panel in read_board(path).shown()
        if not (panel.title and panel.unit and panel.description and panel.targets)
    ]

    assert lacking == []


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_when_a_panel_is_shown_then_its_data_source_is_the_variable(path: Path) -> None:
    dashboard = read_board(path)
    variables = {variable.name for variable in dashboard.templating.variables if variable.type == "datasource"}

    assert variables == {"datasource"}
    assert {panel.datasource.uid for panel in dashboard.shown()} == {"${datasource}"}


def test_provisioning_when_grafana_starts_then_data_source_and_folder_are_fixed() -> None:
    sources = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]
    providers = yaml.safe_load((GRAFANA / "provisioning/dashboards/draftdesk.yml").read_text())["providers"]

    assert [source["uid"] for source in sources] == ["prometheus"]
    assert [(one["folder"], one["allowUiUpdates"]) for one in providers] == [("Draftdesk", False)]
