"""A shop's monthly budget: how far it goes in steps, whose spending counts, and that the VIPs step down last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from service.db.engine import fetch
from service.db.ids import uuid7, uuid7_floor
from service.observability import metrics
from service.suggestions.budget_steps import Step, step_of
from service.suggestions.budgets import Budgets
from service.suggestions.service import Desk, draft
from tests.factories import ShopAtWork, make_shop
from tests.standin_control import StandInControl
from tests.storing import store_suggestion, suggestion_row

NOW = datetime.now(UTC)
MONTH = datetime(NOW.year, NOW.month, 1, tzinfo=UTC)
DOWN: list[Step] = ["full", "short", "cheap", "fallback"]
USD = st.decimals(min_value=0, max_value=10**6, places=7)


async def give_budget(shop_id: UUID, usd: int | None) -> None:
    await fetch("UPDATE shop SET monthly_budget_usd = $2 WHERE id = $1", shop_id, usd)


async def spend(shop: ShopAtWork, usd: str | None, *, at: datetime | None = None) -> None:
    """Store a call that has cost so much; None: nobody knows."""
    suggestion_id = await store_suggestion(shop, from_="old@customer.example")
    call_id = uuid7() if at is None else uuid7_floor(at)
    await fetch(
        """INSERT INTO model_call (id, shop, suggestion, attempt, model, input_tokens, cost_usd, duration_s, created_at)
           VALUES ($1, $2, $3, 1, 'm', 100, $4::numeric, 1, now())""",
        call_id,
        shop.id,
        suggestion_id,
        None if usd is None else Decimal(usd),
    )


@pytest.mark.parametrize(
    ("spent", "normal", "vip"),
    [
        ("0", "full", "full"),
        ("74.99", "full", "full"),
        ("75", "short", "full"),
        ("84.99", "short", "full"),
        ("85", "cheap", "full"),
        ("94.99", "cheap", "full"),
        ("95", "fallback", "short"),
        ("98", "fallback", "cheap"),
        ("99.99", "fallback", "cheap"),
        ("100", "fallback", "fallback"),
        ("250", "fallback", "fallback"),
    ],
)
def test_step_when_so_much_is_spent_then_vips_step_down_last(spent: str, normal: str, vip: str) -> None:
    steps = [step_of(spent_usd=Decimal(spent), budget_usd=Decimal(100), is_vip=is_vip) for is_vip in (False, True)]

    assert steps == [normal, vip]


def test_step_when_there_is_no_budget_then_everything() -> None:
    assert step_of(spent_usd=Decimal(10**6), budget_usd=None, is_vip=False) == "full"


@given(spent=USD, more=USD, budget=USD, is_vip=st.booleans())
def test_step_when_more_is_spent_then_never_back_up_and_past_the_budget_nobody_is_served(
    spent: Decimal, more: Decimal, budget: Decimal, is_vip: bool
) -> None:
    before, after = (step_of(spent_usd=usd, budget_usd=budget, is_vip=is_vip) for usd in (spent, spent + more))

    assert DOWN.index(before) <= DOWN.index(after)
    assert spent < budget or before == "fallback"


@given(spent=USD, budget=USD)
def test_step_when_a_vip_asks_then_never_further_down_than_the_others(spent: Decimal, budget: Decimal) -> None:
    normal, vip = (step_of(spent_usd=spent, budget_usd=budget, is_vip=is_vip) for is_vip in (False, True))

    assert DOWN.index(vip) <= DOWN.index(normal)


async def test_plan_when_the_shop_has_spent_then_only_its_own_calls_of_this_month_count(shop: ShopAtWork) -> None:
    other = await make_shop()
    await give_budget(shop.id, 100)
    await spend(shop, "80")
    await spend(shop, "90", at=MONTH - timedelta(seconds=1))
    await spend(other, "500")

    plan = await Budgets().plan(shop.id, is_vip=False, now=NOW)

    assert (plan.step, plan.model) == ("short", None)


async def test_plan_when_a_call_was_the_months_first_then_it_counts(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    await spend(shop, "85", at=MONTH)

    assert (await Budgets().plan(shop.id, is_vip=False, now=NOW)).step == "cheap"


async def test_plan_when_a_shop_has_no_budget_or_is_gone_then_everything(shop: ShopAtWork) -> None:
    await spend(shop, "1000")
    budgets = Budgets()

    assert [(await budgets.plan(each, is_vip=False, now=NOW)).step for each in (shop.id, uuid7())] == ["full", "full"]


async def test_plan_when_the_shop_was_read_just_now_then_it_is_not_read_again(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    cached, anew = Budgets(ttl_s=3_600), Budgets(ttl_s=0)
    for each in (cached, anew):
        await each.plan(shop.id, is_vip=False, now=NOW)
    await spend(shop, "99")

    steps = [(await each.plan(shop.id, is_vip=False, now=NOW)).step for each in (cached, anew)]

    assert steps == ["full", "fallback"]


async def test_plan_when_there_are_too_many_shops_then_the_one_read_longest_ago_is_forgotten() -> None:
    shops = [await make_shop() for _ in range(3)]
    budgets = Budgets(ttl_s=3_600, max_shops=2)
    for each in shops:
        await budgets.plan(each.id, is_vip=False, now=NOW)
        await give_budget(each.id, 0)

    steps = [(await budgets.plan(each.id, is_vip=False, now=NOW)).step for each in reversed(shops)]

    assert steps == ["full", "full", "fallback"]


async def test_plan_when_a_shop_is_read_again_then_no_other_is_forgotten_for_it() -> None:
    first, second = await make_shop(), await make_shop()
    budgets = Budgets(ttl_s=3_600, max_shops=2)
    for each in (first, second):
        await budgets.plan(each.id, is_vip=False, now=NOW)
    await give_budget(first.id, 0)

    await budgets.plan(second.id, is_vip=False, now=MONTH + timedelta(days=32))

    assert (await budgets.plan(first.id, is_vip=False, now=NOW)).step == "full"


async def test_plan_when_it_is_made_then_its_step_is_counted(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    await spend(shop, "96")
    budgets = Budgets()
    before = [metrics.BUDGET_STEPS.labels(step)._value.get() for step in DOWN]

    for is_vip in (False, False, True):
        await budgets.plan(shop.id, is_vip=is_vip, now=NOW)

    after = [metrics.BUDGET_STEPS.labels(step)._value.get() for step in DOWN]
    assert [each - was for each, was in zip(after, before, strict=True)] == [0, 1, 0, 2]


async def test_plan_when_the_month_turns_then_it_begins_anew(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    await spend(shop, "99")
    budgets = Budgets(ttl_s=3_600)
    before = await budgets.plan(shop.id, is_vip=False, now=NOW)

    after = await budgets.plan(shop.id, is_vip=False, now=MONTH + timedelta(days=32))

    assert (before.step, after.step) == ("fallback", "full")


async def test_plan_when_this_process_spends_then_it_counts_at_once(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    budgets = Budgets(ttl_s=3_600)
    steps = [(await budgets.plan(shop.id, is_vip=False, now=NOW)).step]

    for _ in range(4):
        budgets.spent(shop.id, Decimal(25))
        steps.append((await budgets.plan(shop.id, is_vip=False, now=NOW)).step)

    assert steps == ["full", "full", "full", "short", "fallback"]


async def test_plan_when_the_shop_has_a_model_then_it_is_named(shop: ShopAtWork) -> None:
    await fetch("UPDATE shop SET model = 'gpt-own' WHERE id = $1", shop.id)

    assert (await Budgets().plan(shop.id, is_vip=False, now=NOW)).model == "gpt-own"


async def test_plan_when_the_step_changes_then_one_log_line_for_each_change(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    budgets = Budgets(ttl_s=3_600)

    with capture_logs() as logs:
        for usd in (0, 80, 0, 10, 0, 6, 0):
            await budgets.plan(shop.id, is_vip=False, now=NOW)
            budgets.spent(shop.id, Decimal(usd))

    told = [(each["log_level"], each["step"]) for each in logs if each["event"] == "suggestions.budget_step_changed"]
    assert told == [("warning", "short"), ("warning", "cheap"), ("error", "fallback")]


async def test_plan_when_vips_step_down_or_all_go_back_then_each_rank_has_its_line(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    budgets = Budgets(ttl_s=3_600)

    with capture_logs() as logs:
        await budgets.plan(shop.id, is_vip=True, now=NOW)
        budgets.spent(shop.id, Decimal(96))
        for now in (NOW, MONTH + timedelta(days=32)):
            for is_vip in (False, True):
                await budgets.plan(shop.id, is_vip=is_vip, now=now)

    told = [(each["log_level"], each["step"], each["is_vip"], each["spent_share"]) for each in logs]
    assert told == [
        ("error", "fallback", False, 0.96),
        ("warning", "short", True, 0.96),
        ("info", "full", False, 0.0),
        ("info", "full", True, 0.0),
    ]


async def test_plan_when_prices_are_unknown_then_a_warning_once(shop: ShopAtWork) -> None:
    await give_budget(shop.id, 100)
    await spend(shop, None)
    budgets = Budgets(ttl_s=0)

    with capture_logs() as logs:
        for _ in range(3):
            await budgets.plan(shop.id, is_vip=False, now=NOW)

    assert [each["unpriced_calls"] for each in logs if each["event"] == "suggestions.budget_without_price"] == [1]


@pytest.mark.parametrize(
    ("spent", "own_model", "asked"),
    [
        ("10", None, "stand-in"),
        ("80", None, "stand-in"),
        ("86", None, "cheaper-test"),
        ("86", "gpt-own", "cheaper-test"),
        ("10", "gpt-own", "gpt-own"),
    ],
)
async def test_draft_when_the_budget_runs_out_then_the_model_is_the_steps(  # noqa: PLR0917 - pytest's fixtures
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk, spent: str, own_model: str | None, asked: str
) -> None:
    await fetch("UPDATE shop SET model = $2 WHERE id = $1", shop.id, own_model)
    await give_budget(shop.id, 100)
    await spend(shop, spent)
    suggestion_id = await store_suggestion(shop)

    assert await draft(suggestion_id, desk) == "ready"

    assert stand_in.requests()[0].model == asked


async def test_draft_when_the_budget_is_short_then_the_context_is_too(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    await give_budget(shop.id, 100)
    await spend(shop, "80")
    parent = None
    for number in range(6):
        own_id = f"<short-{number}-{shop.slug}@customer.example>"
        suggestion_id = await store_suggestion(shop, message_id=own_id, in_reply_to=parent, text=f"mail number {number}")
        parent = own_id

    await draft(suggestion_id, desk)

    prompt = stand_in.requests()[0].prompt
    assert [f"mail number {number}" in prompt for number in range(6)] == [False, False, True, True, True, True]
    assert (await suggestion_row(suggestion_id))["budget_step"] == "short"


@pytest.mark.parametrize("is_vip", [False, True])
async def test_draft_when_the_budget_is_spent_then_the_fallback_stands_and_vips_go_on(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk, is_vip: bool
) -> None:
    await give_budget(shop.id, 100)
    await spend(shop, "96")
    suggestion_id = await store_suggestion(shop)
    await fetch("UPDATE suggestion SET priority = $2 WHERE id = $1", suggestion_id, 0 if is_vip else 10)

    outcome = await draft(suggestion_id, desk)

    row: Any = await suggestion_row(suggestion_id)
    if is_vip:
        assert (outcome, row["budget_step"], stand_in.seen().count) == ("ready", "short", 1)
    else:
        assert (outcome, row["status"], row["reason_code"], row["kind"]) == ("failed", "failed", "budget", "fallback")
        assert (row["budget_step"], stand_in.seen().count) == ("fallback", 0)


async def test_plan_when_shops_have_budgets_then_the_metric_is_the_largest_share_and_falls_with_its_shop(shop: ShopAtWork) -> None:
    other = await make_shop()
    for each, usd in ((shop, "9"), (other, "4")):
        await give_budget(each.id, 10)
        await spend(each, usd)
    budgets = Budgets(ttl_s=0)
    shares = []

    for shop_id in (other.id, shop.id, other.id):
        await budgets.plan(shop_id, is_vip=False, now=NOW)
        shares.append(metrics.BUDGET_USED._value.get())
    await give_budget(shop.id, 100)
    await budgets.plan(shop.id, is_vip=False, now=NOW)
    shares.append(metrics.BUDGET_USED._value.get())

    assert shares == [0.4, 0.9, 0.9, 0.09]
