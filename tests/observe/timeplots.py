"""A panel's answers over time: lines, areas, a heat map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import FuncFormatter, MaxNLocator

from tests.observe.boards import Defaults
from tests.observe.palette import ALARM, FAINT, SMALL, TEXT, figure_of, line_colour, make_room, named_series, shade
from tests.observe.prometheus import Series, Window
from tests.observe.queries import PanelAnswer, QueryAnswer
from tests.observe.units import formatted

MOST_NAMED = 9
MOST_LETTERS = 34
LEGEND_ROW_IN, LETTER_IN, MARK_IN = 0.15, 0.062, 0.12
CLOCK = "%H:%M:%S"

Row = np.ndarray[tuple[int], np.dtype[np.float64]]


def draw_time(axes: Axes, answer: PanelAnswer, window: Window) -> None:
    """Draw lines, or areas upon each other where the panel stacks."""
    defaults = answer.panel.field_config.defaults
    found = list(named_series(answer))
    moments = sorted({at for _, series in found for at, _ in series.points})
    times = [datetime.fromtimestamp(at, UTC) for at in moments]
    lines = [_on(moments, series) for _, series in found]
    colours = [line_colour(number) for number in range(len(found))]
    if defaults.custom.stacking.get("mode", "none") in {"none", ""}:
        for line, colour in zip(lines, colours, strict=True):
            axes.plot(times, line, color=colour, linewidth=1.3, marker=".", markersize=2)  # type: ignore[arg-type]
    else:
        axes.stackplot(times, [np.nan_to_num(line) for line in lines], colors=colours, alpha=0.6, linewidth=0.5)  # type: ignore[arg-type]
    if defaults.custom.thresholds_style.get("mode", "off") != "off":
        for step in defaults.thresholds.steps:
            if step.value is not None:
                axes.axhline(step.value, color=shade(step.color), linewidth=1, linestyle="--")
    began, ended = (datetime.fromtimestamp(at, UTC) for at in (window.start_s, window.end_s))
    axes.set_xlim(began, ended)  # type: ignore[arg-type]
    axes.set_ylim(bottom=defaults.min, top=defaults.max)
    _draw_scales(axes, defaults)
    _draw_legend(axes, defaults, found, colours)


def draw_marks(axes: Axes, annotations: Iterable[QueryAnswer]) -> None:
    """Draw where each series of an annotation begins."""
    for annotation in annotations:
        for series in annotation.series:
            if axes.axison and series.points:
                at = datetime.fromtimestamp(series.points[0][0], UTC)
                axes.axvline(at, color=ALARM, linewidth=0.9, linestyle=":")  # type: ignore[arg-type]


def draw_heatmap(axes: Axes, answer: PanelAnswer, _: Window) -> None:
    """Draw how many observations fell into each bucket at each moment; buckets that were never used are left out."""
    buckets = {float(series.labels["le"]): series for one in answer.answers for series in one.series if "le" in series.labels}
    moments = sorted({at for series in buckets.values() for at, _ in series.points})
    edges = sorted(buckets)
    counts = np.nan_to_num(np.array([_on(moments, buckets[edge]) for edge in edges]))
    # Prometheus' buckets hold what is below their edge, so all of the lower ones too.
    own = np.clip(np.diff(counts, axis=0, prepend=0), 0, None) if edges else np.zeros((0, 0))
    used = np.flatnonzero(own.sum(axis=1))
    if not used.size:
        axes.axis("off")
        axes.text(0.5, 0.5, "nothing was observed", ha="center", va="center", color=FAINT)
        return
    low, high = max(0, int(used[0]) - 1), min(len(edges), int(used[-1]) + 2)
    make_room(axes)
    axes.imshow(np.ma.masked_equal(own[low:high], 0), aspect="auto", origin="lower", cmap="YlOrRd", interpolation="nearest")
    axes.set_yticks(range(high - low), [_edge(edge, answer.panel.field_config.defaults) for edge in edges[low:high]])
    ticks = [int(place) for place in np.linspace(0, len(moments), 6, endpoint=False)]
    axes.set_xticks(ticks, [datetime.fromtimestamp(moments[tick], UTC).strftime(CLOCK) for tick in ticks])
    _be_plain(axes)


def _on(moments: Sequence[float], series: Series) -> Row:
    values = dict(series.numbers)
    return np.array([values.get(at, math.nan) for at in moments])


def _edge(edge: float, defaults: Defaults) -> str:
    return "more" if math.isinf(edge) else f"≤ {formatted(edge, defaults)}"


def _draw_scales(axes: Axes, defaults: Defaults) -> None:
    axes.grid(visible=True, color="#e5e7eb", linewidth=0.6)
    are_whole = defaults.decimals == 0 and defaults.unit != "percentunit"
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=are_whole))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: formatted(value, defaults)))
    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=6))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter(CLOCK))  # type: ignore[no-untyped-call]
    _be_plain(axes)


def _be_plain(axes: Axes) -> None:
    axes.tick_params(labelsize=SMALL, colors=FAINT, length=2)
    for side in axes.spines.values():
        side.set_visible(False)


def _draw_legend(axes: Axes, defaults: Defaults, found: Sequence[tuple[str, Series]], colours: Sequence[str]) -> None:
    """Draw the names with their last values below the axes, and make room for them."""
    # The busiest first: those that stand at 0 are many, and say the least.
    order = sorted(range(len(found)), key=lambda number: -max(abs(value) for _, value in found[number][1].numbers))
    last = [formatted(series.numbers[-1][1], defaults) for _, series in found]
    entries = [(f"{found[number][0][:MOST_LETTERS]}  {last[number]}", colours[number]) for number in order[:MOST_NAMED]]
    if len(found) > MOST_NAMED:
        entries.append((f"and {len(found) - MOST_NAMED} more", FAINT))
    figure, place = figure_of(axes), axes.get_position()
    width_in, height_in = figure.get_size_inches()
    # As many columns as the longest name leaves room for.
    longest_in = max(len(text) for text, _ in entries) * LETTER_IN + 2 * MARK_IN
    columns = max(1, int(place.width * width_in / longest_in))
    legend_in = math.ceil(len(entries) / columns) * LEGEND_ROW_IN
    make_room(axes, below_in=legend_in)
    for number, (text, colour) in enumerate(entries):
        row, column = divmod(number, columns)
        x = place.x0 + column * place.width / columns
        y = place.y0 + (legend_in - LEGEND_ROW_IN * (row + 0.73)) / height_in
        figure.text(x, y, "■", fontsize=SMALL, color=colour)
        figure.text(x + MARK_IN / width_in, y, text, fontsize=SMALL, color=TEXT)
