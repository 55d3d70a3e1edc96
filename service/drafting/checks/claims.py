"""What a text claims that can be held against records: links, addresses, amounts, shares, dates, periods and numbers. Pure.

The same reading serves the draft and the shop's own texts, so that what an article says in one way may be said in it.
Each piece of text is one claim at most: a link's digits are no number, an amount's are no date.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from service.drafting.checks import day_words, links, numerals
from service.drafting.checks.reading import Reading, read
from service.drafting.checks.spelled import find_spelled_amounts

Kind = Literal["link", "email_address", "amount", "share", "date", "day_word", "period", "time", "number"]

MAX_TEXT_LENGTH = 6_000
"""Characters of one of the shop's texts that are read, as many as the model gets."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim and its place in the folded text. values: as they are compared; a date that can be read in two ways has two."""

    kind: Kind
    start: int
    end: int
    values: tuple[str, ...]


def claims_in(reading: Reading) -> list[Claim]:
    """Return the claims of a text in their order."""
    linked = [Claim(kind, start, end, (value,)) for kind, start, end, value in links.find_links(reading.text)]
    counted = [
        Claim(*each) for each in numerals.find_numerals(reading.text, reading.low, [(each.start, each.end) for each in linked])
    ]
    spelled = [Claim("amount", *each) for each in find_spelled_amounts(reading)]
    dates = [(each.start, each.end) for each in counted if each.kind == "date"]
    told = [Claim(*each) for each in day_words.find_day_words(reading, dates)]
    return sorted([*linked, *counted, *spelled, *told], key=lambda each: (each.start, each.end))


@lru_cache(maxsize=256)
def claims_of(text: str) -> tuple[Claim, ...]:
    """Return the claims of one of the shop's own texts. Kept, for the same articles and signatures come again and again."""
    return tuple(claims_in(read(text)))
