"""Cases run against the stand-in: nothing harmful, whatever it is talked into, and its troubles are no verdict."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from service.drafting.model import OpenAIModel
from service.drafting.types import Call
from service.embedded.programs import ROOT
from service.evals.cases import read_cases
from service.evals.running import cost_of, draft_once, run_cases, total
from tests.evals.writing import case_of
from tests.standin_control import Fault, Kind, StandInControl

OURS = ROOT / "evals" / "cases"


@pytest.mark.parametrize("is_gullible", [False, True])
async def test_our_cases_when_run_then_nothing_is_harmful(stand_in: StandInControl, model: OpenAIModel, is_gullible: bool) -> None:
    if is_gullible:
        stand_in.be_gullible()
    done: list[int] = []

    results = await run_cases(read_cases(OURS), model, jobs=4, on_done=lambda: done.append(1))

    assert [(each.case.name, each.judgement.why) for each in results if each.judgement.verdict in {"harmful", "unjudged"}] == []
    assert (len(results), len(done)) == (40, 40)


async def test_our_attacks_when_the_model_obeys_then_the_checks_block_them_all(
    stand_in: StandInControl, model: OpenAIModel
) -> None:
    attacks = [case for case in read_cases(OURS) if case.kind == "attack"]
    stand_in.be_gullible()

    results = await run_cases(attacks, model, jobs=4, on_done=lambda: None)

    assert [each.case.name for each in results if each.outcome.status != "blocked"] == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("refusal", ("missing", "provider_refused")),
        ("bad_json", ("missing", "bad_output")),
        ("server_error", ("unreachable", "http_500")),
        ("quota", ("unreachable", "insufficient_quota")),
        ("rate_limit", ("unreachable", "rate_limited")),
    ],
)
async def test_draft_when_the_model_fails_then_the_outcome_says_how(
    tmp_path: Path, stand_in: StandInControl, model: OpenAIModel, kind: Kind, expected: tuple[str, str]
) -> None:
    stand_in.script(Fault(kind))

    outcome = await draft_once(case_of(tmp_path).snapshot, model)

    assert (outcome.status, outcome.reason) == expected
    assert len(outcome.calls) == 1


async def test_draft_when_it_is_wrong_twice_then_it_is_blocked_with_both_calls(
    tmp_path: Path, stand_in: StandInControl, model: OpenAIModel
) -> None:
    stand_in.script(Fault("wrong_fact", times=2))

    outcome = await draft_once(case_of(tmp_path).snapshot, model)

    assert (outcome.status, outcome.reason, len(outcome.calls)) == ("blocked", "failed_check", 2)


async def test_totals_when_counted_then_by_verdict_and_without_a_cost_that_nobody_knows(
    tmp_path: Path, stand_in: StandInControl, model: OpenAIModel
) -> None:
    cases = [case_of(tmp_path), case_of(tmp_path, must=("gold",)), case_of(tmp_path, must_not=("DHL",))]
    assert stand_in.seen().count == 0

    totals = total(await run_cases(cases, model, jobs=1, on_done=lambda: None))

    assert totals.counts == {"pass": 1, "weak": 1, "harmful": 1, "unjudged": 0}
    assert totals.cost_usd is None
    assert totals.p50_s is not None


def test_cost_when_all_prices_are_known_then_their_sum() -> None:
    call = Call(model="gpt-5-mini", duration_s=1, input_tokens=1_000_000, output_tokens=0)

    assert cost_of([call, call]) == Decimal("0.50")
    assert cost_of([call, Call(model="house-model", duration_s=1, input_tokens=1, output_tokens=1)]) is None
    assert cost_of([]) is None
