"""What a call costs, and when that is unknown."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.drafting.prices import cost_usd
from service.drafting.types import Call
from service.embedded.programs import ROOT


def call(model: str = "gpt-5-mini", *, given: int | None = 1_000, cached: int | None = 0, written: int | None = 500) -> Call:
    return Call(model=model, duration_s=1.0, input_tokens=given, cached_tokens=cached, output_tokens=written)


@pytest.mark.parametrize(
    ("priced", "cost"),
    [
        # 0.25 USD a million tokens in, 0.025 cached, 2 out: OpenAI's page, November 2026.
        (call(), "0.00125"),
        (call(cached=None), "0.00125"),
        (call(cached=200), "0.001205"),
        (call("gpt-5-mini-2025-08-07"), "0.00125"),
        (call(given=0, written=0), "0"),
        (call(given=1, written=0), "0.0000003"),
    ],
)
def test_cost_when_model_and_tokens_are_known_then_it_is_the_lists(priced: Call, cost: str) -> None:
    assert cost_usd(priced) == Decimal(cost)


@pytest.mark.parametrize(
    "unknown",
    [
        call("nobodys-model"),
        call(""),
        call("a\x00\ud800"),
        call("whisper-1"),
        call(given=None),
        call(written=None),
        call(given=-1),
        call(written=-1),
        call(given=10, cached=11),
        call(cached=-1),
        call(given=10**15),
        call(given=10**400),
    ],
)
def test_cost_when_model_or_tokens_are_not_known_then_none(unknown: Call) -> None:
    assert cost_usd(unknown) is None


@given(st.text(), *[st.none() | st.integers()] * 3)
def test_cost_when_the_call_is_anything_then_it_never_raises(
    model: str, given: int | None, cached: int | None, written: int | None
) -> None:
    cost = cost_usd(call(model, given=given, cached=cached, written=written))

    assert cost is None or 0 <= cost <= 10_000


def test_prices_when_imported_then_the_list_is_not_loaded_and_no_thread_is_started() -> None:
    program = """
import sys, threading
from service.drafting.prices import cost_usd
from service.drafting.types import Call
assert "genai_prices" not in sys.modules
assert cost_usd(Call(model="gpt-5-mini", duration_s=1.0)) is None
assert "genai_prices" not in sys.modules
cost_usd(Call(model="gpt-5-mini", duration_s=1.0, input_tokens=1, output_tokens=1))
assert "genai_prices" in sys.modules
assert threading.active_count() == 1
"""

    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
