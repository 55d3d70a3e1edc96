"""Which of a customer's orders the model is told of, and how much of each. Pure.

The orders are the sender's by customer; a number in the text only says which of these are meant, so that another customer's
order answers as one that does not exist. What is told depends on how far the sender is proven, for anybody can write any address
into From.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from service.drafting.types import OrderFacts, OrderItem, Tier
from service.inbox.text.visible import visible_text
from service.suggestions.types import Disclosed, DisclosedOrder

MAX_RECENT = 5
MAX_NAMED = 5
"""Orders that the message names; the newest ones where it names more."""

MAX_ITEMS_NAMED = 20
MAX_ITEMS_RECENT = 5
MAX_NAME_LENGTH = 120
MAX_WORD_LENGTH = 200
"""Characters of a number, carrier or link; a shop's own are far shorter."""


class OrderRow(msgspec.Struct, frozen=True):
    """An order as the database tells it. `is_recent`: one of the customer's five newest."""

    id: UUID
    is_recent: bool
    number: str
    status: str
    fulfilment: str
    placed_on: str
    total: str | None
    refunded: str | None
    currency: str
    items: tuple[OrderItem, ...]
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Orders for the model, newest first, and the record of it."""

    orders: tuple[OrderFacts, ...]
    disclosed: Disclosed
    order_hash: str


def tell_orders(rows: Sequence[OrderRow], *, trust: str | None, trust_reasons: Sequence[str], text: str) -> Told:
    """Choose what to tell of these orders, newest first. text: all that the sender wrote, in which an order may be named."""
    tier = tier_of(trust, has_orders=bool(rows))
    words = text.casefold()
    named = [row for row in rows if _is_named(row.number, words)][:MAX_NAMED]
    chosen = [row for row in rows if row.is_recent or row in named] if tier != "unknown" else []
    orders = tuple(_facts(row, tier=tier, max_items=MAX_ITEMS_NAMED if row in named else MAX_ITEMS_RECENT) for row in chosen)
    records = tuple(
        DisclosedOrder(row.id, row.number, _fields(facts), "named_in_message" if row in named else "recent")
        for row, facts in zip(chosen, orders, strict=True)
    )
    return Told(orders, Disclosed(tier, tuple(trust_reasons), records), order_hash(orders))


def tier_of(trust: str | None, *, has_orders: bool) -> Tier:
    """Return how far a sender is proven. An address that has bought something is known, and no more than that."""
    if trust == "verified":
        return "verified"
    return "known" if has_orders else "unknown"


def order_hash(orders: Sequence[OrderFacts]) -> str:
    """Return 128 bits in hex that change when what is told of the orders does."""
    return hashlib.sha256(msgspec.json.encode(orders)).hexdigest()[:32]


def _facts(row: OrderRow, *, tier: Tier, max_items: int) -> OrderFacts:
    if tier != "verified":
        return OrderFacts(number=row.number[:MAX_WORD_LENGTH], status=row.status, fulfilment=row.fulfilment)
    return OrderFacts(
        number=row.number[:MAX_WORD_LENGTH],
        status=row.status,
        fulfilment=row.fulfilment,
        placed_on=row.placed_on,
        total=row.total,
        refunded=row.refunded,
        currency=_word(row.currency),
        items=tuple(OrderItem(_visible(item.name)[:MAX_NAME_LENGTH], item.quantity) for item in row.items[:max_items]),
        more_items=max(0, len(row.items) - max_items),
        carrier=_word(row.carrier),
        tracking_number=_word(row.tracking_number),
        tracking_url=_word(row.tracking_url),
    )


def _word(value: str | None) -> str | None:
    return value[:MAX_WORD_LENGTH] if value else None


def _visible(name: str) -> str:
    """Return an item's name without what nobody sees: a customer may have typed part of it, an engraving say."""
    return name if name.isascii() else visible_text(name)[0]


def _fields(facts: OrderFacts) -> tuple[str, ...]:
    return tuple(name for name in facts.__struct_fields__ if getattr(facts, name) not in (None, (), 0))


def _is_named(number: str, words: str) -> bool:
    """Whether an order's number stands in case-folded text as a word of its own, with or without its `#`."""
    stem = number.casefold().removeprefix("#").strip()
    if not stem or stem not in words:
        return False
    # One or two digits are a quantity unless a '#' says otherwise.
    wanted = f"#{stem}" if stem.isdigit() and len(stem) < 3 else stem
    at = words.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not _joins(words[at - 1 : at]) and not _joins(words[end : end + 1]):
            return True
        at = words.find(wanted, end)
    return False


def _joins(character: str) -> bool:
    return character.isalnum() or character in {"-", "_"}
