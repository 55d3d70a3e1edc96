"""Write the dashboards as Grafana reads them: `python -m grafana.build`. The JSON is committed, since Grafana is given files."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import common, dashboard, heatmap, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import (
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
    StackingMode,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    DataSourceRef,
    GridPos,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from grafana.boards import drafting, http, overview, queue
from grafana.panels import Board, Panel

FOLDER = Path(__file__).parent / "dashboards"
BOARDS = (overview.BOARD, drafting.BOARD, queue.BOARD, http.BOARD)

_COLUMNS = 24
_STAT_HEIGHT = 4
_PICTURE_HEIGHT = 8
_SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
# What began less than a minute ago: a change of the time would be missed where the page was away between two scrapes.
_RESTARTS = {
    "Worker started": "max(draftdesk_worker_started_timestamp_seconds) > time() - 60",
    "API started": 'max(process_start_time_seconds{job="draftdesk-api"}) > time() - 60',
}


def main() -> None:
    """Write every board."""
    for board in BOARDS:
        (FOLDER / f"{board.uid.removeprefix('draftdesk-')}.json").write_text(rendered(board), "utf-8")


def rendered(board: Board) -> str:
    """Return a board's JSON."""
    builder = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .description(board.told)
        .tags(["draftdesk"])
        .readonly()
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .refresh("30s")
        .time("now-6h", "now")
        .timezone("browser")
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(
            dashboard.QueryVariable("model")
            .label("Model")
            .datasource(_SOURCE)
            .query("label_values(gen_ai_client_operation_duration_seconds_count, gen_ai_request_model)")
            .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
            .include_all(True)
            .all_value(".*")
            .multi(True)
        )
    )
    for other in BOARDS:
        if other is not board:
            builder.link(
                dashboard.DashboardLink(other.title)
                .type(DashboardLinkType.LINK)
                .url(f"/d/{other.uid}")
                .keep_time(True)
                .include_vars(True)
            )
    for name, expr in _RESTARTS.items():
        builder.annotation(
            dashboard.AnnotationQuery().name(name).datasource(_SOURCE).enable(True).icon_color("blue").expr(expr).title_format(name)
        )
    _add_panels(builder, board)
    return json.dumps(builder.build(), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _add_panels(builder: dashboard.Dashboard, board: Board) -> None:
    ids, top = count(1), 0
    for row in board.rows:
        builder.with_row(dashboard.Row(row.title).id(next(ids)).grid_pos(GridPos(h=1, w=_COLUMNS, x=0, y=top)))
        top += 1
        left, height = 0, 0
        for each in row.panels:
            if left + each.width > _COLUMNS:
                top, left, height = top + height, 0, 0
            tall = _STAT_HEIGHT if each.kind == "stat" else _PICTURE_HEIGHT
            builder.with_panel(_built(each).id(next(ids)).grid_pos(GridPos(h=tall, w=each.width, x=left, y=top)))
            left, height = left + each.width, max(height, tall)
        top += height


def _built(each: Panel) -> Any:  # noqa: ANN401 - the SDK's builders share no type
    builder: Any
    if each.kind == "stat":
        builder = stat.Panel().reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    elif each.kind == "heatmap":
        builder = heatmap.Panel().calculate(False)
    else:
        builder = timeseries.Panel().legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(True)
            .calcs([])
        )
        if each.kind == "stack":
            builder.stacking(common.StackingConfig().mode(StackingMode.NORMAL)).fill_opacity(40)
        if each.red:
            builder.thresholds_style(common.GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED))
    builder.title(each.title).description(each.told).unit(each.unit).datasource(_SOURCE)
    if each.kind != "heatmap":
        builder.thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(_steps(each)))
    for number, query in enumerate(each.queries):
        target = prometheus.Dataquery().expr(query.expr).legend_format(query.legend).ref_id(chr(ord("A") + number)).range()
        builder.with_target(target.format(PromQueryFormat.HEATMAP) if each.kind == "heatmap" else target)
    return builder


def _steps(each: Panel) -> list[Threshold]:
    """Return green, and red where somebody has to act."""
    if each.red is None:
        return [Threshold(value=None, color="green")]
    side, value = each.red
    first, then = ("green", "red") if side == "from" else ("red", "green")
    return [Threshold(value=None, color=first), Threshold(value=value, color=then)]


if __name__ == "__main__":
    main()
