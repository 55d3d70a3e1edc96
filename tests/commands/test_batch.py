"""`draftdesk batch`, as a person runs it."""

from __future__ import annotations

import asyncio
import subprocess
from uuid import UUID, uuid4

import pytest

from service.db.engine import fetch, fetch_row
from service.settings import Settings
from tests.api.agents import failed, ready
from tests.batches.asking import ask, mail, message_of, told
from tests.factories import ShopAtWork, make_shop
from tests.programs import draftdesk
from tests.storing import suggestion_row


async def run(settings: Settings, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the command beside this process's event loop."""
    return await asyncio.to_thread(draftdesk, "batch", *args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)


async def printed(settings: Settings, *args: str) -> list[str]:
    ended = await run(settings, *args)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


async def test_create_when_failed_ones_are_asked_for_then_the_batch_has_their_messages(
    settings: Settings, shop: ShopAtWork
) -> None:
    await ready(shop)
    bad = await failed(shop)

    ended = await run(settings, "create", "--shop", shop.slug, "--reason", "provider_down", "--instruction", "Be brief")

    batch = await told(shop, UUID(ended.stdout.strip()))
    row = await fetch_row("SELECT messages FROM batch WHERE id = $1", batch.id)
    assert (row["messages"], batch.instruction, batch.created_by) == ([await message_of(bad)], "Be brief", "draftdesk batch")
    assert ended.stderr.startswith("1 message of ")
    assert not batch.is_provider_batch


async def test_create_when_days_are_given_then_only_their_messages(settings: Settings, shop: ShopAtWork) -> None:
    await ready(shop)

    ended = await run(settings, "create", "--shop", shop.slug, "--since", "2026-01-01", "--until", "2026-01-31")

    assert (await told(shop, UUID(ended.stdout.strip()))).total == 0
    assert ended.stderr == "0 messages of 2026-01-01 to 2026-01-31\n"


async def test_create_when_the_provider_is_to_do_it_then_the_batch_says_so(settings: Settings, shop: ShopAtWork) -> None:
    await ready(shop)

    ended = await run(settings, "create", "--shop", shop.slug, "--status", "ready", "--provider-batch")

    batch = await told(shop, UUID(ended.stdout.strip()))
    assert (batch.is_provider_batch, batch.total) == (True, 1)
    await fetch("UPDATE batch SET next_step_at = NULL WHERE id = $1", batch.id)


async def test_list_when_there_are_batches_then_a_table_newest_first(settings: Settings, shop: ShopAtWork) -> None:
    first, second = await ask(shop, [uuid4(), uuid4()]), await ask(shop, [uuid4()])
    await fetch(
        """UPDATE batch SET created_at = now() - interval '200 s', position = 1, skipped = '{"not_found": 1}' WHERE shop = $1""",
        shop.id,
    )

    head = "id                                      age  state    messages  expanded  drafted  failed  waiting  superseded"
    assert await printed(settings, "list", "--shop", shop.slug) == [
        f"{head}  passed over",
        f"{second}  3 min  running         1         1        0       0        0           0            1",
        f"{first}  3 min  running         2         1        0       0        0           0            1",
    ]


async def test_list_when_there_are_none_then_it_says_so(settings: Settings, shop: ShopAtWork) -> None:
    assert await printed(settings, "list", "--shop", shop.slug) == [f"{shop.slug}: no batches"]


async def test_show_when_messages_were_passed_over_then_it_says_why(settings: Settings, shop: ShopAtWork) -> None:
    batch_id = await ask(shop, [uuid4() for _ in range(3)])
    await fetch(
        """UPDATE batch SET created_at = now() - interval '200 s', position = 3, skipped = '{"answered": 1, "not_found": 2}',
           error = 'http_404' WHERE id = $1""",
        batch_id,
    )

    assert await printed(settings, "show", str(batch_id), "--shop", shop.slug) == [
        f"{batch_id}  running",
        "by anna, 3 min ago",
        "error: http_404",
        "messages     3",
        "expanded     3",
        "drafted      0",
        "failed       0",
        "waiting      0",
        "superseded   0",
        "passed over  3",
        "  2: the shop has no such message",
        "  1: it was answered",
    ]


async def test_cancel_when_it_runs_then_it_is_cancelled(settings: Settings, shop: ShopAtWork) -> None:
    batch_id = await ask(shop, [await mail(shop)])

    lines = await printed(settings, "cancel", str(batch_id), "--shop", shop.slug)

    assert lines[0] == f"{batch_id}  cancelled"
    assert (await told(shop, batch_id)).state == "cancelled"


@pytest.mark.parametrize("verb", ["show", "cancel"])
async def test_batch_when_it_is_another_shops_then_one_sentence(settings: Settings, shop: ShopAtWork, verb: str) -> None:
    batch_id = await ask(await make_shop(), [uuid4()])

    ended = await run(settings, verb, str(batch_id), "--shop", shop.slug)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"draftdesk: There is no batch {batch_id}\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--reason", "budget", "--status", "ready"], "draftdesk: --reason goes with --status failed only\n"),
        (["--instruction", "x" * 1001], "draftdesk: --instruction takes at most 1,000 characters\n"),
        (
            ["--since", "2026-01-01", "--until", "2026-12-31"],
            "draftdesk: A period has 1 to 92 days, `since` and `until` included\n",
        ),
    ],
)
async def test_create_when_the_options_contradict_then_one_sentence_and_no_batch(
    settings: Settings, shop: ShopAtWork, options: list[str], sentence: str
) -> None:
    suggestion_id = await ready(shop)

    ended = await run(settings, "create", "--shop", shop.slug, *options)

    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", sentence)
    assert await fetch("SELECT FROM batch WHERE shop = $1", shop.id) == []
    assert (await suggestion_row(suggestion_id))["status"] == "ready"
