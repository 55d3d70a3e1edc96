"""The checks: what plain code says of a draft, held against the snapshot. Pure, linear in the length of both.

A model may be talked into anything; these are not. Each finding has its place in the reply, its severity and a sentence.
"""

from __future__ import annotations

from itertools import chain

from service.drafting.checks.citations import find_false_citations, without_false_citations
from service.drafting.checks.copies import find_copies
from service.drafting.checks.demands import find_demands
from service.drafting.checks.evidence import Evidence
from service.drafting.checks.names import find_foreign_names
from service.drafting.checks.order_states import find_false_states
from service.drafting.checks.promises import find_promises, promised_sentences
from service.drafting.checks.reading import read
from service.drafting.checks.references import find_unknown_references
from service.drafting.checks.speech import sentences_in
from service.drafting.checks.wording import find_wording, is_same_language
from service.drafting.language import language_of
from service.drafting.types import Draft, Finding, Snapshot

__all__ = ["check_draft", "promised_sentences", "without_false_citations"]

MAX_FINDINGS = 30
MAX_REPLY_LENGTH = 50_000
"""Characters of a reply that are read: far more than a draft may have."""


def check_draft(draft: Draft, snapshot: Snapshot, *, instructions: str) -> tuple[Finding, ...]:
    """Return what is wrong with a draft, at most 30 findings in the order of their places, the blocking ones first to be kept.

    instructions: the constant part of the prompt, which must not come out again.
    """
    reply, evidence = read(draft.reply[:MAX_REPLY_LENGTH]), Evidence(snapshot)
    found_language = language_of(_without_signature(draft.reply, snapshot.shop.signature))
    language = (
        snapshot.language if found_language is None or is_same_language(found_language, snapshot.language) else found_language
    )
    spoken = sentences_in(reply, language)
    found = chain(
        find_wording(reply, draft, snapshot, language=found_language),
        find_copies(reply, evidence, instructions=instructions),
        find_unknown_references(reply, evidence),
        find_demands(reply, evidence),
        find_false_states(reply, evidence, spoken=spoken),
        find_promises(reply, evidence, spoken=spoken, language=language),
        find_foreign_names(reply, evidence),
        find_false_citations(draft, snapshot),
    )
    kept = sorted(found, key=lambda each: (each.severity != "blocking", each.start, each.end, each.check))[:MAX_FINDINGS]
    return tuple(sorted(kept, key=lambda each: (each.start, each.end, each.check, each.sentence)))


def _without_signature(reply: str, signature: str) -> str:
    """Return what is written in the customer's language: the signature stays in the shop's."""
    return reply.rstrip().removesuffix(signature.strip())
