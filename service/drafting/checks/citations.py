"""Whether a draft's citations stand in the records, and its missing information says nothing that they do not. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import canonical, folded
from service.drafting.checks.placing import finding
from service.drafting.checks.references import find_unknown_references
from service.drafting.types import Citation, Draft, Finding, Snapshot

MAX_CITATIONS = 20
MAX_QUOTE_LENGTH = 500
MAX_MISSING = 10
MAX_MISSING_LENGTH = 200

_NOWHERE = folded("")


def find_false_citations(draft: Draft, snapshot: Snapshot) -> Iterator[Finding]:
    """Yield one warning where citations name a source that is not there, or words that it does not hold."""
    false = sum(not _is_true(each, snapshot) for each in draft.citations[: 2 * MAX_CITATIONS])
    if false:
        told = f"{false} of {len(draft.citations)} citations are not in the records: they were left away."
        yield finding(_NOWHERE, "citation", 0, 0, told, "warning")


def without_false_citations(draft: Draft, snapshot: Snapshot) -> Draft:
    """Return the draft with the citations that are true, and the missing information that says nothing unknown; both bounded."""
    evidence = Evidence(snapshot)
    true = [each for each in draft.citations[: 2 * MAX_CITATIONS] if _is_true(each, snapshot)]
    asked = [each for each in draft.missing_information[:MAX_MISSING] if _is_harmless(each, evidence)]
    return msgspec.structs.replace(draft, citations=tuple(true[:MAX_CITATIONS]), missing_information=tuple(asked))


def _is_true(citation: Citation, snapshot: Snapshot) -> bool:
    kind, _, name = citation.source.partition(":")
    quote = " ".join(folded(citation.quote).text.casefold().split())
    if not quote or len(quote) > MAX_QUOTE_LENGTH:
        return False
    if kind == "article":
        return any(
            quote in " ".join(folded(f"{each.title}\n{each.text}").text.casefold().split())
            for each in snapshot.articles
            if each.slug == name
        )
    if kind != "order":
        return False
    for order in snapshot.orders:
        if canonical(order.number) == canonical(name):
            record = msgspec.json.encode(order).decode().casefold()
            return quote in record or canonical(quote) in {canonical(str(each)) for each in msgspec.structs.astuple(order)}
    return False


def _is_harmless(text: str, evidence: Evidence) -> bool:
    return 0 < len(text.strip()) <= MAX_MISSING_LENGTH and next(find_unknown_references(folded(text), evidence), None) is None
