"""Claims over HTTP: one agent at a time on a suggestion, and on its thread."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import httpx2
import pytest

from service.db.engine import fetch
from tests.api.agents import DRAFT, action, at_once, failed, let_claim_lapse, make_ready, of_thread, ready, version_of, writer
from tests.api.receiving import assert_problem, deliver_mail
from tests.factories import ShopAtWork
from tests.storing import put_status, store_suggestion, suggestion_row


async def test_claim_when_it_is_ready_then_the_agent_holds_it_for_a_while(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    before = await suggestion_row(suggestion_id)

    response = await action(client, auth, suggestion_id, "claim", seconds=60)

    told = response.json()
    assert (response.status_code, response.headers["etag"]) == (200, f'"{before["version"] + 1}"')
    assert (told["claimed_by"], told["status"], told["body"]) == ("anna", "ready", DRAFT)
    left_s = (datetime.fromisoformat(told["claimed_until"]) - datetime.now(UTC)).total_seconds()
    assert 0 < left_s <= 60


async def test_claim_when_twenty_agents_ask_at_once_then_exactly_one_gets_it(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    responses = await at_once(*(action(client, auth, suggestion_id, "claim", agent=f"agent {number}") for number in range(20)))

    assert Counter(response.status_code for response in responses) == {200: 1, 409: 19}
    (winner,) = [response.json()["claimed_by"] for response in responses if response.status_code == 200]
    assert (await suggestion_row(suggestion_id))["claimed_by"] == winner


async def test_claim_when_another_agent_holds_it_then_409_says_until_when_and_nothing_of_the_draft(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    until = (await action(client, auth, suggestion_id, "claim")).json()["claimed_until"]

    problem = assert_problem(await action(client, auth, suggestion_id, "claim", agent="bob"), 409)

    assert until[:19] in problem["detail"]
    assert "parcel" not in str(problem)


async def test_claim_when_the_same_agent_asks_again_then_it_lasts_longer_at_the_same_version(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    first = await action(client, auth, suggestion_id, "claim", seconds=10)

    second = await action(client, auth, suggestion_id, "claim", seconds=3600)

    assert second.json()["claimed_until"] > first.json()["claimed_until"]
    assert second.headers["etag"] == first.headers["etag"]


async def test_claim_when_the_others_has_lapsed_then_it_is_free(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim")
    await let_claim_lapse(suggestion_id)
    seen = (await client.get(f"/v1/suggestions/{suggestion_id}", headers=auth)).json()["suggestion"]

    response = await action(client, auth, suggestion_id, "claim", agent="bob")

    assert (seen["claimed_by"], seen["claimed_until"]) == (None, None)
    assert response.json()["claimed_by"] == "bob"


async def test_claim_when_another_agent_holds_the_thread_then_409(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    old, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, old, "claim")
    new = await ready(shop, in_reply_to="<root@x>")

    refused = await action(client, auth, new, "claim", agent="bob")
    own = await action(client, auth, new, "claim")

    assert_problem(refused, 409)
    assert own.status_code == 200


async def test_claim_when_two_agents_take_two_suggestions_of_a_thread_at_once_then_one_gets_his(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    old, auth = await failed(shop, message_id="<root@x>"), await writer(shop)
    new = await ready(shop, in_reply_to="<root@x>")

    responses = await at_once(action(client, auth, old, "claim"), action(client, auth, new, "claim", agent="bob"))

    assert sorted(response.status_code for response in responses) == [200, 409]


async def test_claim_when_it_has_failed_then_an_agent_may_answer_by_hand(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await failed(shop), await writer(shop)

    response = await action(client, auth, suggestion_id, "claim")

    assert (response.status_code, response.json()["status"], response.json()["claimed_by"]) == (200, "failed", "anna")


@pytest.mark.parametrize("status", ["pending", "queued", "drafting", "superseded", "skipped"])
async def test_claim_when_there_is_nothing_to_hold_then_409(client: httpx2.AsyncClient, shop: ShopAtWork, status: str) -> None:
    suggestion_id, auth = await store_suggestion(shop), await writer(shop)
    await put_status(suggestion_id, status)

    assert_problem(await action(client, auth, suggestion_id, "claim"), 409)
    assert (await suggestion_row(suggestion_id))["claimed_by"] is None


async def test_claim_when_if_match_is_old_then_412_and_nothing_is_held(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await action(client, auth, suggestion_id, "claim", if_match='"0"'), 412)
    assert (await suggestion_row(suggestion_id))["claimed_by"] is None
    assert (await action(client, auth, suggestion_id, "claim", if_match=await version_of(suggestion_id))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"agent": ""},
        {"agent": "   "},
        {"agent": "a\u0000b"},
        {"agent": "a\nb"},
        {"agent": "x" * 101},
        {"agent": 7},
        {"seconds": 9},
        {"seconds": 3601},
        {"seconds": 1.5},
        {"seconds": None},
    ],
)
async def test_claim_when_the_body_is_not_what_it_takes_then_400(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: dict[str, object]
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await action(client, auth, suggestion_id, "claim", **body), 400)


@pytest.mark.parametrize("name", ["claim", "release", "resolve", "regenerate"])
async def test_action_when_it_is_another_shops_then_404_as_if_there_were_none(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork, name: str
) -> None:
    suggestion_id, auth = await ready(shop), await writer(other_shop)
    before = await suggestion_row(suggestion_id)
    options = {"outcome": "accepted"} if name == "resolve" else {}

    theirs = assert_problem(await action(client, auth, suggestion_id, name, if_match="*", **options), 404)
    none = assert_problem(await action(client, auth, UUID(int=7), name, if_match="*", **options), 404)

    assert theirs["detail"].replace(str(suggestion_id), "") == none["detail"].replace(str(UUID(int=7)), "")
    assert await suggestion_row(suggestion_id) == before


@pytest.mark.parametrize("name", ["claim", "release", "resolve", "regenerate"])
async def test_action_when_the_key_only_reads_then_403(client: httpx2.AsyncClient, shop: ShopAtWork, name: str) -> None:
    suggestion_id = await ready(shop)

    assert_problem(await action(client, shop.auth, suggestion_id, name, if_match="*", outcome="accepted"), 403)


async def test_release_when_nothing_happened_then_it_is_ready_again(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim")

    told = (await action(client, auth, suggestion_id, "release")).json()

    assert (told["status"], told["claimed_by"], told["claimed_until"], told["body"]) == ("ready", None, None, DRAFT)
    assert (await action(client, auth, suggestion_id, "claim", agent="bob")).status_code == 200


async def test_release_when_nobody_holds_it_then_nothing_changes(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    before = await suggestion_row(suggestion_id)

    response = await action(client, auth, suggestion_id, "release")

    assert response.status_code == 200
    assert await suggestion_row(suggestion_id) == before


async def test_release_when_another_holds_it_then_409(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim")

    assert_problem(await action(client, auth, suggestion_id, "release", agent="bob"), 409)
    assert (await suggestion_row(suggestion_id))["claimed_by"] == "anna"


async def test_release_when_a_newer_message_came_then_it_is_superseded(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, suggestion_id, "claim")
    newer = await deliver_mail(client, shop, in_reply_to="<root@x>")

    told = (await action(client, auth, suggestion_id, "release")).json()

    assert (told["status"], told["reason_code"], told["claimed_by"]) == ("superseded", "superseded", None)
    assert told["finished_at"] is not None
    assert [str(row["id"]) for row in await of_thread(suggestion_id)] == [str(suggestion_id), newer["suggestion_id"]]


async def test_release_when_an_order_changed_meanwhile_then_the_message_is_drafted_anew(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim")
    await fetch("UPDATE suggestion SET reason_code = 'order_changed', version = version + 1 WHERE id = $1", suggestion_id)

    await action(client, auth, suggestion_id, "release")

    old, new = await of_thread(suggestion_id)
    assert (old["status"], old["reason_code"]) == ("superseded", "order_changed")
    assert new["status"] in {"pending", "queued"}
    assert (new["message"], new["waiting_since"]) == (old["message"], old["waiting_since"])


async def test_release_when_the_thread_has_another_live_one_then_it_is_superseded(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, suggestion_id, "claim")
    await deliver_mail(client, shop, in_reply_to="<root@x>")
    await fetch("UPDATE suggestion SET reason_code = NULL WHERE id = $1", suggestion_id)

    told = (await action(client, auth, suggestion_id, "release")).json()

    assert (told["status"], told["reason_code"]) == ("superseded", "superseded")


async def test_release_when_it_had_failed_then_it_stays_failed_with_its_reason(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await failed(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim")

    told = (await action(client, auth, suggestion_id, "release")).json()

    assert (told["status"], told["reason_code"], told["claimed_by"]) == ("failed", "provider_down", None)


@pytest.mark.parametrize("round_", range(5))
async def test_release_when_a_mail_comes_at_once_then_only_the_mails_own_suggestion_lives(
    client: httpx2.AsyncClient, shop: ShopAtWork, round_: int
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, suggestion_id, "claim")

    _, receipt = await at_once(
        action(client, auth, suggestion_id, "release"),
        deliver_mail(client, shop, in_reply_to="<root@x>", text=f"Round {round_}"),
    )

    old, new = await of_thread(suggestion_id)
    assert (old["status"], old["claimed_by"], str(new["id"])) == ("superseded", None, receipt["suggestion_id"])  # type: ignore[index]
    assert new["status"] in {"pending", "queued"}


@pytest.mark.parametrize("round_", range(5))
async def test_claim_when_a_mail_comes_at_once_then_it_is_held_and_marked_or_superseded(
    client: httpx2.AsyncClient, shop: ShopAtWork, round_: int
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)

    claimed, _ = await at_once(
        action(client, auth, suggestion_id, "claim"),
        deliver_mail(client, shop, in_reply_to="<root@x>", text=f"Round {round_}"),
    )

    old, _new = await of_thread(suggestion_id)
    expected = ("ready", "anna") if claimed.status_code == 200 else ("superseded", None)
    assert (old["status"], old["claimed_by"], old["reason_code"]) == (*expected, "superseded")


async def test_list_when_a_thread_is_asked_for_then_only_its_suggestions(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    newer = await deliver_mail(client, shop, in_reply_to="<root@x>")
    await make_ready(await store_suggestion(shop))
    thread_id = (await suggestion_row(suggestion_id))["thread"]

    all_of_it = (await client.get("/v1/suggestions", params={"thread": str(thread_id)}, headers=auth)).json()["items"]
    gone = (await client.get("/v1/suggestions", params={"thread": str(thread_id), "status": "superseded"}, headers=auth)).json()

    assert [each["id"] for each in all_of_it] == [newer["suggestion_id"], str(suggestion_id)]
    assert [each["id"] for each in gone["items"]] == [str(suggestion_id)]
