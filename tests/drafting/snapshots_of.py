"""Snapshots as the worker reads them, with plain defaults."""

from __future__ import annotations

from typing import Any

import msgspec

from service.drafting.types import CustomerFacts, EarlierMessage, OrderFacts, OrderItem, ShopVoice, Snapshot

SHIPPED = OrderFacts(
    number="#1042",
    status="paid",
    fulfilment="shipped",
    placed_on="2026-11-12",
    total="59.90",
    currency="EUR",
    items=(OrderItem("Mug", 2),),
    carrier="DHL",
    tracking_number="00340434161094042557",
    tracking_url="https://track.example/00340434161094042557",
)
NEWER = OrderFacts(number="#1050", status="paid", fulfilment="unfulfilled", placed_on="2026-11-20")

DEFAULT = Snapshot(
    today="2026-11-23",
    language="en",
    shop=ShopVoice(name="Nordlicht", language="en", voice="warm, brief", signature="Best regards\nNordlicht"),
    customer=CustomerFacts(name="Anna Weber", vip=True, tier="verified"),
    orders=(NEWER, SHIPPED),
    conversation=(
        EarlierMessage(direction="in", sent_at="2026-11-20", text="Is my order on its way?"),
        EarlierMessage(direction="out", sent_at="2026-11-21", text="Yes, it left us today."),
    ),
    subject="Re: Where is my parcel?",
    text="Hello,\n\nit still says \u201cin transit\u201d. Where is order #1042?\n\nGr\u00fc\u00dfe, Anna",
)


def snapshot(**changes: Any) -> Snapshot:
    """Return the default snapshot with some fields replaced."""
    return msgspec.structs.replace(DEFAULT, **changes)
