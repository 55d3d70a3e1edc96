"""The prompt's text to facts: the shop, the customer, the orders and the message, and which order it is about. Pure.

The tags stand on lines of their own, and the records are JSON, whose strings hold no raw line end: a tag that somebody
wrote into a name or a message cannot end a block early. What the message says is searched for words, never obeyed.
"""

from __future__ import annotations

import re

import msgspec

MESSAGE_LIMIT_CHARS = 20_000
"""Only so much of a message is searched; what a customer wants stands near the top."""

_UNKNOWN_NUMBER = re.compile(
    r"(?:#\s?|\b(?:order|bestell|auftrag|commande|pedido|ordine|bestelling|encomenda)\w{0,12}\W{1,3}"
    r"(?:(?:number|no|nr|nummer|num[eé]ro|n|nº|n°|is|ist|est|es)\W{1,3}){0,2})([a-z]{0,5}-?\d{3,12})(?![\w-])"
)


class Shop(msgspec.Struct, frozen=True):
    """The shop as the records tell it."""

    name: str | None = None
    language: str | None = None
    signature: str | None = None


class Customer(msgspec.Struct, frozen=True):
    """The customer as the records tell it."""

    name: str | None = None


class Order(msgspec.Struct, frozen=True):
    """What the reply may say of an order; any key may be missing."""

    number: str | None = None
    status: str | None = None
    fulfilment: str | None = None
    placed_on: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


class Records(msgspec.Struct, frozen=True):
    """The records block."""

    shop: Shop = Shop()
    customer: Customer = Customer()
    orders: tuple[Order, ...] = ()


class Facts(msgspec.Struct, frozen=True):
    """A prompt, read."""

    records: Records
    message: str
    """Lower case, quoted lines left out, at most MESSAGE_LIMIT_CHARS."""
    is_tagged: bool
    """False: the prompt was not ours, and nothing is known but its text."""


class Choice(msgspec.Struct, frozen=True):
    """Which order the message is about."""

    named: Order | None
    """The order whose number the message mentions first, of those in the records."""
    has_unknown: bool
    """Whether the message names an order number that is not in the records."""


_RECORDS = msgspec.json.Decoder(Records)


def read_facts(user_text: str) -> Facts:
    """Read the user's part of a prompt; records that do not parse count as none."""
    records_text, rest = _block(user_text, "records")
    opening, closing = "<customer_message>\n", "\n</customer_message>"
    start = user_text.find(opening, rest)
    if records_text is None or start < 0:
        return Facts(Records(), _clean(user_text), is_tagged=False)
    end = user_text.rfind(closing)
    message = user_text[start + len(opening) : end if end >= start else None]
    try:
        records = _RECORDS.decode(records_text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        records = Records()
    return Facts(records, _clean(message), is_tagged=True)


def choose_order(facts: Facts) -> Choice:
    """Find the orders that the message names; a tracking or house number is not taken for one."""
    named: Order | None = None
    first = len(facts.message)
    stems: set[str] = set()
    for order in facts.records.orders:
        stem = (order.number or "").removeprefix("#").casefold()
        if not stem:
            continue
        stems.add(stem)
        at = _mention(facts.message, stem)
        if 0 <= at < first:
            named, first = order, at
    unknown = any(match[1] not in stems for match in _UNKNOWN_NUMBER.finditer(facts.message))
    return Choice(named, unknown)


def newest(orders: tuple[Order, ...]) -> Order | None:
    """Pick the order that was placed last; the first of those that say no date."""
    return max(orders, key=lambda order: order.placed_on or "", default=None)


def _block(text: str, tag: str) -> tuple[str | None, int]:
    opening, closing = f"<{tag}>\n", f"\n</{tag}>"
    start = text.find(opening)
    end = text.find(closing, start + len(opening)) if start >= 0 else -1
    return (None, 0) if end < 0 else (text[start + len(opening) : end], end + len(closing))


def _clean(message: str) -> str:
    lines = message[:MESSAGE_LIMIT_CHARS].casefold().splitlines()
    return "\n".join(line for line in lines if not line.startswith(">"))


def _mention(text: str, stem: str) -> int:
    # One or two digits are a quantity unless a '#' says otherwise.
    wanted = stem if len(stem) > 2 else f"#{stem}"
    at = text.find(wanted)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(wanted) : at + len(wanted) + 1]
        if not _joins(before) and not _joins(after):
            return at
        at = text.find(wanted, at + 1)
    return -1


def _joins(character: str) -> bool:
    return character.isalnum() or character in {"-", "_"}
