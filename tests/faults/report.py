"""What each fault test expected and saw, as a row of the suite's table. Times are told here, never asserted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

VARIABLE = "DRAFTDESK_FAULTS_REPORT"
"""Names the file to which the rows are appended; without it they are forgotten."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row. recovery_s: how long it took until all was well again; target_s: how long it may; has_missed: another time had."""

    number: int
    fault: str
    expected: str
    seen: str
    has_passed: bool
    has_missed: bool = False
    recovery_s: float | None = None
    target_s: float | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the test passed and every time was within its target."""
        if not self.has_passed or self.has_missed:
            return False
        return self.recovery_s is None or self.target_s is None or self.recovery_s <= self.target_s


@dataclass(slots=True)
class Report:
    """A test's own row; a test says first what it expects, so that a failure has its row too."""

    number: int = 0
    fault: str = ""
    expected: str = ""
    target_s: float | None = None
    seen: list[str] = field(default_factory=list)
    has_missed: bool = False
    recovery_s: float | None = None

    def expect(self, number: int, fault: str, expected: str, *, target_s: float | None = None) -> None:
        """Say which of the faults this is, what is done, and what must come of it."""
        self.number, self.fault, self.expected, self.target_s = number, fault, expected, target_s

    def saw(self, what: str, *, recovery_s: float | None = None) -> None:
        """Say what came of it; may be called more than once."""
        self.seen.append(what)
        if recovery_s is not None:
            self.recovery_s = max(recovery_s, self.recovery_s or 0.0)

    def measured(self, what: str, value_ms: float, *, target_ms: float) -> None:
        """Say how long something took that has a target beside the recovery's."""
        self.seen.append(f"{what} {value_ms:.0f} ms (target {target_ms:.0f})")
        self.has_missed |= value_ms > target_ms

    def row(self, failure: str | None) -> Row:
        """Return the row; failure: the first line of what the test failed with."""
        seen = "; ".join(self.seen if failure is None else [*self.seen, f"FAILED: {failure}"])
        return Row(
            number=self.number,
            fault=self.fault,
            expected=self.expected,
            seen=seen,
            has_passed=failure is None,
            has_missed=self.has_missed,
            recovery_s=self.recovery_s,
            target_s=self.target_s,
        )


def append(row: Row) -> None:
    """Add a row to the report's file, if one is named."""
    if path := os.environ.get(VARIABLE):
        with Path(path).open("ab") as file:
            file.write(msgspec.json.encode(row) + b"\n")


def read(path: Path) -> list[Row]:
    """Return the rows of a report in the order of the faults."""
    rows = [msgspec.json.decode(line, type=Row) for line in path.read_bytes().splitlines()]
    return sorted(rows, key=lambda row: row.number)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    lines = [
        ["#", "fault", "expected", "seen", "recovery, s", "target, s", "ok"],
        ["--:", "---", "---", "---", "--:", "--:", "---"],
    ]
    for row in rows:
        numbers = [_seconds(row.recovery_s), _seconds(row.target_s)]
        lines.append([str(row.number), row.fault, row.expected, row.seen, *numbers, "yes" if row.is_ok else "NO"])
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
