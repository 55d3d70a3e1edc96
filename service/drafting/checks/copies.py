"""Whether a draft copies at length what has no business in a reply: the instructions, or what the customer wrote. Pure.

An injected text is obeyed by repeating it, so that a run of its words gives it away.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.placing import finding
from service.drafting.checks.reading import Reading, words_of
from service.drafting.types import Finding

RUN = 8
"""So many words in a row are no chance any more."""

_OURS = re.compile(
    r"</?\s?(?:records|articles|conversation|quoted_text|attachments|customer_message|instruction|previous_draft|findings)\b"
    r"|\bsystem[- ]?prompt|\"(?:customer|orders|promises|needs_human|fulfilment|placed_on|tracking_number|missing_information"
    r"|direction)\"\s?:",
    re.IGNORECASE,
)


def find_copies(reply: Reading, evidence: Evidence, *, instructions: str) -> Iterator[Finding]:
    """Yield blocking findings: the inside of the program, the instructions, the customer's own words."""
    if match := _OURS.search(reply.text):
        yield finding(reply, "prompt_leak", *match.span(), "The reply shows the inside of the program: leave it out.")
    words = reply.words
    runs = {tuple(words[at : at + RUN]): at for at in range(len(words) - RUN, -1, -1)}
    if not runs:
        return
    if leaked := runs.keys() & _runs_of(instructions):
        yield _copied(reply, min(runs[each] for each in leaked), "prompt_leak")
    echoed = sorted(at for run in _copied_runs(runs, set(words), evidence.customers_texts) if (at := runs[run]) >= 0)
    if not echoed:
        return
    for at in echoed:
        if f" {' '.join(words[at : at + RUN])} " not in evidence.spoken:
            yield _copied(reply, at, "echo")
            return


def _copied(reply: Reading, at: int, check: str) -> Finding:
    start, end = reply.spans[at][0], reply.spans[at + RUN - 1][1]
    if check == "echo":
        return finding(reply, "echo", start, end, "The reply repeats the customer's words at length: say it in your own.")
    return finding(reply, "prompt_leak", start, end, "The reply repeats the instructions: leave them out.")


def _copied_runs(wanted: Container[tuple[str, ...]], known: set[str], texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Return the wanted runs that one of the texts holds. known: the words that they are of; only those in a row are looked at."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        words = words_of(text)
        length = 0
        for at, word in enumerate(words):
            length = length + 1 if word in known else 0
            if length >= RUN and (run := tuple(words[at - RUN + 1 : at + 1])) in wanted:
                found.add(run)
    return found


@lru_cache(maxsize=16)
def _runs_of(instructions: str) -> frozenset[tuple[str, ...]]:
    words = words_of(instructions)
    return frozenset(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
