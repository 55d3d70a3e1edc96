"""What goes into a draft and what comes out. Frozen; knows no database, queue or HTTP framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

Direction = Literal["in", "out"]


class OrderItem(msgspec.Struct, frozen=True):
    """One line of an order."""

    name: str
    quantity: int = 1


class OrderFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the records say of one order. A field that is None is unknown and does not reach the model.

    `refunded` is the sum that went back so far, in the order's currency.
    """

    number: str
    status: str
    fulfilment: str
    placed_on: str
    total: str | None = None
    refunded: str | None = None
    currency: str | None = None
    items: tuple[OrderItem, ...] = ()
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


class EarlierMessage(msgspec.Struct, frozen=True):
    """One earlier message of the thread."""

    direction: Direction
    sent_at: str
    text: str


class ShopVoice(msgspec.Struct, frozen=True):
    """How the shop writes. `language` is ISO 639-1."""

    name: str
    language: str
    voice: str
    signature: str


class CustomerFacts(msgspec.Struct, frozen=True):
    """Who wrote."""

    name: str
    vip: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that the model may know, read in one transaction.

    Attributes:
        today: ISO date.
        conversation: oldest first, at most 20, without the message to answer.
        orders: newest first, at most 5, of this customer only.
        text: plain text of the message to answer, without what it quotes.
        quoted: what it quotes or forwards; "" where the conversation holds what it quotes.
        removed: kinds of hidden text that was taken out of all this, sorted; not for the model.
    """

    today: str
    shop: ShopVoice
    customer: CustomerFacts
    orders: tuple[OrderFacts, ...]
    conversation: tuple[EarlierMessage, ...]
    subject: str
    text: str
    quoted: str = ""
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to the model. `instructions` is the constant part; `version` names the prompt file's."""

    version: str
    instructions: str
    user_text: str


class Citation(msgspec.Struct, frozen=True):
    """The record behind a claim: `order:#1042` and the words taken from it."""

    source: str
    quote: str


Intent = Literal[
    "where_is_order",
    "refund",
    "return",
    "wrong_item",
    "damaged",
    "cancel",
    "change_order",
    "invoice",
    "product_question",
    "complaint",
    "other",
]


class Draft(msgspec.Struct, frozen=True):
    """The model's text and what it says of it. `reply` is plain text; `language` is ISO 639-1."""

    reply: str
    language: str
    intent: Intent
    needs_human: bool
    missing_information: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to the model as it was, whatever came of it.

    Attributes:
        error_type: None when a usable draft came back.
        input_tokens: None when the model did not say.
    """

    model: str
    duration_s: float
    request_id: str | None = None
    error_type: str | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
