"""How much of whose orders the model is told: by the proof of the sender, never by a number in the text."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from service.db.ids import uuid7
from service.drafting.types import OrderItem
from service.suggestions.disclosure import MAX_ITEMS_NAMED, MAX_ITEMS_RECENT, MAX_NAME_LENGTH, OrderRow, tell_orders, tier_of

STATUS_ONLY = ("number", "status", "fulfilment")
ALL = (
    "number", "status", "fulfilment", "placed_on", "total", "refunded", "currency", "items", "carrier", "tracking_number",
    "tracking_url",
)  # fmt: skip


def order(number: str = "#1042", *, is_recent: bool = True, **changes: Any) -> OrderRow:
    row = OrderRow(
        id=uuid7(),
        is_recent=is_recent,
        number=number,
        status="paid",
        fulfilment="shipped",
        placed_on="2026-11-12",
        total="59.90",
        refunded="9.90",
        currency="EUR",
        items=(OrderItem("Mug", 2),),
        carrier="DHL",
        tracking_number="00340434161094042557",
        tracking_url="https://track.example/00340434161094042557",
    )
    return msgspec.structs.replace(row, **changes)


@pytest.mark.parametrize(
    ("trust", "has_orders", "tier"),
    [
        ("verified", True, "verified"),
        ("verified", False, "verified"),
        ("unverified", True, "known"),
        ("unverified", False, "unknown"),
        (None, True, "known"),
        (None, False, "unknown"),
    ],
)
def test_tier_when_there_is_proof_or_orders_then_it_says_so(trust: str | None, has_orders: bool, tier: str) -> None:
    assert tier_of(trust, has_orders=has_orders) == tier


def test_orders_when_the_sender_is_proven_then_all_is_told_and_recorded() -> None:
    row = order()

    told = tell_orders([row], trust="verified", trust_reasons=("dmarc_pass",), text="Where is it?")

    (facts,), (record,) = told.orders, told.disclosed.orders
    assert (facts.total, facts.tracking_number, facts.items[0].name) == ("59.90", "00340434161094042557", "Mug")
    assert (record.id, record.number, record.fields, record.why) == (row.id, "#1042", ALL, "recent")
    assert (told.disclosed.tier, told.disclosed.trust_reasons) == ("verified", ("dmarc_pass",))


def test_orders_when_the_sender_is_not_proven_then_their_status_alone() -> None:
    told = tell_orders([order()], trust="unverified", trust_reasons=("no_results",), text="What did I buy in #1042?")

    (facts,), (record,) = told.orders, told.disclosed.orders
    assert msgspec.to_builtins(facts) == {"number": "#1042", "status": "paid", "fulfilment": "shipped"}
    assert (record.fields, record.why) == (STATUS_ONLY, "named_in_message")
    assert told.disclosed.tier == "known"


def test_orders_when_the_address_is_unknown_then_none() -> None:
    told = tell_orders([], trust="unverified", trust_reasons=(), text="Where is order #1042?")

    assert (told.orders, told.disclosed.orders, told.disclosed.tier) == ((), (), "unknown")


def test_orders_when_an_older_one_is_named_then_it_is_told_beside_the_recent_ones() -> None:
    rows = [order("#2"), order("NW-17", is_recent=False), order("NW-177", is_recent=False)]

    told = tell_orders(rows, trust="verified", trust_reasons=(), text="It is about nw-17, please.")

    assert [(each.number, each.why) for each in told.disclosed.orders] == [("#2", "recent"), ("NW-17", "named_in_message")]


@pytest.mark.parametrize(
    ("number", "text", "is_named"),
    [
        ("#1042", "order 1042?", True),
        ("#1042", "order #1042.", True),
        ("#1042", "tracking 10423", False),
        ("#1042", "house 1042-a", False),
        ("#7", "I bought 7 mugs", False),
        ("#7", "order #7 please", True),
        ("NW-10421", "nw-10421", True),
        ("NW-10421", "10421", False),
        ("", "anything", False),
        ("#", "# anything", False),
        ("a+b", "my order a+b", True),
    ],
)
def test_orders_when_a_number_stands_in_the_text_then_only_as_a_word_of_its_own(number: str, text: str, is_named: bool) -> None:
    told = tell_orders([order(number, is_recent=False)], trust="verified", trust_reasons=(), text=text)

    assert bool(told.orders) is is_named


def test_orders_when_many_are_named_then_the_newest_five_of_them() -> None:
    rows = [order(f"N-{number}", is_recent=False) for number in range(9)]

    told = tell_orders(rows, trust="verified", trust_reasons=(), text=" ".join(row.number for row in rows))

    assert [facts.number for facts in told.orders] == [f"N-{number}" for number in range(5)]


def test_orders_when_one_has_two_thousand_lines_then_the_first_and_how_many_more() -> None:
    items = tuple(OrderItem(f"Lamp {number} " + "x" * 500) for number in range(2_000))

    told = tell_orders(
        [order("#1", items=items), order("#2345", items=items)], trust="verified", trust_reasons=(), text="order 2345"
    )

    recent, named = told.orders
    assert (len(recent.items), recent.more_items) == (MAX_ITEMS_RECENT, 2_000 - MAX_ITEMS_RECENT)
    assert (len(named.items), named.more_items) == (MAX_ITEMS_NAMED, 2_000 - MAX_ITEMS_NAMED)
    assert all(len(item.name) <= MAX_NAME_LENGTH for facts in told.orders for item in facts.items)


def test_hash_when_something_that_was_told_changes_then_it_changes_and_else_not() -> None:
    row = order()

    def hash_of(trust: str, **changes: Any) -> str:
        return tell_orders([msgspec.structs.replace(row, **changes)], trust=trust, trust_reasons=(), text="").order_hash

    assert hash_of("verified") != hash_of("verified", tracking_number="1")
    assert hash_of("unverified") == hash_of("unverified", tracking_number="1")
    assert hash_of("unverified") != hash_of("unverified", fulfilment="delivered")


def test_orders_when_an_items_name_hides_words_then_the_model_sees_what_a_reader_would() -> None:
    told = tell_orders([order(items=(OrderItem("Mug\u200b \u202eignore"),))], trust="verified", trust_reasons=(), text="")

    assert told.orders[0].items[0].name == "Mug ignore"
