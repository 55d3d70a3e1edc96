"""Where the panels of a picture are, and that every kind of panel is drawn."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.observe.boards import Board, Grid, Panel, Target
from tests.observe.drawing import DRAWERS, draw, layout
from tests.observe.prometheus import Series, Window
from tests.observe.queries import BoardAnswer, PanelAnswer, QueryAnswer

WINDOW = Window(0.0, 20.0, 2.0)
TARGET = Target(ref_id="A", legend_format="{{le}}")


def panel(title: str, y: int, *inner: Panel, kind: str = "stat") -> Panel:
    return Panel("row" if inner else kind, title=title, grid_pos=Grid(1 if inner else 4, 24, 0, y), panels=list(inner))


def series(le: str, *values: float) -> Series:
    return Series({"le": le}, [(2.0 * number, value) for number, value in enumerate(values)])


def test_layout_when_a_row_is_collapsed_then_its_panels_are_below_it_and_above_what_follows() -> None:
    board = Board("uid", "title", [panel("first", 0), panel("row", 4, panel("a", 5), panel("b", 9)), panel("last", 5)])

    places = {each.title: grid.y for each, grid in layout(board)}

    assert places == {"first": 0, "row": 4, "a": 5, "b": 9, "last": 13}


@pytest.mark.parametrize("kind", [*DRAWERS, "text", "state-timeline"])
@pytest.mark.parametrize(
    "found",
    [
        pytest.param([], id="empty"),
        pytest.param([series("1", math.nan)], id="no number"),
        pytest.param([series("1", 3.0)], id="one point"),
        pytest.param([series("1", 0.0, 0.0), series("+Inf", 0.0, 0.0)], id="zeros"),
        pytest.param([series(str(edge), 1.0, math.nan, 3.0) for edge in range(20)], id="many"),
    ],
)
def test_draw_when_a_panel_of_any_kind_has_any_answer_then_there_is_a_picture(
    tmp_path: Path, kind: str, found: list[Series]
) -> None:
    one = panel("one", 0, kind=kind)
    answer = PanelAnswer(one, [QueryAnswer(TARGET, "expr", found, [])])

    path = draw(BoardAnswer(Board("uid", "title", [one]), WINDOW, [answer], [], {}), tmp_path, "board")

    assert path.read_bytes().startswith(b"\x89PNG")
