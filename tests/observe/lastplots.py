"""A panel's last values: numbers, bars, a table."""

from __future__ import annotations

from matplotlib.axes import Axes

from tests.observe.palette import FAINT, MOST_SHOWN, SMALL, TEXT, figure_of, line_colour, named_series, shade
from tests.observe.prometheus import Window
from tests.observe.queries import PanelAnswer
from tests.observe.units import colour, formatted

LARGEST = 30.0


def draw_numbers(axes: Axes, answer: PanelAnswer, _: Window) -> None:
    """Draw the last value of each series, in the colour of its threshold."""
    axes.axis("off")
    defaults = answer.panel.field_config.defaults
    found = list(named_series(answer))[:MOST_SHOWN]
    height = 1 / len(found)
    box = axes.get_position()
    width_in, height_in = figure_of(axes).get_size_inches()
    room_in = min(box.height * height_in * height, box.width * width_in / 3.2)
    size = max(8.0, min(LARGEST, room_in * 34))
    for number, (name, series) in enumerate(found):
        value = series.numbers[-1][1]
        told, shown, y = formatted(value, defaults), shade(colour(value, defaults)), 1 - height * (number + 0.5)
        if len(found) == 1:
            axes.text(0.5, y, told, ha="center", va="center", fontsize=size, color=shown)
        else:
            axes.text(0.0, y, name[:40], ha="left", va="center", fontsize=min(10.0, size), color=TEXT)
            axes.text(1.0, y, told, ha="right", va="center", fontsize=size, color=shown)


def draw_bars(axes: Axes, answer: PanelAnswer, _: Window) -> None:
    """Draw the last values as bars, longest first."""
    defaults = answer.panel.field_config.defaults
    last = sorted(((series.numbers[-1][1], name) for name, series in named_series(answer)), reverse=True)[:MOST_SHOWN]
    longest = max(abs(value) for value, _ in last) or 1.0
    axes.set_xlim(0, 1)
    axes.set_ylim(max(len(last), 4), 0)
    axes.axis("off")
    for number, (value, name) in enumerate(last):
        y = number + 0.5
        axes.barh(y, 0.5 * abs(value) / longest, height=0.7, left=0.33, color=line_colour(number), alpha=0.7)
        axes.text(0.32, y, name[:34], ha="right", va="center", fontsize=SMALL, color=TEXT)
        axes.text(1.0, y, formatted(value, defaults), ha="right", va="center", fontsize=SMALL, color=TEXT)


def draw_table(axes: Axes, answer: PanelAnswer, _: Window) -> None:
    """Draw labels and last value of each series, largest first."""
    defaults = answer.panel.field_config.defaults
    rows = sorted(
        (
            (series.numbers[-1][1], ", ".join(value for key, value in sorted(series.labels.items()) if key != "__name__") or name)
            for name, series in named_series(answer)
        ),
        reverse=True,
    )
    axes.axis("off")
    shown = rows[:MOST_SHOWN]
    for number, (value, text) in enumerate(shown):
        y = 1 - (number + 0.5) / max(len(shown), 6)
        axes.text(0.0, y, text[:90], ha="left", va="center", fontsize=SMALL + 0.5, color=TEXT)
        axes.text(1.0, y, formatted(value, defaults), ha="right", va="center", fontsize=SMALL + 0.5, color=TEXT)
    if len(rows) > len(shown):
        axes.text(1.0, -0.02, f"and {len(rows) - len(shown)} more", ha="right", va="top", fontsize=SMALL, color=FAINT)
