"""`draftdesk eval --compare`: stored snapshots, drafted anew with two prompts."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import msgspec

from service.db.engine import fetch
from service.drafting.prompt import CURRENT_VERSION
from service.evals.documents import ComparisonDocument
from service.settings import Settings
from service.suggestions.service import Desk, draft
from tests.factories import ShopAtWork
from tests.programs import draftdesk
from tests.storing import store_suggestion


async def run(settings: Settings, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command beside this process's event loop."""
    return await asyncio.to_thread(draftdesk, "eval", *args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)


async def test_compare_when_suggestions_are_stored_then_each_is_drafted_with_both_prompts(
    settings: Settings, shop: ShopAtWork, desk: Desk
) -> None:
    sent, unsent = [await store_suggestion(shop, from_=f"{name}@customer.example") for name in ("ada", "bea")]
    await store_suggestion(shop, from_="never-drafted@customer.example")
    for suggestion_id in (sent, unsent):
        await draft(suggestion_id, desk)
    await fetch("UPDATE suggestion SET final_body = body WHERE id = $1", sent)

    ended = await run(settings, "--compare", "reply-2", "--shop", shop.slug, "--json")

    document = msgspec.json.decode(ended.stdout, type=ComparisonDocument)
    assert (document.model, document.current, document.other) == ("stand-in", CURRENT_VERSION, "reply-2")
    assert [pair.suggestion_id for pair in document.pairs] == [unsent, sent]
    assert [(pair.current.status, pair.other.similarity) for pair in document.pairs] == [("ready", None), ("ready", 1.0)]
    assert all((pair.current.input_tokens or 0) > (pair.other.input_tokens or 0) > 0 for pair in document.pairs)


async def test_compare_when_asked_for_a_table_then_totals_of_both_prompts(settings: Settings, shop: ShopAtWork, desk: Desk) -> None:
    await draft(await store_suggestion(shop), desk)

    ended = await run(settings, "--compare", "reply-2", "--shop", shop.slug, "--limit", "1")

    assert (ended.returncode, ended.stderr) == (0, "")
    current, other = ended.stdout.splitlines()[-2:]
    assert current.startswith(f"{CURRENT_VERSION}: 1 ready, 0 blocked, 0 without a draft, 0 findings; similarity -; tokens ")
    assert other.startswith("reply-2: 1 ready, ")


async def test_compare_when_there_is_nothing_to_replay_then_one_sentence(settings: Settings, shop: ShopAtWork) -> None:
    ended = await run(settings, "--compare", "reply-2", "--shop", shop.slug)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"draftdesk: The shop {shop.slug} has no drafted suggestion to replay\n"
