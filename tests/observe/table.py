"""What was seen, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.observe.alerts import AlertAnswer
from tests.observe.observation import Observation
from tests.observe.prometheus import SCRAPE_S
from tests.observe.queries import BoardAnswer, QueryAnswer
from tests.observe.rules import FACTOR
from tests.observe.units import formatted
from tests.observe.variables import RATE_INTERVAL_S

MOST_LETTERS = 60


def report(observation: Observation) -> str:
    """Return everything: the boards' queries, the alerts, what was broken, and what is wrong."""
    queries = [row for board in observation.boards.values() for row in _board_rows(board)]
    alerts = [_alert_row(each) for each in observation.alerts]
    happened = [
        [each.told, each.alert, _seconds(each.fired_after_s), _seconds(each.cleared_after_s), _ok(each.failures)]
        for each in observation.incidents
    ]
    checks = [[name, told.partition("\n")[0] or "nothing", _ok(told)] for name, told in observation.complaints.items()]
    failures = observation.failures
    lines = [
        f"Every query of every dashboard, asked of a real Prometheus that scraped every {SCRAPE_S} s "
        f"($__rate_interval = {RATE_INTERVAL_S} s)",
        *_table(["board", "panel", "query", "series", "last value", "ok"], queries),
        "",
        f"Every alert; `fired` is that of a copy in which windows and `for` are {FACTOR} times shorter, thresholds the same",
        *_table(["group", "alert", "series", "fired", "ok"], alerts),
        "",
        "Broken on purpose",
        *_table(["what", "alert (the faster copy)", "fired after", "cleared after", "ok"], happened),
        "",
        "promtool",
        *_table(["checked", "complains of", "ok"], checks),
        "",
        *(f"FAILED: {failure}" for failure in failures),
        f"{len(observation.boards)} boards, {len(queries)} queries, {sum(map(_count, queries))} series, {len(alerts)} alerts, "
        f"{len(failures)} failures, {observation.duration_s:.0f} s",
    ]
    return "\n".join(lines)


def _board_rows(answer: BoardAnswer) -> Iterator[list[str]]:
    name = answer.board.uid.removeprefix("draftdesk-")
    for each in answer.variables:
        count, values = len(each.values), ", ".join(each.values)
        yield [name, f"variable {each.name}", "", str(count), values[:MOST_LETTERS], _ok(each.failure)]
    for panel in answer.panels:
        defaults = panel.panel.field_config.defaults
        for one in panel.answers:
            with_numbers = [series for series in one.series if series.numbers]
            last = formatted(with_numbers[0].numbers[-1][1], defaults) if with_numbers else one.reason
            if len(with_numbers) > 1:
                last = f"{one.legend(with_numbers[0])}: {last}"
            yield [name, panel.panel.title, one.target.ref_id, str(len(with_numbers)), last[:MOST_LETTERS], _ok(one.failures)]
    for title, one in answer.annotations.items():
        yield [name, f"annotation {title}", "", str(len(one.series)), _first(one), _ok(one.failures)]


def _alert_row(answer: AlertAnswer) -> list[str]:
    fired = f"{answer.fired_s:.0f} s" if answer.fired_s else ""
    return [answer.alert.group, answer.alert.name, str(sum(answer.parts.values())), fired, _ok(answer.failures)]


def _first(answer: QueryAnswer) -> str:
    return f"{len(answer.series[0].points)} moments" if answer.series else answer.reason[:MOST_LETTERS]


def _count(row: Sequence[str]) -> int:
    return int(row[3])


def _ok(failures: Sequence[str] | str) -> str:
    return "NO" if failures else "yes"


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.0f} s"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
