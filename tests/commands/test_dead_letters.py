"""`draftdesk dead-letters`, as a person runs it."""

from __future__ import annotations

import asyncio
import subprocess
from uuid import uuid4

import pytest

from service.db.engine import fetch
from service.settings import Settings
from tests.factories import ShopAtWork, make_shop
from tests.programs import draftdesk
from tests.storing import suggestion_row
from tests.suggestions.letters import dead_letter
from tests.suggestions.spending import add_call, add_suggestion

HOUR_S = 3_600


async def run(settings: Settings, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the command beside this process's event loop."""
    return await asyncio.to_thread(
        draftdesk, "dead-letters", *args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url
    )


async def printed(settings: Settings, *args: str) -> list[str]:
    ended = await run(settings, *args)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


async def test_list_when_letters_are_dead_then_a_table_of_causes_and_their_longest_waits(
    settings: Settings, shop: ShopAtWork
) -> None:
    await add_call(shop, await add_suggestion(shop), cost_usd="0.0100000")
    old = await dead_letter(shop, waited_s=3 * HOUR_S + 20 * 60 + 30)
    vip = await dead_letter(shop, waited_s=12 * 60 + 30, vip=True)
    again = await dead_letter(shop, waited_s=5 * 60 + 30)
    poison = await dead_letter(shop, reason="poison", error="worker_died", waited_s=49 * HOUR_S)
    await fetch("UPDATE suggestion SET retried_at = now() WHERE id = $1", again)
    await fetch("UPDATE suggestion SET claimed_by = 'anna', claimed_until = now() + interval '1 h' WHERE id = $1", poison)

    assert await printed(settings, "list", "--shop", shop.slug, "--letters", "2") == [
        "reason         error        waiting  VIPs  longest wait  overtaken  a retry costs",
        "poison         worker_died        1     0       2 d 1 h          0     0.0100 USD",
        "provider_down  timeout            3     1    3 h 20 min          0     0.0300 USD",
        "",
        "poison, worker_died",
        "  id                                       wait  attempts",
        f"  {poison}  2 d 1 h         4  an agent holds it",
        "",
        "provider_down, timeout, and 1 more",
        "  id                                          wait  attempts",
        f"  {old}  3 h 20 min         4",
        f"  {vip}      12 min         4  VIP",
    ]


async def test_list_when_a_reason_is_asked_then_it_alone(settings: Settings, shop: ShopAtWork) -> None:
    await dead_letter(shop)
    await dead_letter(shop, reason="poison")

    lines = await printed(settings, "list", "--shop", shop.slug, "--reason", "poison")

    assert [line.split()[0] for line in lines[:2]] == ["reason", "poison"]
    assert "provider_down" not in "\n".join(lines)


async def test_list_when_there_are_none_then_it_says_so(settings: Settings, shop: ShopAtWork) -> None:
    assert await printed(settings, "list", "--shop", shop.slug) == [f"{shop.slug}: no dead letters"]


async def test_retry_when_ids_are_named_then_each_that_stays_says_why(settings: Settings, shop: ShopAtWork) -> None:
    dead, resolved, unknown = await dead_letter(shop), await dead_letter(shop), uuid4()
    foreign = await dead_letter(await make_shop())
    await fetch("UPDATE suggestion SET outcome = 'edited' WHERE id = $1", resolved)

    args = [arg for each in (dead, resolved, unknown, foreign) for arg in ("--id", str(each))]

    assert await printed(settings, "retry", "--shop", shop.slug, *args) == [
        f"{resolved}  not put back: an agent has dealt with it",
        f"{unknown}  not put back: the shop has no such suggestion",
        f"{foreign}  not put back: the shop has no such suggestion",
        "1 put back",
    ]
    assert [(await suggestion_row(each))["status"] for each in (dead, resolved, foreign)] == ["pending", "failed", "failed"]


async def test_retry_when_a_reason_or_all_is_said_then_these_are_put_back(settings: Settings, shop: ShopAtWork) -> None:
    for reason in ("budget", "budget", "poison", "provider_down"):
        await dead_letter(shop, reason=reason)

    told = [
        await printed(settings, "retry", "--shop", shop.slug, *args)
        for args in (("--reason", "budget"), ("--all",), ("--all",), ("--reason", "poison"))
    ]

    assert told == [
        ["budget: 2 put back"],
        ["provider_down: 1 put back", "poison: 1 put back"],
        ["0 put back"],
        ["0 put back"],
    ]


@pytest.mark.parametrize(
    "args", [(), ("--all", "--reason", "poison"), ("--all", "--id", str(uuid4())), ("--reason", "poison", "--id", str(uuid4()))]
)
async def test_retry_when_nothing_or_too_much_is_named_then_one_sentence(
    settings: Settings, shop: ShopAtWork, args: tuple[str, ...]
) -> None:
    await dead_letter(shop, reason="poison")

    ended = await run(settings, "retry", "--shop", shop.slug, *args)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "draftdesk: Say --id, --reason or --all: one of them\n"


@pytest.mark.parametrize("args", [("list",), ("retry", "--all")])
async def test_command_when_there_is_no_such_shop_then_one_sentence(settings: Settings, args: tuple[str, ...]) -> None:
    ended = await run(settings, *args, "--shop", "nowhere")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("draftdesk: There is no shop nowhere;")


@pytest.mark.parametrize("args", [("list", "--reason", "bad luck"), ("retry", "--id", "1"), ("list", "--letters", "0")])
async def test_command_when_an_option_is_wrong_then_a_usage_error(settings: Settings, args: tuple[str, ...]) -> None:
    ended = await run(settings, *args, "--shop", "any")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
