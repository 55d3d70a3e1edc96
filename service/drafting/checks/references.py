"""Whether what a draft refers to is in the records: numbers, carriers, amounts, dates, links and addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.carriers import carriers_in
from service.drafting.checks.claims import Claim, claims_of
from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import Folded
from service.drafting.checks.placing import finding
from service.drafting.types import Check, Finding

TRACKING_LENGTH = 8
"""An unknown number that long, with four digits or more, was meant as a tracking number."""

_CHECKS: dict[str, Check] = {
    "link": "link",
    "email_address": "email_address",
    "amount": "amount",
    "share": "amount",
    "date": "date",
    "day_word": "date",
    "period": "date",
    "time": "date",
}

_SENTENCES: dict[Check, str] = {
    "order_number": "The number {shown} is in no record of this customer: leave it out.",
    "tracking_number": "The tracking number {shown} is in no record of this customer: leave it out.",
    "carrier": "No record says that {shown} carries an order: leave the carrier out.",
    "amount": "The amount {shown} is in no record or article: leave it out.",
    "date": "The date or period {shown} is in no record or article: leave it out.",
    "link": "The link {shown} is in no record or article: leave it out.",
    "email_address": "The address {shown} is not the shop's: leave it out.",
}

_LETTERED = re.compile(r"[A-Z]{2,12}[-/]\d{3}")

_ORDER_WORD = re.compile(
    r"(?:order|orders|bestellung|bestell-?nr\.?|bestellnummer|auftrag|commande|pedido|encomenda|ordine|bestelling|order"
    r"|zamówieni\w+"
    r"|beställning|ordre|bestilling|tilau\w+|objednávk\w+|number|nummer|nr\.?|no\.?|n°|numéro|número|numero|numer\w*|numero"
    r"|čísl\w+)"
    r"[\s:]{1,3}$",
    re.IGNORECASE,
)


def find_unknown_references(text: Folded, evidence: Evidence) -> Iterator[Finding]:
    """Yield a blocking finding for each reference that no record, article or earlier reply of the shop holds."""
    for claim in claims_of(text.text):
        check = _check_of(claim, text.text)
        if check is not None and not evidence.has(claim):
            yield finding(text, check, claim.start, claim.end, _SENTENCES[check])
    for (start, end), name in carriers_in(text.text).items():
        if not evidence.has_carrier(name):
            yield finding(text, "carrier", start, end, _SENTENCES["carrier"])


def _check_of(claim: Claim, text: str) -> Check | None:
    """Return which check a claim falls under; None for what needs no support, such as a quantity."""
    if claim.kind != "number":
        return _CHECKS[claim.kind]
    digits = sum(map(str.isdigit, claim.value))
    if digits >= 4 and len(claim.value) >= TRACKING_LENGTH:
        return "tracking_number"
    if digits >= 4 or claim.shown.startswith("#") or _LETTERED.match(claim.shown):
        return "order_number"
    return "order_number" if _ORDER_WORD.search(text[max(0, claim.start - 30) : claim.start]) else None
