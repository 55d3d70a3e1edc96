"""Idempotency-Key: a call that is sent again is answered again and done once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from service.db.engine import fetch
from service.db.ids import uuid7_floor
from service.deliveries.purge import purge_answers
from tests.api.agents import action, at_once, of_thread, outbound, post, ready, resolve, version_of, writer
from tests.api.receiving import assert_problem
from tests.factories import ShopAtWork
from tests.storing import suggestion_row


async def kept(shop: ShopAtWork) -> list[str]:
    return [row["key"] for row in await fetch("SELECT key FROM idempotent_call WHERE shop = $1 ORDER BY id", shop.id)]


async def test_resolve_when_twenty_calls_with_one_key_come_at_once_then_one_message_and_twenty_same_answers(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    seen = await version_of(suggestion_id)

    responses = await at_once(*(resolve(client, auth, suggestion_id, if_match=seen, key="k1") for _ in range(20)))

    assert Counter((response.status_code, response.headers.get("etag"), response.content) for response in responses) == {
        (200, await version_of(suggestion_id), responses[0].content): 20
    }
    assert len(await outbound(suggestion_id)) == 1


async def test_reply_when_twenty_calls_with_one_key_come_at_once_then_one_message(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    path = f"/v1/threads/{(await suggestion_row(suggestion_id))['thread']}/messages"

    responses = await at_once(*(post(client, auth, path, key="k1", text="Hello Ada") for _ in range(20)))

    [sent] = await outbound(suggestion_id)
    assert {(response.status_code, response.json()["id"]) for response in responses} == {(201, str(sent["id"]))}


async def test_regenerate_when_it_is_sent_again_then_the_same_new_suggestion(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    seen = await version_of(suggestion_id)

    first = await action(client, auth, suggestion_id, "regenerate", if_match=seen, key="k1")
    again = await action(client, auth, suggestion_id, "regenerate", if_match=seen, key="k1")

    assert (again.status_code, again.content, again.headers["etag"]) == (202, first.content, first.headers["etag"])
    assert len(await of_thread(suggestion_id)) == 2


async def test_key_when_it_comes_with_another_body_path_or_version_then_422(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, other, auth = await ready(shop), await ready(shop), await writer(shop)
    seen = await version_of(suggestion_id)
    await resolve(client, auth, suggestion_id, if_match=seen, key="k1")

    assert_problem(await resolve(client, auth, suggestion_id, "rejected", reason="no", if_match=seen, key="k1"), 422)
    assert_problem(await resolve(client, auth, suggestion_id, if_match='"99"', key="k1"), 422)
    assert_problem(await resolve(client, auth, other, if_match=seen, key="k1"), 422)
    assert (await suggestion_row(other))["outcome"] is None


async def test_key_when_the_call_was_refused_then_it_is_free_again(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    refused = await resolve(client, auth, suggestion_id, if_match='"0"', key="k1")
    accepted = await resolve(client, auth, suggestion_id, key="k1")

    assert (refused.status_code, accepted.status_code) == (412, 200)
    assert await kept(shop) == ["k1"]


async def test_key_when_another_shop_uses_the_same_then_it_is_his_own(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    mine, theirs = await ready(shop), await ready(other_shop)

    first = await resolve(client, await writer(shop), mine, key="k1")
    second = await resolve(client, await writer(other_shop), theirs, key="k1")

    assert (first.status_code, second.status_code, second.json()["id"]) == (200, 200, str(theirs))


@pytest.mark.parametrize("key", ["x" * 201, "a\tb", " \x7f "])
async def test_key_when_it_is_malformed_then_400(client: httpx2.AsyncClient, shop: ShopAtWork, key: str) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await resolve(client, auth, suggestion_id, key=key), 400)
    assert await outbound(suggestion_id) == []


async def test_purge_when_a_day_has_passed_then_the_answer_is_forgotten(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, other, auth = await ready(shop), await ready(shop), await writer(shop)
    await resolve(client, auth, suggestion_id, key="old")
    a_day_ago = uuid7_floor(datetime.now(UTC) - timedelta(days=1.01))
    await fetch("UPDATE idempotent_call SET id = $2 WHERE shop = $1", shop.id, a_day_ago)
    await resolve(client, auth, other, key="young")

    await purge_answers(now=datetime.now(UTC))

    assert await kept(shop) == ["young"]
