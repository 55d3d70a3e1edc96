"""Raw deliveries are kept for a while; what was read from them stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2

from service.db.engine import fetch
from service.db.ids import uuid7_floor
from service.deliveries.purge import purge
from tests.api.receiving import deliver, deliver_mail, deliveries, messages
from tests.factories import ShopAtWork


async def make_older(shop: ShopAtWork, *, days: float) -> UUID:
    """Let the newest delivery have come so many days ago."""
    row = (await deliveries(shop))[-1]
    at = datetime.now(UTC) - timedelta(days=days)
    older_id = UUID(int=uuid7_floor(at).int + row["id"].int % 2**62)
    await fetch("UPDATE delivery SET id = $2, received_at = $3 WHERE id = $1", row["id"], older_id, at)
    return older_id


async def test_purge_when_a_week_has_passed_then_the_delivery_goes_and_the_message_stays(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await deliver_mail(client, shop)
    await make_older(shop, days=7.01)

    await purge(now=datetime.now(UTC))

    assert await deliveries(shop) == []
    assert len(await messages(shop)) == 1


async def test_purge_when_it_is_younger_then_it_stays(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)
    kept = await make_older(shop, days=6.99)

    await purge(now=datetime.now(UTC))

    assert [row["id"] for row in await deliveries(shop)] == [kept]


async def test_purge_when_it_failed_then_it_stays_for_thirty_days(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver(client, shop.standard_path, shop.signed_bytes(b"{"))
    gone = await make_older(shop, days=30.01)
    await deliver(client, shop.standard_path, shop.signed_bytes(b"{"))
    kept = await make_older(shop, days=29.99)

    await purge(now=datetime.now(UTC))

    assert gone != kept
    assert [row["id"] for row in await deliveries(shop)] == [kept]


async def test_purge_when_there_are_more_than_a_batch_then_all_go(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)
    await make_older(shop, days=8)
    await fetch(
        """INSERT INTO delivery (id, shop, source, dedupe_key, fingerprint, received_at, headers, body, outcome)
           SELECT lpad(to_hex(number), 32, '0')::uuid, $1, $2, 'purge ' || number, '', now() - interval '9 days', '{}', '',
                  'stored'
           FROM generate_series(1, 1203) AS number""",
        shop.id,
        shop.standard.id,
    )

    assert await purge(now=datetime.now(UTC)) >= 1204
    assert await deliveries(shop) == []
