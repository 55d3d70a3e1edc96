"""What became of a draft, over HTTP: the outcome, the message that was sent, and what is drafted anew for it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx2
import pytest

from service.db.engine import fetch
from service.inbox.queries import reply_id_for
from service.observability.metrics import OUTCOMES
from tests.api.agents import (
    DRAFT,
    action,
    at_once,
    failed,
    let_claim_lapse,
    make_ready,
    of_thread,
    outbound,
    ready,
    resolve,
    version_of,
    writer,
)
from tests.api.receiving import assert_problem, deliver_mail, threads
from tests.factories import ShopAtWork
from tests.storing import store_mail, store_suggestion, suggestion_row

EDITED = "Hello Ada, your parcel comes tomorrow. The test shop"


def count(outcome: str) -> float:
    return OUTCOMES.labels(outcome)._value.get()  # type: ignore[no-any-return]


async def test_accept_when_the_version_is_right_then_the_draft_is_sent_in_the_thread(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<q1@x>", references=["<q0@x>"]), await writer(shop)
    before, counted = await suggestion_row(suggestion_id), count("accepted")

    response = await resolve(client, auth, suggestion_id)

    told = response.json()
    assert (response.status_code, response.headers["etag"]) == (200, f'"{before["version"] + 1}"')
    assert (told["outcome"], told["final_body"], told["similarity"], told["resolved_by"]) == ("accepted", DRAFT, 1.0, "anna")
    assert (told["status"], told["claimed_by"], told["outcome_reason"]) == ("ready", None, None)
    assert told["resolved_at"] is not None
    [sent] = await outbound(suggestion_id)
    assert (str(sent["id"]), sent["text"], sent["subject"]) == (told["reply_id"], DRAFT, "Re: Where is my parcel?")
    assert (sent["sender"], sent["recipient"]) == ("support@shop.example", "ada@customer.example")
    assert (sent["in_reply_to"], sent["reference_ids"][-1], sent["machine_class"]) == ("q1@x", "q1@x", None)
    assert (await threads(shop))[0]["version"] == 2
    assert count("accepted") == counted + 1


async def test_accept_when_it_was_sent_then_its_message_id_is_the_one_that_was_announced(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    announced = (await client.get(f"/v1/suggestions/{suggestion_id}", headers=auth)).json()["reply_message_id"]

    await resolve(client, auth, suggestion_id)

    [sent] = await outbound(suggestion_id)
    assert sent["rfc_message_id"] == announced
    answer = await store_mail(shop, in_reply_to=f"<{announced}>")
    assert (await suggestion_row(answer.suggestion_id))["thread"] == sent["thread"]  # type: ignore[arg-type]


async def test_edit_when_the_text_was_changed_then_the_final_one_is_sent_and_its_likeness_told(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    told = (await resolve(client, auth, suggestion_id, "edited", final_body=EDITED)).json()

    assert (told["outcome"], told["final_body"], told["body"]) == ("edited", EDITED, DRAFT)
    assert 0.5 < told["similarity"] < 1
    assert [row["text"] for row in await outbound(suggestion_id)] == [EDITED]


async def test_reject_when_a_reason_is_given_then_nothing_is_sent(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    told = (await resolve(client, auth, suggestion_id, "rejected", reason="wrong parcel")).json()

    assert (told["outcome"], told["outcome_reason"], told["final_body"]) == ("rejected", "wrong parcel", None)
    assert (told["similarity"], told["reply_id"]) == (None, None)
    assert await outbound(suggestion_id) == []
    assert (await threads(shop))[0]["version"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"outcome": "edited"},
        {"outcome": "edited", "final_body": ""},
        {"outcome": "edited", "final_body": " \n"},
        {"outcome": "edited", "final_body": "a\u0000b"},
        {"outcome": "edited", "final_body": "x" * 50_001},
        {"outcome": "accepted", "final_body": "other"},
        {"outcome": "rejected"},
        {"outcome": "rejected", "reason": "x" * 501},
        {"outcome": "rejected", "reason": "bad", "final_body": "x"},
        {"outcome": "accepted", "reason": "good"},
        {"outcome": "ignored"},
        {},
    ],
)
async def test_resolve_when_the_body_is_not_what_it_takes_then_400_and_nothing_happens(
    client: httpx2.AsyncClient, shop: ShopAtWork, body: dict[str, Any]
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await action(client, auth, suggestion_id, "resolve", if_match=await version_of(suggestion_id), **body), 400)

    assert (await suggestion_row(suggestion_id))["outcome"] is None


async def test_resolve_when_if_match_is_missing_then_428(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await action(client, auth, suggestion_id, "resolve", outcome="accepted"), 428)
    assert await outbound(suggestion_id) == []


async def test_resolve_when_a_newer_message_came_under_the_claim_then_412_says_so_and_then_the_agent_may_send(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    seen = (await action(client, auth, suggestion_id, "claim")).headers["etag"]
    await deliver_mail(client, shop, in_reply_to="<root@x>")

    problem = assert_problem(await resolve(client, auth, suggestion_id, if_match=seen), 412)
    response = await resolve(client, auth, suggestion_id)

    assert "a newer message came" in problem["detail"]
    assert f"version {(await suggestion_row(suggestion_id))['version'] - 1} now" in problem["detail"]
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            "reason_code = 'order_changed', claimed_by = 'anna', claimed_until = now() + interval '1 min'",
            "an order of the customer",
        ),
        ("reason_code = 'answered', status = 'superseded'", "the thread was answered"),
        ("claimed_by = 'bob', claimed_until = now() + interval '1 min'", "it is claimed until"),
        ("outcome = 'rejected'", "it was resolved as rejected"),
    ],
)
async def test_resolve_when_something_else_happened_then_412_says_what(
    client: httpx2.AsyncClient, shop: ShopAtWork, change: str, why: str
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    seen = await version_of(suggestion_id)
    await fetch(f"UPDATE suggestion SET {change}, version = version + 1 WHERE id = $1", suggestion_id)

    problem = assert_problem(await resolve(client, auth, suggestion_id, if_match=seen), 412)

    assert why in problem["detail"]


async def test_resolve_when_another_agent_holds_it_then_409(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim", agent="bob")

    assert_problem(await resolve(client, auth, suggestion_id), 409)
    assert await outbound(suggestion_id) == []


async def test_resolve_when_anothers_claim_has_lapsed_then_it_is_taken(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim", agent="bob")
    await let_claim_lapse(suggestion_id)

    assert (await resolve(client, auth, suggestion_id)).json()["resolved_by"] == "anna"


async def test_resolve_when_it_is_resolved_already_then_409(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await resolve(client, auth, suggestion_id, "rejected", reason="no")

    assert_problem(await resolve(client, auth, suggestion_id), 409)
    assert (await suggestion_row(suggestion_id))["outcome"] == "rejected"


async def test_resolve_when_twenty_agents_accept_at_once_then_one_message_is_sent(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    seen = await version_of(suggestion_id)

    responses = await at_once(
        *(resolve(client, auth, suggestion_id, if_match=seen, agent=f"agent {number}") for number in range(20))
    )

    assert Counter(response.status_code for response in responses) == {200: 1, 412: 19}
    assert len(await outbound(suggestion_id)) == 1


async def test_accept_when_it_has_failed_then_409_for_a_holding_text_is_no_answer(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await failed(shop), await writer(shop)

    assert_problem(await resolve(client, auth, suggestion_id), 409)
    assert await outbound(suggestion_id) == []


async def test_edit_when_it_has_failed_then_the_agents_text_is_sent_and_no_rate_counts_it(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await failed(shop), await writer(shop)
    counted = count("edited")

    told = (await resolve(client, auth, suggestion_id, "edited", final_body=EDITED)).json()

    assert (told["status"], told["kind"], told["outcome"], told["similarity"]) == ("failed", "fallback", "edited", None)
    assert [row["text"] for row in await outbound(suggestion_id)] == [EDITED]
    assert count("edited") == counted


async def test_accept_when_a_newer_message_waits_then_it_is_drafted_anew_with_the_answer_in_its_thread(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    old, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, old, "claim")
    overtaking = await ready(shop, in_reply_to="<root@x>")

    told = (await resolve(client, auth, old)).json()

    first, second, third = await of_thread(old)
    assert (first["outcome"], second["id"], told["claimed_by"]) == ("accepted", overtaking, None)
    assert (second["status"], second["reason_code"], second["outcome"]) == ("superseded", "answered", None)
    assert third["status"] in {"pending", "queued"}
    assert (third["message"], third["version"], third["attempt"]) == (second["message"], 1, 0)


async def test_accept_when_the_same_agent_holds_the_newer_one_too_then_it_stays_with_him(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    old, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, old, "claim")
    newer = await ready(shop, in_reply_to="<root@x>")
    await action(client, auth, newer, "claim")

    await resolve(client, auth, old)

    row = await suggestion_row(newer)
    assert (row["status"], row["reason_code"], row["claimed_by"], row["body"]) == ("ready", "answered", "anna", DRAFT)
    assert len(await of_thread(old)) == 2
    await action(client, auth, newer, "release")
    *_, anew = await of_thread(old)
    assert (anew["message"], anew["status"] in {"pending", "queued"}) == (row["message"], True)


async def test_reject_when_a_newer_message_waits_then_its_draft_stays(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    old, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await action(client, auth, old, "claim")
    newer = await ready(shop, in_reply_to="<root@x>")

    await resolve(client, auth, old, "rejected", reason="out of date")

    assert (await suggestion_row(newer))["status"] == "ready"
    assert len(await of_thread(old)) == 2


async def test_mail_when_it_comes_after_the_answer_then_the_resolved_one_is_left_alone(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    await resolve(client, auth, suggestion_id)
    before = await suggestion_row(suggestion_id)

    await deliver_mail(client, shop, in_reply_to="<root@x>")

    assert await suggestion_row(suggestion_id) == before


@pytest.mark.parametrize("round_", range(8))
async def test_accept_when_a_mail_comes_at_once_then_it_is_answered_or_refused_and_the_mail_is_drafted(
    client: httpx2.AsyncClient, shop: ShopAtWork, round_: int
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    seen = await version_of(suggestion_id)

    response, receipt = await at_once(
        resolve(client, auth, suggestion_id, if_match=seen),
        deliver_mail(client, shop, in_reply_to="<root@x>", text=f"Round {round_}"),
    )

    old, *rest = await of_thread(suggestion_id)
    was_sent = response.status_code == 200
    assert response.status_code in {200, 412}
    assert (old["outcome"], len(await outbound(suggestion_id))) == (("accepted", 1) if was_sent else (None, 0))
    assert [row["status"] in {"pending", "queued"} for row in rest] == [True]
    assert str(rest[0]["message"]) == receipt["message_id"]  # type: ignore[index]


async def test_detail_when_something_was_disclosed_then_it_is_told_and_the_snapshot_is_there(
    client: httpx2.AsyncClient, shop: ShopAtWork, other_shop: ShopAtWork
) -> None:
    suggestion_id = await ready(shop)
    none = await store_suggestion(shop)
    await fetch(
        """UPDATE suggestion SET disclosed = '{"tier": "known", "orders": [{"number": "#1", "fields": ["status"]}]}',
           snapshot = '{"text": "Where is it?"}', blocked_body = 'never',
           findings = '[{"check": "link", "severity": "blocking", "start": 0, "end": 4, "sentence": "No such link."}]'
           WHERE id = $1""",
        suggestion_id,
    )

    detail = (await client.get(f"/v1/suggestions/{suggestion_id}", headers=shop.auth)).json()
    snapshot = await client.get(f"/v1/suggestions/{suggestion_id}/snapshot", headers=shop.auth)

    assert (detail["disclosed"]["tier"], detail["disclosed"]["orders"][0]["fields"]) == ("known", ["status"])
    assert (detail["suggestion"]["blocked_body"], detail["suggestion"]["findings"][0]["check"]) == ("never", "link")
    assert (snapshot.json(), snapshot.headers["content-type"]) == ({"text": "Where is it?"}, "application/json")
    assert_problem(await client.get(f"/v1/suggestions/{none}/snapshot", headers=shop.auth), 404)
    assert_problem(await client.get(f"/v1/suggestions/{suggestion_id}/snapshot", headers=other_shop.auth), 404)


async def test_reply_when_the_subject_has_the_mark_already_then_it_is_not_doubled(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    suggestion_id, auth = await store_suggestion(shop, subject="RE: Parcel"), await writer(shop)
    await make_ready(suggestion_id)

    await resolve(client, auth, suggestion_id)

    [sent] = await outbound(suggestion_id)
    assert sent["subject"] == "RE: Parcel"
    assert sent["rfc_message_id"] == await reply_id_for(shop.id, sent["thread"], suggestion_id, mailbox="support@shop.example")
