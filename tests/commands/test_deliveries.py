"""Deliveries by hand: listed, read again, purged."""

from __future__ import annotations

import asyncio

import httpx2
import msgspec

from service.db.engine import fetch
from service.settings import Settings
from tests.api.receiving import deliver, deliver_mail, deliveries, messages
from tests.factories import ShopAtWork, mail_fields, make_shop
from tests.programs import draftdesk


async def printed(settings: Settings, *args: str) -> str:
    """Run a command beside this process's event loop; return what it printed."""
    ended = await asyncio.to_thread(draftdesk, *args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


async def test_list_when_only_failed_are_asked_then_they_are_printed_with_their_reason(
    settings: Settings, client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop)
    await deliver(client, shop.standard_path, shop.signed_bytes(b"{"))
    failed_id = (await deliveries(shop))[-1]["id"]

    lines = (await printed(settings, "deliveries", "list", "--shop", shop.slug, "--failed")).splitlines()

    assert len(lines) == 1
    assert lines[0].startswith(str(failed_id))
    assert "bad_json" in lines[0]


async def test_replay_when_all_failed_are_asked_then_the_readable_ones_are_stored(
    settings: Settings, client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    for _ in range(2):
        await deliver(client, shop.standard_path, shop.signed_bytes(b"{"))
    mended_id = (await deliveries(shop))[0]["id"]
    await fetch("UPDATE delivery SET body = $2 WHERE id = $1", mended_id, msgspec.json.encode(mail_fields()))

    lines = (await printed(settings, "deliveries", "replay", "--shop", shop.slug, "--all-failed")).splitlines()

    assert sorted(line.split()[1] for line in lines) == ["failed", "stored"]
    assert [row["outcome"] for row in await deliveries(shop)] == ["stored", "failed"]
    assert len(await messages(shop)) == 1


async def test_replay_when_nothing_is_named_then_one_sentence(settings: Settings, shop: ShopAtWork) -> None:
    ended = await asyncio.to_thread(
        draftdesk, "deliveries", "replay", "--shop", shop.slug, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "draftdesk: Name deliveries, or say --all-failed\n"


async def test_purge_when_run_then_it_says_how_many(settings: Settings, shop: ShopAtWork) -> None:
    assert shop.id
    assert (await printed(settings, "purge")).endswith(" deliveries deleted\n")


async def test_raw_when_asked_then_the_body_as_it_came(settings: Settings, client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    call = shop.signed(text="Where is my parcel?")
    await deliver(client, shop.standard_path, call)
    [row] = await deliveries(shop)

    assert await printed(settings, "deliveries", "raw", str(row["id"]), "--shop", shop.slug) == call.body.decode()


async def test_raw_when_it_is_another_shops_then_one_sentence(
    settings: Settings, client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    other = await make_shop()
    await deliver_mail(client, other)
    [row] = await deliveries(other)

    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    ended = await asyncio.to_thread(draftdesk, "deliveries", "raw", str(row["id"]), "--shop", shop.slug, **urls)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"draftdesk: There is no delivery {row['id']}, or its message was deleted\n"
