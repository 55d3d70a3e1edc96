"""A draft made anew at an agent's wish: the old one ends, a new one is drafted for the newest message."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from service.db.engine import fetch
from tests.api.agents import action, at_once, failed, of_thread, ready, resolve, version_of, writer
from tests.api.receiving import assert_problem, deliver_mail, messages
from tests.factories import ShopAtWork
from tests.storing import put_status, store_mail, store_suggestion, suggestion_row


async def regenerate(client: httpx2.AsyncClient, auth: dict[str, str], suggestion_id: Any, **options: Any) -> httpx2.Response:
    return await action(client, auth, suggestion_id, "regenerate", if_match=await version_of(suggestion_id), **options)


@pytest.mark.parametrize("kind", ["ready", "failed"])
async def test_regenerate_when_it_is_ready_or_failed_then_a_new_one_takes_its_place(
    client: httpx2.AsyncClient, shop: ShopAtWork, kind: str
) -> None:
    suggestion_id, auth = await (ready(shop) if kind == "ready" else failed(shop)), await writer(shop)

    response = await regenerate(client, auth, suggestion_id, instruction="Shorter, please")

    told = response.json()
    old, new = await of_thread(suggestion_id)
    assert (response.status_code, told["id"], told["instruction"]) == (202, str(new["id"]), "Shorter, please")
    assert (old["status"], old["reason_code"], old["outcome"]) == ("superseded", "superseded", None)
    assert (new["message"], new["priority"], new["attempt"]) == (old["message"], old["priority"], 0)
    assert new["next_send_at"] is not None


async def test_regenerate_when_no_instruction_is_given_then_there_is_none(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert (await regenerate(client, auth, suggestion_id)).json()["instruction"] is None


async def test_regenerate_when_the_agent_holds_it_then_his_claim_ends(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await action(client, auth, suggestion_id, "claim")

    assert (await regenerate(client, auth, suggestion_id)).status_code == 202
    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["claimed_by"], row["claimed_until"]) == ("superseded", None, None)


async def test_regenerate_when_the_customer_is_a_vip_now_then_it_goes_first(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)
    await fetch("UPDATE customer SET vip = true WHERE shop = $1", shop.id)

    assert (await regenerate(client, auth, suggestion_id)).json()["is_vip"]


async def test_regenerate_when_a_newer_message_has_failed_then_the_newest_message_is_drafted(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    old, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    newer = await failed(shop, in_reply_to="<root@x>")

    told = (await regenerate(client, auth, old)).json()

    assert told["message_id"] == str((await suggestion_row(newer))["message"])
    assert (await suggestion_row(old))["status"] == "superseded"


async def test_regenerate_when_a_machine_mail_was_skipped_then_it_is_drafted_itself(
    client: httpx2.AsyncClient, shop: ShopAtWork
) -> None:
    auth = await writer(shop)
    receipt = await store_mail(shop, headers=[["Auto-Submitted", "auto-replied"]])

    told = (await regenerate(client, auth, receipt.suggestion_id)).json()

    assert told["message_id"] == str(receipt.message_id)
    assert (await suggestion_row(receipt.suggestion_id))["status"] == "superseded"  # type: ignore[arg-type]


async def test_regenerate_when_the_thread_has_a_live_one_then_409_names_it(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    old, auth = await ready(shop, message_id="<root@x>"), await writer(shop)
    newer = await deliver_mail(client, shop, in_reply_to="<root@x>")

    problem = assert_problem(await regenerate(client, auth, old), 409)

    assert newer["suggestion_id"] in problem["detail"]
    assert len(await of_thread(old)) == 2


@pytest.mark.parametrize("status", ["pending", "queued", "drafting"])
async def test_regenerate_when_it_is_in_work_then_409(client: httpx2.AsyncClient, shop: ShopAtWork, status: str) -> None:
    suggestion_id, auth = await store_suggestion(shop), await writer(shop)
    await put_status(suggestion_id, status)

    assert_problem(await regenerate(client, auth, suggestion_id), 409)
    assert len(await of_thread(suggestion_id)) == 1


async def test_regenerate_when_another_holds_it_or_it_is_resolved_then_409(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    held, done, auth = await ready(shop), await ready(shop), await writer(shop)
    await action(client, auth, held, "claim", agent="bob")
    await resolve(client, auth, done)

    for each in (held, done):
        assert_problem(await regenerate(client, auth, each), 409)
        assert len(await of_thread(each)) == 1


async def test_regenerate_when_if_match_is_missing_or_old_then_428_or_412(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await action(client, auth, suggestion_id, "regenerate"), 428)
    assert_problem(await action(client, auth, suggestion_id, "regenerate", if_match='"0"'), 412)
    assert len(await of_thread(suggestion_id)) == 1


@pytest.mark.parametrize("instruction", ["x" * 1001, "a\u0000b", 7])
async def test_regenerate_when_the_instruction_is_not_what_it_takes_then_400(
    client: httpx2.AsyncClient, shop: ShopAtWork, instruction: object
) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    assert_problem(await regenerate(client, auth, suggestion_id, instruction=instruction), 400)


async def test_regenerate_when_ten_ask_at_once_then_one_new_suggestion(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    suggestion_id, auth = await ready(shop), await writer(shop)

    responses = await at_once(*(regenerate(client, auth, suggestion_id) for _ in range(10)))

    assert [response.status_code for response in responses].count(202) == 1
    assert len(await of_thread(suggestion_id)) == 2
    assert len(await messages(shop)) == 1


@pytest.mark.parametrize("round_", range(5))
async def test_regenerate_when_a_mail_comes_at_once_then_one_live_suggestion_for_the_mail(
    client: httpx2.AsyncClient, shop: ShopAtWork, round_: int
) -> None:
    suggestion_id, auth = await ready(shop, message_id="<root@x>"), await writer(shop)

    _, receipt = await at_once(
        regenerate(client, auth, suggestion_id),
        deliver_mail(client, shop, in_reply_to="<root@x>", text=f"Round {round_}"),
    )

    live = [row for row in await of_thread(suggestion_id) if row["status"] != "superseded"]
    assert [str(row["message"]) for row in live] == [receipt["message_id"]]  # type: ignore[index]
