"""The table's rows: what counts as well, and that a failure has its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.report import VARIABLE, Report, append, read, table


def reported(*, recovery_s: float | None = None, target_s: float | None = None, p99_ms: float = 0) -> Report:
    made = Report()
    made.expect(5, "Valkey away", "200", target_s=target_s)
    made.saw("200", recovery_s=recovery_s)
    if p99_ms:
        made.measured("p99", p99_ms, target_ms=300)
    return made


@pytest.mark.parametrize(
    ("made", "failure", "is_ok"),
    [
        (reported(), None, True),
        (reported(recovery_s=99), None, True),
        (reported(recovery_s=15, target_s=15), None, True),
        (reported(recovery_s=15.1, target_s=15), None, False),
        (reported(p99_ms=300), None, True),
        (reported(p99_ms=301), None, False),
        (reported(), "assert 1 == 2", False),
    ],
)
def test_row_when_the_test_ended_so_then_it_is_ok_or_not(made: Report, failure: str | None, is_ok: bool) -> None:
    assert made.row(failure).is_ok is is_ok


def test_table_when_rows_were_appended_then_it_holds_them_in_the_order_of_the_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows"
    monkeypatch.setenv(VARIABLE, str(path))
    first = Report()
    first.expect(1, "kill -9", "again | once", target_s=15)
    append(reported(recovery_s=3.21, target_s=15).row(None))
    append(first.row("assert 1 == 2"))

    lines = table(read(path)).splitlines()

    assert lines[2] == "| 1 | kill -9 | again / once | FAILED: assert 1 == 2 |  | 15.0 | NO |"
    assert lines[3] == "| 5 | Valkey away | 200 | 200 | 3.2 | 15.0 | yes |"
