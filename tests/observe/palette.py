"""What the plots share: colours, names, and room at the sides of the axes."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.observe.prometheus import Series
from tests.observe.queries import PanelAnswer

PAPER, TEXT, FAINT, ALARM = "#ffffff", "#22262d", "#6b7280", "#b3261e"
LINES = (
    *("#5794f2", "#73bf69", "#f2cc0c", "#ff780a", "#e02f44", "#b877d9"),
    *("#37872d", "#8ab8ff", "#a352cc", "#8f3bb8", "#56a64b", "#705da0"),
)
SMALL = 7.5
MOST_SHOWN = 14
SIDE_IN, BELOW_IN = 0.62, 0.2
"""Room for the numbers of an axis."""

_NAMED = {"green": "#2e8b57", "red": "#d93025", "orange": "#e8710a", "yellow": "#c79100", "blue": "#3274d9"}


def line_colour(number: int) -> str:
    """Return the colour of the panel's first, second, ... line."""
    return LINES[number % len(LINES)]


def shade(name: str) -> str:
    """Return a colour of Grafana's as one of ours; its shades are as good as the plain one."""
    plain = name.rpartition("-")[2]
    return _NAMED.get(plain, name if name.startswith("#") else TEXT)


def named_series(answer: PanelAnswer) -> Iterator[tuple[str, Series]]:
    """Yield the series that have numbers, with their names in the legend."""
    for one in answer.answers:
        if not one.target.hide:
            yield from ((one.legend(series), series) for series in one.series if series.numbers)


def figure_of(axes: Axes) -> Figure:
    """Return the figure that the axes are on."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def make_room(axes: Axes, *, below_in: float = 0.0) -> None:
    """Make the axes smaller, so that their numbers, and what stands below these, are within the panel."""
    width_in, height_in = figure_of(axes).get_size_inches()
    place = axes.get_position()
    side, below = SIDE_IN / width_in, (BELOW_IN + below_in) / height_in
    axes.set_position((place.x0 + side, place.y0 + below, place.width - side, max(place.height - below, 0.2 / height_in)))
