"""A busy hour in a few seconds: mail of every provider, good and bad; a model with bad moments; agents at work."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec

from service.commands.mail_file import sign_standard, signed_call
from service.jobs.sender import BREAKER_OPEN_S
from tests.observe import agents
from tests.observe.desk import MAILS, SMALL_SHOP, ObservedDesk
from tests.providers.shopify_calls import SECRET as SHOPIFY_SECRET
from tests.providers.shopify_calls import shopify_fields, signed_shopify
from tests.standin_control import Fault
from tests.waiting import until

QUESTION = "Hello, where is my parcel?"
VIP = "vera@customer.example"
MAIL_PROVIDERS = ("mailgun", "postmark", "mime")

ALWAYS = 100
"""More often than a mail is tried and repaired."""

MOST_PAID = 30

LONG_S = 120.0
"""Longer than our own deadline for a call, 45 s."""

TROUBLES = (
    Fault("server_error", times=ALWAYS),
    Fault("hang", seconds=LONG_S),
    Fault("server_error"),
    Fault("cut"),
    Fault("bad_request", times=ALWAYS),
    Fault("refusal", times=ALWAYS),
    Fault("truncated", times=ALWAYS),
    Fault("bad_json"),
    Fault("wrong_fact"),
    Fault("wrong_fact", times=ALWAYS),
    Fault("delay", seconds=3.0),
)
"""What befalls the model, each for a mail of its own. The first one takes as long as its back-offs, 14 to 28 s."""

LONG_MAIL = f"{QUESTION} {'I have told you all of this before, and nobody has ever answered me. ' * 200}"
"""It costs about as much as a tenth of the small shop's budget."""


async def warm_up(desk: ObservedDesk) -> None:
    """Send the first mails, and make a VIP known."""
    async with desk.client() as http:
        await _make_vip(desk, http)
        ids = await desk.send(http, *[QUESTION] * 5)
        await _await_final(desk, ids)


async def queue_up(desk: ObservedDesk) -> None:
    """Send mails to which no worker may answer now."""
    async with desk.client() as http:
        await desk.send(http, *[QUESTION] * 4)
        await desk.send(http, QUESTION, sender=VIP)


async def drive(desk: ObservedDesk) -> None:
    """Do everything that a panel tells of. Some mails are still in their back-offs afterwards."""
    async with desk.client() as http:
        await _trouble_the_model(desk, http)
        await _lose_the_queue_for_a_moment(desk, http)
        drafted = await desk.send(http, *[QUESTION] * 12)
        for provider in MAIL_PROVIDERS:
            drafted += await desk.send(http, *[QUESTION] * 2, provider=provider)
        drafted += await desk.send(http, QUESTION, QUESTION, sender=VIP)
        await _send_demo_mails(desk, http)
        await _send_orders(desk, http)
        await _send_bad_calls(desk, http)
        await _await_final(desk, drafted)
        await _spend_the_budget(desk, http)
        await _limit_the_rate(desk, http)
        await agents.work(desk, http, drafted)
        await agents.look_around(http)


def mend(desk: ObservedDesk) -> None:
    """Let the model's provider be well again, but for the troubles that last."""
    desk.stand_in.forget_faults()
    desk.stand_in.script(*(each for each in _troubles() if each.times == ALWAYS))


async def go_on(desk: ObservedDesk) -> None:
    """A few mails and decisions more, so that the last seconds are not the quietest ones."""
    async with desk.client() as http:
        ids = await desk.send(http, *[QUESTION] * 6)
        ids += await desk.send(http, QUESTION, provider="mailgun")
        ids += await desk.send(http, QUESTION, sender=VIP)
        await _await_final(desk, ids)
        await agents.decide(http, ids)


async def _make_vip(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    await _post_event(desk, http, "customer.updated", {"email": VIP, "name": "Vera", "vip": True})


async def _post_event(desk: ObservedDesk, http: httpx2.AsyncClient, kind: str, record: Any) -> None:
    call = sign_standard(msgspec.json.encode({"type": kind, "data": record}), desk.sources["standard"].secret)
    (await desk.post(http, call)).raise_for_status()


async def _trouble_the_model(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    await asyncio.to_thread(desk.stand_in.script, *_troubles())
    await desk.send(http, *(f"{QUESTION} My {each.match} is of no help." for each in _troubles()))


def _troubles() -> list[Fault]:
    """Return the troubles, each for the mail that has its words."""
    return [msgspec.structs.replace(fault, match=f"case number {number:02}") for number, fault in enumerate(TROUBLES)]


async def _lose_the_queue_for_a_moment(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    """Mails that Valkey does not take: the relay sends what the route could not."""
    with desk.silent_valkey():
        await desk.send(http, *[QUESTION] * 3)
        # Longer than the publisher waits for an answer, which is 0.25 s.
        await asyncio.sleep(1.0)
    # For so long it leaves Valkey alone, and the relay sends everything.
    await asyncio.sleep(BREAKER_OPEN_S)


async def _send_demo_mails(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    source = desk.sources["mime"]
    for path in sorted(MAILS.glob("*.eml")):
        call = signed_call(path.read_bytes(), provider=source.provider, secret=source.secret)
        await desk.post(http, call, provider="mime")


async def _send_orders(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    for number in range(3):
        order = shopify_fields("order", id=7_000_000 + number, name=f"#{4000 + number}")
        await desk.post(http, signed_shopify("orders/updated", order, secret=SHOPIFY_SECRET), provider="shopify")
    await desk.post(http, signed_shopify("app/uninstalled", b"{}", secret=SHOPIFY_SECRET), provider="shopify")
    record = msgspec.json.decode((MAILS / "orders.jsonl").read_bytes().splitlines()[0])
    await _post_event(desk, http, "order.updated", record)


async def _send_bad_calls(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    """Twice the same, wrongly signed, authentic but unreadable, for nobody."""
    for provider in ("standard", *MAIL_PROVIDERS):
        call = desk.signed(QUESTION, provider=provider)
        for _ in range(2):
            await desk.post(http, call, provider=provider)
    for provider in ("standard", "mailgun"):
        forged = dataclasses.replace(desk.sources[provider], secret="whsec_bm90IHRoZSBzZWNyZXQgb2YgYW55IHNvdXJjZQ==")
        call = signed_call(b"From: eve@evil.example\r\n\r\nHello", provider=forged.provider, secret=forged.secret)
        await desk.post(http, call, provider=provider)
    await desk.post(http, sign_standard(b'{"from": 1}', desk.sources["standard"].secret))
    await http.post("/webhooks/standard/00000000-0000-7000-8000-000000000000", content=b"{}")
    await http.post("/webhooks/pigeon/00000000-0000-7000-8000-000000000000", content=b"{}")


async def _spend_the_budget(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    """One mail after the other, until the small shop may not ask the model any more."""
    for _ in range(MOST_PAID):
        [suggestion_id] = await desk.send(http, LONG_MAIL, provider=SMALL_SHOP)
        await _await_final(desk, [suggestion_id])
        [row] = await desk.shop.rows("SELECT reason_code FROM suggestion WHERE id = $1", suggestion_id)
        if row["reason_code"] == "budget":
            return


async def _limit_the_rate(desk: ObservedDesk, http: httpx2.AsyncClient) -> None:
    """The provider refuses a call and asks for a pause, in which others are held back."""
    await asyncio.to_thread(desk.stand_in.script, Fault("rate_limit", retry_after="2"))
    first = await desk.send(http, QUESTION)
    await asyncio.sleep(0.5)
    await _await_final(desk, first + await desk.send(http, QUESTION, QUESTION))


async def _await_final(desk: ObservedDesk, ids: Sequence[str]) -> None:
    async def are_final() -> bool:
        [row] = await desk.shop.rows(
            "SELECT count(*) AS waiting FROM suggestion WHERE id = ANY($1::uuid[]) AND status IN ('pending', 'queued', 'drafting')",
            ids,
        )
        return bool(row["waiting"] == 0)

    await until(are_final, 60.0)
