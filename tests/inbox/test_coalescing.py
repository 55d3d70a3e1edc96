"""Several mails of a thread within the pause are one job, for the newest; VIPs do not wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.db.engine import fetch
from service.inbox.statements import MAX_PAUSES
from service.orders.service import apply
from service.providers.records import CustomerChange
from tests.api.receiving import suggestions
from tests.factories import ShopAtWork
from tests.storing import store_mail, suggestion_row

PAUSE_S = 30.0
HEAD_START_S = 10.0


async def store(shop: ShopAtWork, **fields: Any) -> Any:
    return await store_mail(shop, head_start_s=HEAD_START_S, pause_s=PAUSE_S, **fields)


async def make_older(shop: ShopAtWork, *, seconds: float) -> None:
    """Let all that came so far have come so many seconds earlier."""
    await fetch(
        "UPDATE suggestion SET waiting_since = waiting_since - $2::interval WHERE shop = $1", shop.id, timedelta(seconds=seconds)
    )


async def relay_at(shop: ShopAtWork) -> float:
    """Return in how many seconds the relay takes up the newest suggestion."""
    rows = await fetch(
        "SELECT extract(epoch FROM next_send_at - now()) AS due_s FROM suggestion WHERE shop = $1 ORDER BY id DESC LIMIT 1", shop.id
    )
    return float(rows[0]["due_s"])


async def test_mail_when_the_pause_is_on_then_it_waits_and_the_relay_longer(shop: ShopAtWork) -> None:
    receipt = await store(shop)

    assert receipt.pause_s == pytest.approx(PAUSE_S)
    assert await relay_at(shop) == pytest.approx(PAUSE_S + HEAD_START_S, abs=2)


async def test_mail_when_the_pause_is_off_then_it_does_not_wait(shop: ShopAtWork) -> None:
    receipt = await store_mail(shop, head_start_s=HEAD_START_S, pause_s=0)

    assert receipt.pause_s == 0
    assert await relay_at(shop) == pytest.approx(HEAD_START_S, abs=2)


async def test_second_mail_when_it_comes_within_the_pause_then_only_the_newest_is_live_and_waits_anew(shop: ShopAtWork) -> None:
    await store(shop, message_id="<root@x>")
    await make_older(shop, seconds=20)

    receipt = await store(shop, in_reply_to="<root@x>")

    old, new = await suggestions(shop)
    assert (old["status"], new["status"], new["waiting_since"]) == ("superseded", "pending", old["waiting_since"])
    assert receipt.pause_s == pytest.approx(PAUSE_S)


async def test_mails_when_they_go_on_and_on_then_the_wait_ends(shop: ShopAtWork) -> None:
    await store(shop, message_id="<root@x>")
    await make_older(shop, seconds=PAUSE_S * MAX_PAUSES - 10)

    almost = await store(shop, in_reply_to="<root@x>", message_id="<2@x>")
    await make_older(shop, seconds=PAUSE_S)
    over = await store(shop, in_reply_to="<root@x>")

    assert almost.pause_s == pytest.approx(10, abs=2)
    assert over.pause_s == 0


async def test_mail_when_the_one_before_was_begun_then_it_waits_from_its_own_time(shop: ShopAtWork) -> None:
    first = await store(shop, message_id="<root@x>")
    await make_older(shop, seconds=PAUSE_S * MAX_PAUSES * 2)
    await fetch("UPDATE suggestion SET status = 'drafting', started_at = now() WHERE id = $1", first.suggestion_id)

    receipt = await store(shop, in_reply_to="<root@x>")

    assert receipt.pause_s == pytest.approx(PAUSE_S)


async def test_vip_when_he_writes_then_he_does_not_wait(shop: ShopAtWork) -> None:
    await apply(shop.id, CustomerChange(email="ada@customer.example", name="Ada", vip=True))

    receipt = await store(shop)

    assert (receipt.is_vip, receipt.pause_s) == (True, 0)
    assert await relay_at(shop) == pytest.approx(HEAD_START_S, abs=2)


async def test_machine_mail_when_it_comes_then_nothing_waits_for_it(shop: ShopAtWork) -> None:
    receipt = await store(shop, headers=[["Auto-Submitted", "auto-replied"]])

    row = await suggestion_row(receipt.suggestion_id)
    assert (receipt.is_job, row["next_send_at"]) == (False, None)
