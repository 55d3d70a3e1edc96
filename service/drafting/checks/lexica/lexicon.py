"""The shape of one language's words. Pieces of patterns for lower-case text with plain apostrophes; no reasoning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PromiseKind = Literal["refund", "discount", "free", "replacement", "guarantee", "change"]
State = Literal["shipped", "delivered", "returned", "cancelled", "refunded", "paid", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What the checks of promises and states know of one language.

    Attributes:
        promises: what a promise is about; beginnings of words.
        commits: the shop binds itself, whatever stands beside it.
        done: what is promised is settled already, which takes a record and no policy.
        hedges: the shop only speaks of it, looks into it or passes it on; beginnings of words.
        negations: take a clause back wherever they stand in it; whole words.
        no: take back only what follows them within two words.
        conditions: make a clause hang on something, or ask; whole words before what is said.
        joints: words that begin a clause of its own.
        states: what the shop says of an order.
        not_yet: verbs that put a state into the future or make it possible only; whole words.
        aside: what a state may be told of that is no order, such as a mail; beginnings of words.
        signs: little words by which a sentence of this language is told.
    """

    language: str
    promises: Mapping[PromiseKind, str]
    commits: str
    done: str
    hedges: str
    negations: str
    no: str
    conditions: str
    joints: str
    states: Mapping[State, str]
    not_yet: str
    aside: str
    signs: str
