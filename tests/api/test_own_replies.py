"""An agent's own reply: an outbound message, and the end of what was suggested."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from service.observability.metrics import OUTCOMES
from tests.api.agents import action, failed, of_thread, outbound, post, ready, resolve, writer
from tests.api.receiving import assert_problem, threads
from tests.factories import ShopAtWork
from tests.storing import store_mail, store_suggestion, suggestion_row

TEXT = "Hello Ada, I have looked: it comes on Monday. Anna"


async def reply(client: httpx2.AsyncClient, auth: dict[str, str], suggestion_id: Any, **options: Any) -> httpx2.Response:
    thread_id = (await suggestion_row(suggestion_id))["thread"]
    return await post(client, auth, f"/v1/threads/{thread_id}/messages", **{"text": TEXT, **options})


async def test_reply_when_it_is_sent_then_it_is_a_message_of_the_thread_that_leads_back(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    await store_suggestion(shop, message_id="<root@x>")
    suggestion_id, auth = await store_suggestion(shop, message_id="<q2@x>", in_reply_to="<root@x>"), await writer(shop)

    response = await reply(client, auth, suggestion_id)

    told, [sent] = response.json(), await outbound(suggestion_id)
    assert (response.status_code, told["id"], told["direction"], told["text"]) == (201, str(sent["id"]), "out", TEXT)
    assert (told["sender"], told["recipient"], told["in_reply_to"]) == ("support@shop.example", "ada@customer.example", "q2@x")
    assert (told["subject"], told["trust"], told["attachments"]) == ("Re: Where is my parcel?", None, [])
    assert (await threads(shop))[0]["version"] == 3
    answer = await store_mail(shop, in_reply_to=f"<{told['rfc_message_id']}>")
    assert str((await suggestion_row(answer.suggestion_id))["thread"]) == told["thread_id"]  # type: ignore[arg-type]


async def test_reply_when_a_draft_was_ready_then_it_was_ignored(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    counted = OUTCOMES.labels("ignored")._value.get()

    await reply(client, auth, suggestion_id)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["reason_code"], row["outcome"], row["resolved_by"]) == ("superseded", "answered", "ignored", "anna")
    assert OUTCOMES.labels("ignored")._value.get() == counted + 1
    assert len(await of_thread(suggestion_id)) == 1


async def test_reply_when_the_draft_was_on_its_way_then_it_is_superseded_without_outcome(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await store_suggestion(shop), await writer(shop)

    await reply(client, auth, suggestion_id)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["reason_code"], row["outcome"], row["next_send_at"]) == ("superseded", "answered", None, None)


async def test_reply_when_the_agent_holds_the_draft_then_it_ends(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim")

    await reply(client, auth, suggestion_id)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["outcome"], row["claimed_by"]) == ("superseded", "ignored", None)


async def test_reply_when_another_agent_holds_the_draft_then_his_next_step_tells_him(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    seen = (await action(client, auth, suggestion_id, "claim", agent="bob")).headers["etag"]

    await reply(client, auth, suggestion_id)

    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["reason_code"], row["outcome"], row["claimed_by"]) == ("ready", "answered", None, "bob")
    problem = assert_problem(await resolve(client, auth, suggestion_id, if_match=seen, agent="bob"), 412)
    assert "the thread was answered" in problem["detail"]
    released = (await action(client, auth, suggestion_id, "release", agent="bob")).json()
    assert (released["status"], released["reason_code"]) == ("superseded", "answered")
    assert len(await of_thread(suggestion_id)) == 1


async def test_reply_when_another_agent_writes_for_a_failed_one_then_only_its_version_moves(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await failed(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim", agent="bob")
    before = await suggestion_row(suggestion_id)

    await reply(client, auth, suggestion_id)

    after = await suggestion_row(suggestion_id)
    assert dict(after) == {**dict(before), "version": before["version"] + 1}


async def test_reply_when_one_was_resolved_then_it_is_left_alone(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await resolve(client, auth, suggestion_id)
    before = await suggestion_row(suggestion_id)

    assert (await reply(client, auth, suggestion_id)).status_code == 201
    assert await suggestion_row(suggestion_id) == before
    assert len(await outbound(suggestion_id)) == 2


@pytest.mark.parametrize("body", [{"text": ""}, {"text": "  "}, {"text": "a\u0000"}, {"text": "x" * 50_001}, {"agent": ""}])
async def test_reply_when_the_body_is_not_what_it_takes_then_400(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: dict[str, str]
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await reply(client, auth, suggestion_id, **body), 400)
    assert await outbound(suggestion_id) == []


async def test_reply_when_the_thread_is_another_shops_then_404(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(other_shop)

    assert_problem(await reply(client, auth, suggestion_id), 404)
    assert await outbound(suggestion_id) == []


async def test_reply_when_the_key_only_reads_then_403(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    assert_problem(await reply(client, shop.auth, await ready(shop)), 403)
