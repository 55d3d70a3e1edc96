"""Whether a draft's citations stand in the records, and its missing information says nothing that they do not. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import lower, plain
from service.drafting.checks.numerals import canonical
from service.drafting.checks.placing import finding_of_all
from service.drafting.checks.reading import read
from service.drafting.checks.references import find_unknown_references
from service.drafting.types import Citation, Draft, Finding, OrderFacts, Snapshot

MAX_CITATIONS = 20
MAX_QUOTE_LENGTH = 500
MAX_SOURCE_LENGTH = 200
MAX_MISSING = 10
MAX_MISSING_LENGTH = 200


def find_false_citations(draft: Draft, snapshot: Snapshot) -> Iterator[Finding]:
    """Yield one warning where citations name a source that is not there, or words that it does not hold."""
    looked_at = draft.citations[: 2 * MAX_CITATIONS]
    true = _Citable(snapshot)
    false = sum(not true.holds(each) for each in looked_at)
    if false:
        yield finding_of_all(
            "citation", f"{false} of {len(looked_at)} citations are not in the records: they were left away.", severity="warning"
        )


def without_false_citations(draft: Draft, snapshot: Snapshot) -> Draft:
    """Return the draft with the citations that are true, and the missing information that says nothing unknown; both bounded.

    At most 20 citations, quotes of 500 characters, and 10 pieces of missing information of 200 characters each.
    """
    evidence, citable = Evidence(snapshot), _Citable(snapshot)
    true = [each for each in draft.citations[: 2 * MAX_CITATIONS] if citable.holds(each)]
    short = [Citation(each.source, each.quote[:MAX_QUOTE_LENGTH]) for each in true[:MAX_CITATIONS]]
    asked = [each for each in draft.missing_information[: 2 * MAX_MISSING] if _is_harmless(each, evidence)]
    return msgspec.structs.replace(draft, citations=tuple(short), missing_information=tuple(asked[:MAX_MISSING]))


class _Citable:
    """The records of a snapshot, as citations name them; a record is prepared when it is first named."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._orders = {canonical(plain(each.number)): each for each in snapshot.orders}
        self._articles = {each.slug: f"{each.title}\n{each.text}" for each in reversed(snapshot.articles)}
        self._prepared: dict[str, str] = {}

    def holds(self, citation: Citation) -> bool:
        """Whether the source is there and holds the words of the quote."""
        kind, _, name = citation.source[:MAX_SOURCE_LENGTH].partition(":")
        quote = _spaced(citation.quote[: 2 * MAX_QUOTE_LENGTH])
        if not quote:
            return False
        if kind == "article" and name in self._articles:
            if name not in self._prepared:
                self._prepared[name] = _spaced(self._articles[name])
            return quote in self._prepared[name]
        order = self._orders.get(canonical(plain(name))) if kind == "order" else None
        return order is not None and _is_value(quote, order)


def _is_value(quote: str, order: OrderFacts) -> bool:
    """Whether a quote is a value of an order, a field with its value, or words of an item's name."""
    bare, unquoted = quote.strip("\"' ,"), quote.replace('"', "")
    compared = canonical(quote)
    for told in _told_of(order):
        if told in {bare, unquoted} or (told and canonical(told) == compared):
            return True
    items = {_spaced(each.name) for each in order.items} | {_spaced(f"{each.quantity} x {each.name}") for each in order.items}
    return len(quote) >= 3 and any(quote in each for each in items)


def _told_of(order: OrderFacts) -> Iterator[str]:
    """Yield what is told of an order but its items: values, each with its field's name too, and the sums with their currency."""
    values = {name: value for name, value in msgspec.to_builtins(order).items() if name != "items"}
    yield from (_spaced(str(each)) for each in values.values())
    yield from (_spaced(f"{name}: {value}") for name, value in values.items())
    yield _spaced(f"{order.total} {order.currency}")
    yield _spaced(f"{order.refunded} {order.currency}")


def _spaced(text: str) -> str:
    return " ".join(lower(plain(text)).split())


def _is_harmless(text: str, evidence: Evidence) -> bool:
    return 0 < len(text.strip()) <= MAX_MISSING_LENGTH and next(find_unknown_references(read(text), evidence), None) is None
