"""The checks: what plain code says of a draft, held against the snapshot. Pure, linear in the length of both.

A model may be talked into anything; these are not. Each finding has its place in the reply, its severity and a sentence.
"""

from __future__ import annotations

from itertools import chain, islice

from service.drafting.checks.citations import find_false_citations, without_false_citations
from service.drafting.checks.demands import find_demands
from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import folded
from service.drafting.checks.names import find_foreign_names
from service.drafting.checks.order_states import find_false_states
from service.drafting.checks.promises import find_promises, promised_sentences
from service.drafting.checks.references import find_unknown_references
from service.drafting.checks.wording import find_wording
from service.drafting.types import Draft, Finding, Snapshot

__all__ = ["check_draft", "promised_sentences", "without_false_citations"]

MAX_FINDINGS = 30


def check_draft(draft: Draft, snapshot: Snapshot, *, instructions: str) -> tuple[Finding, ...]:
    """Return what is wrong with a draft, at most 30 findings in the order of their places.

    instructions: the constant part of the prompt, which must not come out again.
    """
    text, evidence = folded(draft.reply), Evidence(snapshot)
    found = chain(
        find_wording(text, draft, evidence, instructions=instructions),
        find_unknown_references(text, evidence),
        find_false_states(text, evidence),
        find_promises(text, evidence),
        find_demands(text, evidence),
        find_foreign_names(text, evidence),
        find_false_citations(draft, snapshot),
    )
    return tuple(sorted(islice(found, MAX_FINDINGS), key=lambda each: (each.start, each.end, each.check)))
