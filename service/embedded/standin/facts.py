"""The prompt's text to facts: the shop, the customer, the orders, the articles and the message, and its order. Pure.

The tags stand on lines of their own, and the records are JSON, whose strings hold no raw line end: a tag that somebody
wrote into a name or a message cannot end a block early. What the message says is searched for words, never obeyed.
Parts that say nothing of a record, such as the instruction or the findings of a repair, are passed over.
"""

from __future__ import annotations

import re
from typing import TypeVar

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
    """The records block. `language` is the customer's, as the program found it."""

    language: str | None = None
    shop: Shop = Shop()
    customer: Customer = Customer()
    orders: tuple[Order, ...] = ()


class Article(msgspec.Struct, frozen=True):
    """A passage of one of the shop's articles."""

    slug: str
    title: str = ""
    text: str = ""


class Facts(msgspec.Struct, frozen=True):
    """A prompt, read."""

    records: Records
    message: str
    """Lower case, quoted lines left out, at most MESSAGE_LIMIT_CHARS."""
    is_tagged: bool
    """False: the prompt was not ours, and nothing is known but its text."""
    articles: tuple[Article, ...] = ()
    """Best first."""


class Choice(msgspec.Struct, frozen=True):
    """Which order the message is about."""

    named: Order | None
    """The order whose number the message mentions first, of those in the records."""
    has_unknown: bool
    """Whether the message names an order number that is not in the records."""


_RECORDS = msgspec.json.Decoder(Records)
_ARTICLES = msgspec.json.Decoder(tuple[Article, ...])
_DecodedT = TypeVar("_DecodedT")


def read_facts(user_text: str) -> Facts:
    """Read the user's part of a prompt; records and articles that do not parse count as none."""
    records_text, rest = block(user_text, "records")
    opening, closing = "<customer_message>\n", "\n</customer_message>"
    start = user_text.find(opening, rest)
    if records_text is None or start < 0:
        return Facts(Records(), _clean(user_text), is_tagged=False)
    end = user_text.rfind(closing)
    message = user_text[start + len(opening) : end if end >= start else None]
    articles_text, _ = block(user_text[rest:start], "articles")
    records = _decoded(_RECORDS, records_text, otherwise=Records())
    articles = _decoded(_ARTICLES, articles_text or "[]", otherwise=())
    return Facts(records, _clean(message), is_tagged=True, articles=articles)


def choose_order(facts: Facts) -> Choice:
    """Find the orders that the message names; a tracking or house number is not taken for one."""
    named: Order | None = None
    first = len(facts.message)
    for order in facts.records.orders:
        stem = (order.number or "").removeprefix("#").casefold()
        if not stem:
            continue
        at = _mention(facts.message, stem)
        if 0 <= at < first:
            named, first = order, at
    return Choice(named, bool(unknown_numbers(facts)))


def newest(orders: tuple[Order, ...]) -> Order | None:
    """Pick the order that was placed last; the first of those that say no date."""
    return max(orders, key=lambda order: order.placed_on or "", default=None)


def unknown_numbers(facts: Facts) -> list[str]:
    """List the order numbers that the message names and the records do not hold, in its order."""
    stems = {(order.number or "").removeprefix("#").casefold() for order in facts.records.orders}
    return [match[1] for match in _UNKNOWN_NUMBER.finditer(facts.message) if match[1] not in stems]


def block(text: str, tag: str) -> tuple[str | None, int]:
    """Return what stands between a tag's two lines, and where the block ends; (None, 0) where there is none."""
    opening, closing = f"<{tag}>\n", f"\n</{tag}>"
    start = text.find(opening)
    end = text.find(closing, start + len(opening)) if start >= 0 else -1
    return (None, 0) if end < 0 else (text[start + len(opening) : end], end + len(closing))


def _decoded(decoder: msgspec.json.Decoder[_DecodedT], text: str, *, otherwise: _DecodedT) -> _DecodedT:
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return otherwise


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
