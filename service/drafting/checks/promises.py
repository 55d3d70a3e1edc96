"""Whether a draft promises what no record, article or earlier reply supports. Pure.

A sentence promises where it speaks of money, goods or a change and is no question, refusal or condition. Where it only looks into
something or passes it on, it promises nothing, unless it commits the shop in so many words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.lexica.lexicon import PromiseKind
from service.drafting.checks.placing import finding
from service.drafting.checks.reading import Reading, read
from service.drafting.checks.speech import Speech, Spoken, clauses, is_taken_back, sentences_in
from service.drafting.language import language_of
from service.drafting.types import Finding

MAX_PROMISES = 10
MAX_PROMISE_LENGTH = 300
MAX_STEMS = 20
"""Words of one sentence that are looked at."""

_REFUNDED = frozenset({"refunded", "partially_refunded"})
_NAMES: dict[PromiseKind, str] = {
    "refund": "a refund",
    "discount": "a discount, a voucher or a compensation",
    "free": "something for nothing",
    "replacement": "a replacement",
    "guarantee": "a guarantee",
    "change": "that an order was or will be changed",
}


class Promised(NamedTuple):
    """What a sentence promises. is_settled: it says that it is approved or done already."""

    kind: PromiseKind
    is_settled: bool


def find_promises(reply: Reading, evidence: Evidence, *, spoken: Sequence[Spoken], language: str) -> Iterator[Finding]:
    """Yield a finding for each promise: blocking without support, a warning where the shop's own texts speak of the same."""
    for start, end, promised in _promises_in(spoken):
        kind, is_settled = promised
        is_refunded = kind == "refund" and any(order.refunded or order.status in _REFUNDED for order in evidence.snapshot.orders)
        if is_refunded and is_settled:
            continue
        sources = [each.sentence for each in evidence.snapshot.promises]
        if not is_settled:
            sources += [part for each in evidence.snapshot.articles for part in (each.title, each.text)]
        is_spoken_of = is_refunded or any(kind in _kinds_in(text, language) for text in sources)
        told = f"Promises {_NAMES[kind]}, which "
        told += (
            "the records speak of: check that it holds here."
            if is_spoken_of
            else "no record supports: say that the team will look into it."
        )
        yield finding(reply, "promise", start, end, told, severity="warning" if is_spoken_of else "blocking")


def promised_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of an earlier reply of the shop that promise something, in order; at most 10, of 300 characters each."""
    reading = read(text)
    found: list[str] = []
    for start, end, _ in _promises_in(sentences_in(reading, language_of(text) or "")):
        first, last = reading.folded.span(start, end)
        found.append(text[first:last].strip()[:MAX_PROMISE_LENGTH])
        if len(found) == MAX_PROMISES:
            break
    return tuple(found)


def _promises_in(spoken: Sequence[Spoken]) -> Iterator[tuple[int, int, Promised]]:
    for start, sentence, speech in spoken:
        promised = _promised(sentence, speech)
        if promised is not None:
            yield start, start + len(sentence), promised


def _promised(sentence: str, speech: Speech) -> Promised | None:
    """Return what a sentence in lower case promises, or None."""
    first = speech.promise.search(sentence)
    if first is None or sentence.rstrip(" \"')").endswith("?"):
        return None
    parts = clauses(sentence, speech)
    settled = next(
        (
            match
            for start, end in parts
            if (match := speech.done.search(sentence, start, end))
            and not is_taken_back(sentence, start, end, match.start(), speech)
        ),
        None,
    )
    hedged = False
    for count, match in enumerate(speech.promise.finditer(sentence)):
        start, end = next(((a, b) for a, b in parts if a <= match.start() < b), (0, len(sentence)))
        # "You need not pay" promises by way of a refusal.
        is_refusal = match.lastgroup == "free" and speech.negation.search(match[0]) is not None
        if count >= MAX_STEMS or (not is_refusal and is_taken_back(sentence, start, end, match.start(), speech)):
            continue
        if not is_refusal and speech.hedge.search(sentence, start, end) and not speech.commit.search(sentence, start, end):
            hedged = True
            continue
        return Promised(cast("PromiseKind", match.lastgroup), settled is not None)
    if settled is not None and hedged:
        return Promised(cast("PromiseKind", first.lastgroup), is_settled=True)
    return None


@lru_cache(maxsize=256)
def _kinds_in(text: str, language: str) -> frozenset[PromiseKind]:
    """Return what one of the shop's texts speaks of without refusing it."""
    reading = read(text[:6_000])
    found: set[PromiseKind] = set()
    for _, sentence, speech in sentences_in(reading, language):
        parts = clauses(sentence, speech)
        for match in speech.promise.finditer(sentence):
            start, end = next(((a, b) for a, b in parts if a <= match.start() < b), (0, len(sentence)))
            if not speech.negation.search(sentence, start, end) and not speech.no.search(
                sentence[max(0, match.start() - 40) : match.start()]
            ):
                found.add(cast("PromiseKind", match.lastgroup))
    return frozenset(found)
