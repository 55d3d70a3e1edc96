"""The figures of a period over HTTP: what counts in which, by shop and by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.api.receiving import assert_problem, deliver_mail
from tests.factories import ShopAtWork
from tests.suggestions.spending import add_call, add_suggestion

NOVEMBER = "since=2026-11-01&until=2026-11-30"

EMPTY = {
    "since": "2026-11-01",
    "until": "2026-11-30",
    "suggestions": 0,
    "by_status": {},
    "by_reason": {},
    "by_kind": {},
    "eligible": 0,
    "drafted": 0,
    "draft_rate": None,
    "outcomes": {},
    "resolved": 0,
    "acceptance_rate": None,
    "edit_rate": None,
    "edited_similarity": None,
    "spending": {
        "calls": 0,
        "uncounted_calls": 0,
        "unpriced_calls": 0,
        "input_tokens": 0,
        "cached_tokens": 0,
        "output_tokens": 0,
        "reasoning_tokens": 0,
        "cost_usd": "0",
    },
    "by_model": {},
    "cost_per_suggestion": None,
    "cost_per_accepted": None,
}


async def stats(client: httpx2.AsyncClient, shop: ShopAtWork, query: str = NOVEMBER) -> dict[str, Any]:
    response = await client.get(f"/v1/stats?{query}", headers=shop.auth)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


async def test_stats_when_there_is_nothing_then_nulls_where_nothing_divides(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    assert await stats(client, shop) == EMPTY


async def test_stats_when_all_kinds_are_there_then_each_counts_where_it_belongs(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    for outcome in ("accepted", "accepted", "accepted", "rejected", "ignored", None):
        await add_suggestion(shop, outcome=outcome)
    for similarity in (0.5, 0.8, None):
        await add_suggestion(shop, outcome="edited", similarity=similarity)
    await add_suggestion(shop, status="failed", kind="fallback", reason="provider_down")
    await add_suggestion(shop, status="failed", kind="fallback", reason="failed_check", outcome="accepted")
    await add_suggestion(shop, status="superseded", kind=None, reason="superseded")
    await add_suggestion(shop, status="superseded", kind="ai", reason="order_changed")
    await add_suggestion(shop, status="skipped", kind=None, reason="machine_mail")
    await add_suggestion(shop, status="pending", kind=None)

    told = await stats(client, shop)

    assert {name: told[name] for name in ("suggestions", "eligible", "drafted", "draft_rate", "resolved")} == {
        "suggestions": 15,
        "eligible": 12,
        "drafted": 9,
        "draft_rate": "0.7500",
        "resolved": 8,
    }
    assert told["by_status"] == {"failed": 2, "pending": 1, "ready": 9, "skipped": 1, "superseded": 2}
    assert told["by_kind"] == {"ai": 10, "fallback": 2}
    assert told["by_reason"] == {
        "failed_check": 1,
        "machine_mail": 1,
        "order_changed": 1,
        "provider_down": 1,
        "superseded": 1,
    }
    assert told["outcomes"] == {"accepted": 3, "edited": 3, "ignored": 1, "rejected": 1}
    assert (told["acceptance_rate"], told["edit_rate"], told["edited_similarity"]) == ("0.3750", "0.3750", "0.6500")


async def test_stats_when_calls_were_paid_then_their_cost_is_divided(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    accepted, edited, ready = [await add_suggestion(shop, outcome=outcome) for outcome in ("accepted", "edited", None)]
    overtaken = await add_suggestion(shop, status="superseded", kind=None, reason="superseded")
    await add_call(shop, accepted, cost_usd="0.0100001")
    await add_call(shop, edited, cost_usd="0.0200000")
    await add_call(shop, ready, model="gpt-5-nano", cost_usd="0.0100000")
    await add_call(shop, overtaken, cost_usd="0.0200000")
    await add_call(shop, ready, model="house-model", cost_usd=None)
    await add_call(shop, ready, tokens=None, cost_usd=None)

    told = await stats(client, shop)

    assert told["spending"] == {
        "calls": 6,
        "uncounted_calls": 1,
        "unpriced_calls": 1,
        "input_tokens": 5_000,
        "cached_tokens": 1_000,
        "output_tokens": 500,
        "reasoning_tokens": 250,
        "cost_usd": "0.0600001",
    }
    assert {model: (each["calls"], each["cost_usd"]) for model, each in told["by_model"].items()} == {
        "gpt-5-mini": (4, "0.0500001"),
        "gpt-5-nano": (1, "0.0100000"),
        "house-model": (1, "0"),
    }
    assert (told["cost_per_suggestion"], told["cost_per_accepted"]) == ("0.020000", "0.030000")


async def test_stats_when_a_day_begins_or_ends_then_only_its_own_count(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    first = datetime(2026, 11, 1, tzinfo=UTC)
    millisecond = timedelta(milliseconds=1)
    for at in (first - millisecond, first, first + timedelta(days=1) - millisecond, first + timedelta(days=1)):
        await add_call(shop, await add_suggestion(shop, at=at), at=at)

    told = await stats(client, shop, "since=2026-11-01&until=2026-11-01")

    assert (told["suggestions"], told["spending"]["calls"]) == (2, 2)


async def test_stats_when_another_shop_has_figures_then_they_do_not_count(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    await add_call(other_shop, await add_suggestion(other_shop, outcome="accepted"))

    assert await stats(client, shop) == EMPTY


async def test_stats_when_no_day_is_named_then_today_counts(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)

    told = await stats(client, shop, "")

    assert (told["suggestions"], told["eligible"], told["drafted"]) == (1, 1, 0)
    assert datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["since"]) == timedelta(days=29)


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-11-02&until=2026-11-01",
        "since=2026-01-01&until=2026-12-31",
        "since=0001-01-01&until=0001-01-02",
        "since=9999-12-31&until=9999-12-31",
        "until=9999-12-31",
        "since=2026-13-01",
        "since=secret",
        "since=%00",
        "since=" + "9" * 10_000,
        "since=-2026-01-01",
        "since=1e400",
        "since=1e18",
        "until=NaN",
    ],
)
async def test_stats_when_the_days_are_bad_then_invalid(client: httpx2.AsyncClient, shop: ShopAtWork, query: str) -> None:
    response = await client.get(f"/v1/stats?{query}", headers=shop.auth)

    assert_problem(response, 400)
    assert "secret" not in response.text


async def test_stats_when_there_is_no_key_then_401(client: httpx2.AsyncClient) -> None:
    assert_problem(await client.get("/v1/stats"), 401)
