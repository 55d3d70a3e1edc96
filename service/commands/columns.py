"""What commands print: rows in columns, and how long ago something was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400


def in_columns(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> Iterator[str]:
    """Yield a line for each row, all as wide as the widest. right: the columns, from 0, that are set to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = enumerate(zip(row, widths, strict=True))
        yield "  ".join(text.rjust(width) if place in right else text.ljust(width) for place, (text, width) in cells).rstrip()


def age(seconds: float | None) -> str:
    """Return a span of time in its two largest units, such as `3 h 20 min`; `-` where there is none."""
    if seconds is None:
        return "-"
    whole = max(int(seconds), 0)
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min"
    if whole < DAY_S:
        return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S} min"
    return f"{whole // DAY_S} d {whole % DAY_S // HOUR_S} h"
