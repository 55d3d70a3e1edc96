"""`draftdesk costs`, and the shop's budget, model and list, as a person runs them."""

from __future__ import annotations

import asyncio
import subprocess

import pytest

from service.settings import Settings
from service.shops.service import get_shop
from tests.factories import ShopAtWork
from tests.programs import draftdesk
from tests.suggestions.spending import add_call, add_suggestion


async def run(settings: Settings, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the command beside this process's event loop."""
    return await asyncio.to_thread(draftdesk, *args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)


async def costs(settings: Settings, shop: ShopAtWork, month: str = "2026-11") -> list[str]:
    ended = await run(settings, "costs", "--shop", shop.slug, "--month", month)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


async def test_costs_when_calls_were_paid_then_a_line_for_each_model_and_what_is_left(settings: Settings, shop: ShopAtWork) -> None:
    await run(settings, "shop", "budget", shop.slug, "50")
    accepted, ready = await add_suggestion(shop, outcome="accepted"), await add_suggestion(shop)
    for suggestion_id in (accepted, ready):
        await add_call(shop, suggestion_id, tokens=(1_234_567, 200, 100, 50), cost_usd="1.2500000")
    await add_call(shop, ready, model="house-model", cost_usd=None)
    await add_call(shop, ready, model="house-model", tokens=None, cost_usd=None)

    assert await costs(settings, shop) == [
        f"{shop.slug}, 2026-11",
        "",
        "model        calls      input  cached  output  reasoning  cost USD",
        "gpt-5-mini       2  2,469,134     400     200        100    2.5000",
        "house-model      2      1,000     200     100         50    0.0000",
        "all              4  2,470,134     600     300        150    2.5000",
        "",
        "per suggestion           1.2500 USD  (2 drafted)",
        "per accepted suggestion  2.5000 USD  (1 accepted or edited)",
        "budget of the month      50.00 USD, 47.50 USD left",
        "calls of unknown price   1",
        "calls without tokens     1  (the model was away, refused, or was too slow)",
    ]


async def test_costs_when_the_month_is_empty_then_dashes(settings: Settings, shop: ShopAtWork) -> None:
    lines = await costs(settings, shop, "2024-02")

    assert "per suggestion           -  (0 drafted)" in lines
    assert "budget of the month      none" in lines


async def test_costs_when_the_budget_is_spent_then_it_says_by_how_much(settings: Settings, shop: ShopAtWork) -> None:
    await run(settings, "shop", "budget", shop.slug, "0.01")
    await add_call(shop, await add_suggestion(shop), cost_usd="1.0000000")

    assert "budget of the month      0.01 USD, 0.99 USD over it" in await costs(settings, shop)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "november", "", "9999-12"])
async def test_costs_when_the_month_is_none_then_one_sentence(settings: Settings, shop: ShopAtWork, month: str) -> None:
    ended = await run(settings, "costs", "--shop", shop.slug, "--month", month)

    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "draftdesk: A month is written as 2026-11\n")


@pytest.mark.parametrize(
    "args", [("costs", "--shop", "nowhere"), ("shop", "budget", "nowhere", "5"), ("shop", "model", "nowhere", "m")]
)
async def test_command_when_there_is_no_such_shop_then_one_sentence(settings: Settings, args: tuple[str, ...]) -> None:
    ended = await run(settings, *args)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("draftdesk: There is no shop nowhere;")
    assert ended.stderr.count("\n") == 1


async def test_budget_when_set_and_taken_away_then_the_shop_has_it(settings: Settings, shop: ShopAtWork) -> None:
    told, kept = [], []
    for usd in ("49.9", "none"):
        told.append((await run(settings, "shop", "budget", shop.slug, usd)).stdout)
        kept.append(str((await get_shop(shop.slug)).monthly_budget_usd))

    assert told == [f"shop {shop.slug}: 49.90 USD a month\n", f"shop {shop.slug}: no budget\n"]
    assert kept == ["49.90", "None"]


@pytest.mark.parametrize("usd", ["0", "0.00", "0.001", "5,00", "$5", "1e3", "NaN", "inf", "", "1" * 10, "\u0665"])
async def test_budget_when_it_is_no_amount_then_one_sentence(settings: Settings, shop: ShopAtWork, usd: str) -> None:
    ended = await run(settings, "shop", "budget", shop.slug, usd)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("draftdesk: A budget is ")
    assert (await get_shop(shop.slug)).monthly_budget_usd is None


async def test_model_when_set_and_taken_away_then_the_shop_has_it(settings: Settings, shop: ShopAtWork) -> None:
    kept = []
    for name in ("gpt-5-nano", "none"):
        await run(settings, "shop", "model", shop.slug, name)
        kept.append((await get_shop(shop.slug)).model)

    assert kept == ["gpt-5-nano", None]


@pytest.mark.parametrize("name", ["", "a b", "x" * 101, "a\nb", "möbel", "/etc"])
async def test_model_when_no_model_has_such_a_name_then_one_sentence(settings: Settings, shop: ShopAtWork, name: str) -> None:
    ended = await run(settings, "shop", "model", shop.slug, name)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("draftdesk: A model's name is ")
    assert (await get_shop(shop.slug)).model is None


async def test_shop_list_when_there_are_shops_then_a_line_each_by_slug(settings: Settings, shop: ShopAtWork) -> None:
    await run(settings, "shop", "budget", shop.slug, "7.50")
    await run(settings, "shop", "model", shop.slug, "gpt-5-nano")

    # There may be more shops than one list holds: from just before this one.
    ended = await run(settings, "shop", "list", "--after", shop.slug[:-1])

    lines = ended.stdout.splitlines()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"{shop.slug}  en  gpt-5-nano  7.50 USD  Test Shop" in lines
    assert lines == sorted(lines)
