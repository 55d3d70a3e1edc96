"""A shop with customers to answer, and jobs drafted one after the other in this process as a worker drafts them."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import uvloop

from benchmarks.mails import signed_headers
from service.allocator import freeze_loaded
from service.commands.database import run_with_pool
from service.observability.logging import configure_logging
from service.settings import Settings

if TYPE_CHECKING:
    from service.drafting import Answer, ChatModel
    from service.drafting.types import Prompt
    from service.shops.types import Source

ORDERS, EARLIER, ARTICLES = 5, 4, 10
WARM_UPS = 20
HOST = "mx.bench.example"

_ARTICLE = "You can return anything within 30 days of its delivery. We pay the way back within the EU.\n\nWrite to us first. " * 6
_MAIL = """Hello,

where is my parcel with order {order_number}? It should have been here on Monday, and the tracking page has not moved since then. \
If it does not come before Friday I will no longer need the jacket: can I return it within 30 days, and who pays for the way back?

Ada"""


@dataclass(slots=True)
class JobTimes:
    """What each job took, and its model call within it; CPU of this process for all together."""

    job_ns: list[int] = field(default_factory=list)
    model_ns: list[int] = field(default_factory=list)
    job_cpu_ns: int = 0
    model_cpu_ns: int = 0


class TimedModel:
    """A ChatModel that notes how long each call took and keeps what was asked."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.took_ns: list[int] = []
        self.asked: list[Prompt] = []

    async def ask(self, request: Prompt, *, model: str | None = None, deadline_s: float | None = None) -> Answer:
        """Ask, and note."""
        started_ns = time.perf_counter_ns()
        try:
            return await self._model.ask(request, model=model, deadline_s=deadline_s)
        finally:
            self.took_ns.append(time.perf_counter_ns() - started_ns)
            self.asked.append(request)


def time_jobs(count: int, settings: Settings) -> JobTimes:
    """Draft so many suggestions one after the other; then ask the same prompts alone, for the CPU of the SDK and HTTP."""
    configure_logging(settings.log_level)
    # The event loop of a worker.
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    return run_with_pool(lambda: _time_jobs(count, settings))


async def _time_jobs(count: int, settings: Settings) -> JobTimes:
    # Here, since piccolo_conf.py must find the servers' URLs first.
    from service.drafting.model import OpenAIModel  # noqa: PLC0415
    from service.drafting.prices import load_prices  # noqa: PLC0415
    from service.suggestions import repository  # noqa: PLC0415
    from service.suggestions.budgets import Budgets  # noqa: PLC0415
    from service.suggestions.leases import Leases  # noqa: PLC0415
    from service.suggestions.service import Desk, draft  # noqa: PLC0415

    load_prices()
    freeze_loaded()
    source = await make_shop()
    ids = [await store_mail(source, number) for number in range(WARM_UPS + count)]
    plain = OpenAIModel.from_settings(settings)
    timed = TimedModel(plain)
    desk = Desk(model=timed, leases=Leases(repository.renew), budgets=Budgets())
    for each in ids[:WARM_UPS]:
        await draft(each, desk)
    timed.took_ns.clear()
    timed.asked.clear()
    found = JobTimes(model_ns=timed.took_ns)
    cpu_ns = time.process_time_ns()
    for each in ids[WARM_UPS:]:
        started_ns = time.perf_counter_ns()
        outcome = await draft(each, desk)
        found.job_ns.append(time.perf_counter_ns() - started_ns)
        assert outcome == "ready", outcome
    found.job_cpu_ns = time.process_time_ns() - cpu_ns
    cpu_ns = time.process_time_ns()
    for request in list(timed.asked):
        await plain.ask(request)
    found.model_cpu_ns = time.process_time_ns() - cpu_ns
    await plain.close()
    return found


async def make_shop(articles: int = ARTICLES) -> Source:
    """Make a shop with articles and a source whose senders are proven."""
    from service.knowledge.service import put_article  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.shops.service import create_shop  # noqa: PLC0415
    from service.shops.sources import create_source  # noqa: PLC0415

    slug = f"bench-{secrets.token_hex(4)}"
    shop_id = await create_shop(slug=slug, name="Benchmark", signature="The benchmark")
    for number in range(articles):
        await put_article(shop_id, slug=f"returns-{number}", title=f"Returns, part {number}", body=_ARTICLE)
    return await create_source(shop_id, provider="standard", name="bench", trusted_hosts=[HOST])


async def store_mail(source: Source, number: int, *, orders: int = ORDERS, earlier: int = EARLIER) -> UUID:
    """Store a customer's orders and a thread of theirs; return the suggestion for its last mail."""
    from service.orders.service import apply  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.providers.records import OrderChange, OrderItem  # noqa: PLC0415

    email = f"customer-{number}-{secrets.token_hex(4)}@customer.example"
    now = datetime.now(UTC)
    for order in range(orders):
        await apply(
            source.shop_id,
            OrderChange(
                external_id=f"{email}-{order}",
                number=f"NW-{number:05}{order}",
                customer_email=email,
                customer_name="Ada Customer",
                status="paid",
                fulfilment="shipped",
                placed_at=now - timedelta(days=order),
                updated_at=now,
                currency="EUR",
                total=Decimal("59.90"),
                items=(OrderItem("Tarn rain jacket, size M"), OrderItem("Drift water bottle", 2)),
                carrier="DHL",
                tracking_number=f"0034043416{number:05}{order}",
                tracking_url=f"https://track.example/0034043416{number:05}{order}",
            ),
        )
    suggestion_id, parent = None, None
    for mail in range(earlier + 1):
        parent, suggestion_id = await _receive(source, email, f"{mail}-{email}", parent, f"NW-{number:05}0")
    assert suggestion_id is not None
    return suggestion_id


async def _receive(source: Source, email: str, message_id: str, parent: str | None, order_number: str) -> tuple[str, UUID | None]:
    from service.deliveries.service import receive  # noqa: PLC0415 - piccolo_conf.py must find the servers' URLs
    from service.inbox.types import Schedule  # noqa: PLC0415
    from service.providers.standard import authenticate  # noqa: PLC0415
    from service.providers.types import WebhookCall  # noqa: PLC0415

    fields = {
        "message_id": f"<{message_id}>",
        "from": f"Ada Customer <{email}>",
        "to": "support@bench.example",
        "subject": "Where is my parcel?",
        "text": _MAIL.format(order_number=order_number),
        "headers": [["Authentication-Results", f"{HOST}; dkim=pass header.d=customer.example"]],
        **({"in_reply_to": parent} if parent else {}),
    }
    body = msgspec.json.encode(fields)
    call = WebhookCall(headers=signed_headers(body, source.secrets[0]), body=body, received_at=datetime.now(UTC))
    receipt = await receive(source, call, authenticate(call, source.secrets), schedule=Schedule(head_start_s=3_600))
    return f"<{message_id}>", receipt.suggestion_id
