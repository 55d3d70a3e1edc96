"""Agents, mails and the relay in one thread at the same moment: one suggestion lives, nothing is lost, nobody waits in a ring."""

from __future__ import annotations

from collections import Counter

import httpx2
import pytest

from service.suggestions.agents.claims import release_lapsed
from tests.api.agents import action, at_once, let_claim_lapse, of_thread, outbound, post, ready, resolve, version_of, writer
from tests.api.receiving import deliver_mail, messages, threads
from tests.factories import ShopAtWork


@pytest.mark.parametrize("round_", range(10))
async def test_thread_when_all_happens_at_once_then_at_most_one_suggestion_lives_and_no_call_fails(
    client: httpx2.AsyncClient, shop: ShopAtWork, round_: int
) -> None:
    held, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, held, "claim")
    free = await ready(shop, in_reply_to="<root@x>")
    if round_ % 2:
        await let_claim_lapse(held)
    seen, seen_free = await version_of(held), await version_of(free)
    thread_id = (await threads(shop))[0]["id"]

    responses = await at_once(
        resolve(client, auth, held, if_match=seen),
        deliver_mail(client, shop, in_reply_to="<root@x>", text="one"),
        action(client, auth, free, "regenerate", if_match=seen_free, agent="bob"),
        release_lapsed(10),
        deliver_mail(client, shop, in_reply_to="<root@x>", text="two"),
        post(client, auth, f"/v1/threads/{thread_id}/messages", text="I have looked.", agent="carl"),
        action(client, auth, free, "claim", agent="dora"),
        action(client, auth, held, "release"),
        deliver_mail(client, shop, in_reply_to="<root@x>", text="three"),
    )

    statuses = Counter(each.status_code for each in responses if isinstance(each, httpx2.Response))
    assert set(statuses) <= {200, 201, 202, 409, 412}
    rows = await of_thread(held)
    live = [
        row
        for row in rows
        if row["status"] in {"pending", "queued", "drafting"}
        or (row["status"] == "ready" and row["outcome"] is None and row["claimed_by"] is None)
    ]
    assert len(live) <= 1
    assert len(await messages(shop)) == 5 + len(await outbound(held))
    assert (await threads(shop))[0]["version"] == len(await messages(shop))
