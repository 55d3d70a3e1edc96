"""Whether a draft promises what no record, article or earlier reply supports. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import Folded, folded, sentences
from service.drafting.checks.placing import finding
from service.drafting.checks.promise_words import PROMISES, STRONG, UNPAID, hedge_in, taken_back_in
from service.drafting.language import language_of
from service.drafting.types import Finding

MAX_PROMISES = 10
MAX_PROMISE_LENGTH = 300

_KINDS = {kind: re.compile(rf"(?<!\w)(?:{pattern})") for kind, pattern in PROMISES.items()}
_ANY = re.compile(rf"(?<!\w)(?:{'|'.join(PROMISES.values())})")
_REFUNDED = frozenset({"refunded", "partially_refunded"})
_NAMES = {
    "refund": "a refund",
    "discount": "a discount or a compensation",
    "free": "something for nothing",
    "replacement": "a replacement",
    "guarantee": "a guarantee",
    "change": "a change that was made",
}


def find_promises(text: Folded, evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each promise: blocking without support, a warning where the shop's own texts speak of the same."""
    whole = text.text.lower()
    if not _ANY.search(whole) and not UNPAID.search(whole):
        return
    for start, sentence in sentences(text.text):
        kind = _promised(sentence, evidence.snapshot.language)
        if kind is None or _is_in_records(kind, evidence):
            continue
        is_spoken_of = any(_KINDS[kind].search(each.lower()) for each in evidence.texts)
        yield finding(
            text,
            "promise",
            start,
            start + len(sentence),
            f"Promises {_NAMES[kind]}, which "
            + (
                "an article speaks of: check that it applies here."
                if is_spoken_of
                else "no record supports: say that the team will look into it."
            ),
            "warning" if is_spoken_of else "blocking",
        )


def promised_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of an earlier reply of the shop that promise something, in order; at most 10, of 300 characters each."""
    if not _ANY.search(text.lower()):
        return ()
    language = language_of(text) or "en"
    found = (sentence.strip() for _, sentence in sentences(folded(text).text) if _promised(sentence, language))
    return tuple(each[:MAX_PROMISE_LENGTH] for each in found)[:MAX_PROMISES]


def _promised(sentence: str, language: str) -> str | None:
    """Return what a sentence promises, or None: a question, a refusal or a condition is no promise, nor is looking into it."""
    sentence = sentence.lower()
    if UNPAID.search(sentence):
        return "free"
    kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(sentence)), None)
    if kind is None or sentence.rstrip().endswith("?") or taken_back_in(language).search(sentence):
        return None
    if hedge_in(language).search(sentence) and not STRONG.search(sentence):
        return None
    return kind


def _is_in_records(kind: str, evidence: Evidence) -> bool:
    orders = evidence.snapshot.orders
    return kind == "refund" and any(order.refunded or order.status in _REFUNDED for order in orders)
