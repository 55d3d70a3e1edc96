"""What goes into a draft and what comes out. Frozen; knows no database, queue or HTTP framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

Direction = Literal["in", "out"]

Tier = Literal["verified", "known", "unknown"]
"""How far the sender is proven: by the sender's domain; an address with orders, unproven; neither."""


class OrderItem(msgspec.Struct, frozen=True):
    """One line of an order."""

    name: str
    quantity: int = 1


class OrderFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the model is told of one order. A field that is None is unknown, or not this sender's to know.

    `refunded` is the sum that went back so far, in the order's currency. `more_items`: lines that were left away.
    """

    number: str
    status: str
    fulfilment: str
    placed_on: str | None = None
    total: str | None = None
    refunded: str | None = None
    currency: str | None = None
    items: tuple[OrderItem, ...] = ()
    more_items: int = 0
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


class EarlierMessage(msgspec.Struct, frozen=True):
    """One earlier message of the thread; `sent_at` is an ISO date."""

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
    """Who wrote. `tier`: how far it is proven that they did."""

    name: str
    vip: bool
    tier: Tier = "unknown"


class Excerpt(msgspec.Struct, frozen=True):
    """A passage of one of the shop's articles; `slug` names the article in a citation."""

    slug: str
    title: str
    text: str


class Promise(msgspec.Struct, frozen=True):
    """A sentence of an earlier reply of the shop that promises something; `sent_at` is an ISO date."""

    sent_at: str
    sentence: str


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """All that the model may know. Kept with the suggestion, so that a draft can be explained and replayed.

    Attributes:
        today: ISO date.
        language: of the customer's message, ISO 639-1; of the thread or the shop where the message does not tell.
        conversation: oldest first, at most 20, without the message to answer.
        orders: newest first, of this customer only, as far as `customer.tier` allows.
        articles: best first, at most 5.
        promises: what the shop has promised in this thread, oldest first, at most 10.
        text: plain text of the message to answer, without what it quotes.
        quoted: what it quotes or forwards; "" where the conversation holds what it quotes.
        attachments: names of the files that came with it, as the sender wrote them, at most 10.
        instruction: what the agent asked for who wants the draft anew.
        removed: kinds of hidden text that was taken out of all this, sorted; not for the model.
    """

    today: str
    language: str
    shop: ShopVoice
    customer: CustomerFacts
    orders: tuple[OrderFacts, ...] = ()
    articles: tuple[Excerpt, ...] = ()
    promises: tuple[Promise, ...] = ()
    conversation: tuple[EarlierMessage, ...] = ()
    subject: str
    text: str
    quoted: str = ""
    attachments: tuple[str, ...] = ()
    instruction: str = ""
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to the model. `instructions` is the constant part; `version` names the prompt file's."""

    version: str
    instructions: str
    user_text: str


class Citation(msgspec.Struct, frozen=True):
    """The record behind a claim: `order:#1042` or `article:returns`, and the words taken from it."""

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


Check = Literal[
    "order_number",
    "tracking_number",
    "carrier",
    "amount",
    "date",
    "link",
    "email_address",
    "name",
    "credentials",
    "promise",
    "order_state",
    "language",
    "length",
    "prompt_leak",
    "echo",
    "signature",
    "citation",
    "format",
]
"""What a check looks for: a closed list, it labels a metric."""

Severity = Literal["blocking", "warning"]


class Finding(msgspec.Struct, frozen=True):
    """What a check says of a draft.

    Attributes:
        start, end: where in the reply, in characters; both 0 where it is about the whole.
        sentence: what is wrong and what to do, for the agent and for the model that repairs it; quotes at most 80 characters.
    """

    check: Check
    severity: Severity
    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to the model as it was, whatever came of it.

    Attributes:
        error_type: None when a usable draft came back.
        input_tokens: None when the model did not say.
        purpose: `repair` when it was asked to mend what the checks found; `batch` when it was one line of a provider's batch.
    """

    model: str
    duration_s: float
    request_id: str | None = None
    error_type: str | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    purpose: Literal["draft", "repair", "batch"] = "draft"
