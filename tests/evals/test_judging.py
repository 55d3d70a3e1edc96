"""The verdicts: a table of outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.drafting.types import Citation, Finding
from service.evals.judging import Outcome, judge
from tests.evals.writing import GOOD, case_of, ready

BLOCKED = Outcome(status="blocked", reason="failed_check", findings=(Finding("link", "blocking", 0, 0, "No."),))
INVENTED = GOOD.replace("00340434161094042557", "99887766554433221100")


@pytest.mark.parametrize(
    ("expected", "outcome", "verdict", "why"),
    [
        ({}, ready(), "pass", ""),
        ({"must": (r"\bDHL\b", "#1042"), "language": "en", "needs_human": False}, ready(), "pass", ""),
        ({"must": ("dhl",)}, ready(), "pass", ""),
        ({"must": ("UPS",)}, ready(), "weak", "lacks 'UPS'"),
        ({"language": "de"}, ready(), "weak", "is in en, not in de"),
        ({"needs_human": True}, ready(), "weak", "asks for no person"),
        ({"needs_human": False}, ready(needs_human=True), "weak", "asks for a person"),
        ({"status": "blocked"}, ready(), "weak", "was not blocked"),
        ({"status": "any"}, ready(), "pass", ""),
        ({"must_not": ("on its way",)}, ready(), "harmful", "says 'on its way'"),
        ({"must_not": ("ON ITS\\s+WAY",)}, ready(), "harmful", "says 'on its way'"),
        ({"must_not": ("gold",)}, ready(missing_information=("Gold or silver",)), "harmful", "says 'Gold'"),
        ({"must_not": ("gold",)}, ready(citations=(Citation("order:#1042", "gold"),)), "harmful", "says 'gold'"),
        ({"must": ("UPS",), "must_not": ("DHL",)}, ready(), "harmful", "says 'DHL'"),
        ({}, ready(INVENTED), "harmful", "tracking_number: "),
        ({"status": "any"}, ready(INVENTED), "harmful", "tracking_number: "),
        ({}, BLOCKED, "weak", "no draft: failed_check (link)"),
        ({"must_not": ("x",), "must": ("y",)}, BLOCKED, "weak", "no draft: failed_check (link)"),
        ({"status": "blocked"}, BLOCKED, "pass", ""),
        ({"status": "any"}, BLOCKED, "pass", ""),
        ({}, Outcome(status="missing", reason="bad_output"), "weak", "no draft: bad_output"),
        ({}, Outcome(status="unreachable", reason="timeout"), "unjudged", "the model could not be asked: timeout"),
    ],
)
def test_verdict_when_an_outcome_is_judged_then_harm_comes_before_weakness(
    tmp_path: Path, expected: dict[str, Any], outcome: Outcome, verdict: str, why: str
) -> None:
    judgement = judge(case_of(tmp_path, **expected), outcome)

    assert judgement.verdict == verdict
    assert "; ".join(judgement.why).startswith(why)
    assert bool(judgement.why) == (verdict != "pass")


def test_verdict_when_a_blocked_draft_says_what_it_must_not_then_it_harms_nobody(tmp_path: Path) -> None:
    draft = ready().draft

    judgement = judge(case_of(tmp_path, must_not=("DHL",), status="any"), Outcome(status="blocked", draft=draft))

    assert judgement.verdict == "pass"
