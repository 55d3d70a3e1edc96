"""Whether a draft says of an order what no order's record says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.lexica.lexicon import State
from service.drafting.checks.numerals import canonical
from service.drafting.checks.placing import finding
from service.drafting.checks.reading import Reading
from service.drafting.checks.speech import Spoken
from service.drafting.types import Finding, OrderFacts

MAX_STATES = 20
"""Words of one sentence that are looked at."""

_OF_MAILS_TOO: frozenset[State] = frozenset({"shipped", "delivered", "returned"})
_THAT = re.compile(r"[,\s]*(?:that|dass|daß|que|che|dat|że|att|at|että|že)\b")
_SHIPPED = frozenset({"shipped", "partially_shipped", "delivered", "returned"})
_BORNE_OUT: dict[State, tuple[frozenset[str], frozenset[str]]] = {
    "shipped": (frozenset(), _SHIPPED),
    "delivered": (frozenset(), frozenset({"delivered", "returned"})),
    "returned": (frozenset(), frozenset({"returned"})),
    "cancelled": (frozenset({"cancelled"}), frozenset({"cancelled"})),
    "refunded": (frozenset({"refunded", "partially_refunded"}), frozenset()),
    "lost": (frozenset(), frozenset()),
    "paid": (frozenset({"paid", "partially_paid", "authorized", "refunded", "partially_refunded"}), frozenset()),
}
"""The statuses and fulfilments of which one bears a state out."""


def find_false_states(reply: Reading, evidence: Evidence, *, spoken: Sequence[Spoken]) -> Iterator[Finding]:
    """Yield a blocking finding for each state that a sentence claims and no order has. Negations and conditions claim none."""
    orders = evidence.snapshot.orders
    for place, sentence, speech in spoken:
        if sentence.rstrip(" \"')").endswith("?"):
            continue
        for count, match in enumerate(speech.state.finditer(sentence)):
            state = cast("State", match.lastgroup)
            if count >= MAX_STATES or any(_is(order, state) for order in _named(sentence, orders)):
                continue
            start, end = _clause_around(sentence, match.start(), match.end(), speech.boundary)
            is_only_possible = speech.not_yet.search(sentence, start, match.end()) or speech.condition.search(
                sentence, start, match.start()
            )
            if (
                is_only_possible
                or speech.negation.search(sentence, start, end)
                or speech.no.search(sentence[start : match.start()])
            ):
                continue
            if state in _OF_MAILS_TOO and speech.aside.search(sentence, _main_clause(sentence, start, speech.boundary), end):
                continue
            told = f"Says that an order was {state}, which no record shows: say only what the records show."
            yield finding(reply, "order_state", place + match.start(), place + match.end(), told)
            break


def _named(sentence: str, orders: tuple[OrderFacts, ...]) -> Sequence[OrderFacts]:
    """Return the orders whose number stands in a sentence, of which it speaks then; all where it names none."""
    if not any(map(str.isdigit, sentence)):
        return orders
    said = {canonical(word) for word in sentence.split()}
    numbered = [(each, canonical(each.number)) for each in orders]
    return [each for each, number in numbered if number in said or "".join(filter(str.isdigit, number)) in said] or orders


def _is(order: OrderFacts, state: State) -> bool:
    statuses, fulfilments = _BORNE_OUT[state]
    return order.status in statuses or order.fulfilment in fulfilments or (state == "refunded" and bool(order.refunded))


def _main_clause(sentence: str, start: int, boundary: re.Pattern[str]) -> int:
    """Return where the clause begins that one with "that" hangs on, as after "we are sorry"; where it begins itself if on none."""
    if not _THAT.match(sentence, start):
        return start
    return max((match.start() for match in boundary.finditer(sentence, 0, max(0, start - 1))), default=0)


def _clause_around(sentence: str, start: int, end: int, boundary: re.Pattern[str]) -> tuple[int, int]:
    """Return the clause that a piece of a sentence stands in, with the one before it where it has no subject of its own."""
    edges = [0, *(match.start() for match in boundary.finditer(sentence)), len(sentence)]
    before = [edge for edge in edges if edge <= start]
    first = before[-1]
    if start - first <= 2 and len(before) > 1:
        first = before[-2]
    return first, min((edge for edge in edges if edge >= end), default=len(sentence))
