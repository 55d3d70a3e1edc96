"""What the stand-in can say in one language: the shape of its sentences. No code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.embedded.standin.words import Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPhrases:
    """What can be said of an order."""

    states: Mapping[str, str]
    """By fulfilment, and `cancelled` also by status; takes `{number}`."""
    found: str
    """For an order whose state the records do not tell; takes `{number}`."""
    paid: str
    carrier: str
    tracking_number: str
    tracking_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasebook:
    """One language's sentences."""

    greeting: str
    greeting_nobody: str
    generic: str
    """The whole reply where nothing else can be said."""
    not_found: str
    no_orders: str
    opening: Mapping[Intent, str]
    """Empty in the languages that have only `generic`."""
    closing: Mapping[Intent, str]
    order: OrderPhrases | None
