"""A dashboard as a picture, from the very answers that were checked. It is no Grafana, and says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.observe.boards import Board, Grid, Panel
from tests.observe.lastplots import draw_bars, draw_numbers, draw_table
from tests.observe.palette import ALARM, PAPER, TEXT, named_series
from tests.observe.prometheus import Window
from tests.observe.queries import BoardAnswer, PanelAnswer
from tests.observe.timeplots import draw_heatmap, draw_marks, draw_time

CAPTION = "Rendering by Draftdesk's tests from Prometheus' answers, not Grafana"

COLUMNS = 24
COLUMN_IN, ROW_IN = 0.75, 0.36
HEAD_IN, GAP_IN, TITLE_IN = 0.75, 0.08, 0.3
PADDING_IN = 0.12
LETTERS_AN_INCH = 12.5
DPI = 90
MAX_ROWS = 300

DRAWERS: dict[str, Callable[[Axes, PanelAnswer, Window], None]] = {
    "timeseries": draw_time,
    "stat": draw_numbers,
    "gauge": draw_numbers,
    "bargauge": draw_bars,
    "barchart": draw_bars,
    "piechart": draw_bars,
    "heatmap": draw_heatmap,
    "table": draw_table,
}


def layout(board: Board) -> list[tuple[Panel, Grid]]:
    """Return every panel and row with its place, top to bottom; rows that are collapsed are opened. Pure."""
    found: list[tuple[Panel, Grid]] = []
    shift = 0
    for panel in sorted(board.panels, key=lambda each: (each.grid_pos.y, each.grid_pos.x)):
        grid = panel.grid_pos
        found.append((panel, Grid(grid.h, grid.w, grid.x, grid.y + shift)))
        if panel.panels:
            top = min(inner.grid_pos.y for inner in panel.panels)
            bottom = max(inner.grid_pos.y + inner.grid_pos.h for inner in panel.panels)
            first = grid.y + shift + 1
            found += [
                (inner, Grid(inner.grid_pos.h, inner.grid_pos.w, inner.grid_pos.x, inner.grid_pos.y - top + first))
                for inner in panel.panels
            ]
            shift += bottom - top
    return found


def draw(answer: BoardAnswer, folder: Path, name: str) -> Path:
    """Draw a board into a folder, which exists; return the picture's path."""
    places = layout(answer.board)
    rows = min(MAX_ROWS, max((grid.y + grid.h for _, grid in places), default=1))
    width_in, height_in = COLUMNS * COLUMN_IN, rows * ROW_IN + HEAD_IN
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, facecolor="#e9ebee")
    FigureCanvasAgg(figure)
    _draw_head(figure, answer, height_in)
    for panel, grid in places:
        left, top = grid.x * COLUMN_IN, HEAD_IN + grid.y * ROW_IN
        box = (left + GAP_IN / 2, top + GAP_IN / 2, grid.w * COLUMN_IN - GAP_IN, grid.h * ROW_IN - GAP_IN)
        if panel.type == "row":
            x, y = (left + PADDING_IN) / width_in, 1 - (top + 0.24) / height_in
            figure.text(x, y, panel.title, fontsize=12, weight="bold", color=TEXT)
        else:
            axes = _draw_panel(figure, next(each for each in answer.panels if each.panel is panel), answer.window, box)
            if panel.type == "timeseries":
                draw_marks(axes, answer.annotations.values())
    path = folder / f"{name}.png"
    figure.savefig(path)
    return path


def _draw_head(figure: Figure, answer: BoardAnswer, height_in: float) -> None:
    began, ended = (datetime.fromtimestamp(at, UTC) for at in (answer.window.start_s, answer.window.end_s))
    chosen = "   ".join(f"{each.name}: {', '.join(each.values)[:60]}" for each in answer.variables)
    figure.text(0.006, 1 - 0.3 / height_in, answer.board.title, fontsize=16, weight="bold", color=TEXT)
    asked = f"{began:%Y-%m-%d %H:%M:%S} to {ended:%H:%M:%S} UTC   {chosen}"
    figure.text(0.006, 1 - 0.56 / height_in, asked, fontsize=9, color=TEXT)
    figure.text(0.994, 1 - 0.3 / height_in, CAPTION, fontsize=11, weight="bold", color=ALARM, ha="right")


def _draw_panel(figure: Figure, answer: PanelAnswer, window: Window, box: tuple[float, float, float, float]) -> Axes:
    """Draw a panel into a box: left, top, width, height in inches from the upper left corner."""
    left, top, width, height = box
    sheet = _place(figure, box)
    paper = Rectangle(sheet[:2], *sheet[2:], transform=figure.transFigure, facecolor=PAPER, edgecolor="#c9ced6", zorder=-1)
    figure.add_artist(paper)
    inner_in = width - 2 * PADDING_IN
    x, _, _, _ = inner = _place(figure, (left + PADDING_IN, top + TITLE_IN, inner_in, height - TITLE_IN - PADDING_IN))
    title, room = answer.panel.title, int(inner_in * LETTERS_AN_INCH)
    shown = title if len(title) <= room else f"{title[: room - 1]}…"
    figure.text(x, sheet[1] + sheet[3] - 0.21 / figure.get_figheight(), shown, fontsize=9.5, weight="bold", color=TEXT)
    axes = figure.add_axes(inner)
    axes.set_facecolor(PAPER)
    drawer = DRAWERS.get(answer.panel.type)
    if drawer is None:
        axes.axis("off")
        told = "" if answer.panel.type == "text" else f"({answer.panel.type} is not drawn here)"
        axes.text(0.5, 0.5, told, ha="center", va="center", color=TEXT)
    elif not any(named_series(answer)):
        axes.axis("off")
        axes.text(0.5, 0.5, "No data", ha="center", va="center", color=ALARM, fontsize=14)
    else:
        drawer(axes, answer, window)
    return axes


def _place(figure: Figure, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box, in inches from the upper left corner, as matplotlib takes it: in shares, from the lower left one."""
    width_in, height_in = figure.get_size_inches()
    left, top, width, height = box
    return left / width_in, 1 - (top + height) / height_in, width / width_in, height / height_in
