"""Whether what a draft refers to is in the records: numbers, carriers, amounts, dates, links and addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.carriers import find_carriers
from service.drafting.checks.claims import Claim, claims_in
from service.drafting.checks.evidence import Evidence
from service.drafting.checks.placing import finding
from service.drafting.checks.reading import Reading
from service.drafting.types import Check, Finding

TRACKING_LENGTH = 8
"""An unknown number that long, with four digits or more, was meant as a tracking number."""

ORDER_DIGITS = 4
"""A number with so many digits is an order's; a shorter one where it is called so."""

MAX_QUANTITY = 20

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
    "date": "The date, time or period {shown} is in no record or article: leave it out.",
    "link": "The link {shown} is in no record or article: leave it out.",
    "email_address": "The e-mail address {shown} is not one that the shop tells: leave it out.",
}

_LETTERED = re.compile(r"[A-Z]{2,12}[-/]\d{3}")
_ORDER_WORD = re.compile(
    r"(?<!\w)(?:orders?|purchase|bestellung|auftrag|vorgang|commande|pedido|encomenda|compra|ordine|bestelling|zamówieni\w+"
    r"|zam|beställning|order|ordre"
    r"|bestilling|tilau\w+|objednávk\w+|invoice|rechnung|facture|factura|fattura|factuur|fatura|faktur\w*|lasku\w*|ticket|case"
    r"|reference|referenz|rma|parcel"
    r"|shipment|sendung|colis|\w*(?P<mark>nummer\w*|numret|nummeret|nr|number|numer\w*|numero\w*|número|numéro|čísl\w+|no|n°"
    r"|nº|núm|id))[.:]?[ :#]{1,3}$"
)
_GOES_ON = frozenset(
    """
    is was has have had will are were and or which that from with on ist wurde wird war hat und oder die der est a sera et ou es
    está ha
    fue será y o è sarà e werd wordt heeft en of is zal foi vai ou jest został została zostało będzie i lub är har kommer och er
    blev vil og
    ble on ovat ja je byla bude a
    """.split()  # noqa: SIM905 - words read better so
)
"""After a small number they show that it was no quantity."""


def find_unknown_references(reply: Reading, evidence: Evidence) -> Iterator[Finding]:
    """Yield a blocking finding for each reference that no record, article or earlier reply of the shop holds."""
    passed = 0
    for claim in claims_in(reply):
        if claim.start < passed:
            continue
        if claim.kind == "number":
            passed = claim.start + evidence.split_number_at(reply.text[claim.start : claim.start + 60])
            check = _check_of_number(claim, reply)
            if check is None or claim.start < passed:
                continue
            shown = reply.text[claim.start : claim.end]
            if evidence.has_number(claim, shown, is_order=shown.startswith("#") or bool(_called(reply, claim))):
                continue
        else:
            check = _CHECKS[claim.kind]
            if (claim.kind == "share" and claim.values == ("100",)) or evidence.has(claim):
                continue
        yield finding(reply, check, claim.start, claim.end, _SENTENCES[check])
    for start, end, name in find_carriers(reply):
        if not evidence.has_carrier(name):
            yield finding(reply, "carrier", start, end, _SENTENCES["carrier"])


def _check_of_number(claim: Claim, reply: Reading) -> Check | None:
    """Return which check a number falls under; None for what needs no support, such as a quantity."""
    value = claim.values[0]
    digits = sum(map(str.isdigit, value))
    if digits >= ORDER_DIGITS:
        return "tracking_number" if len(value) >= TRACKING_LENGTH else "order_number"
    shown = reply.text[claim.start : claim.end]
    if shown.startswith("#") or _LETTERED.match(shown):
        return "order_number"
    called = _called(reply, claim)
    if called is None:
        return None
    following = re.match(r" ([^\W\d_]+)", reply.low[claim.end : claim.end + 30])
    is_quantity = (
        not called["mark"] and value.isdigit() and int(value) <= MAX_QUANTITY and following and following[1] not in _GOES_ON
    )
    return None if is_quantity else "order_number"


def _called(reply: Reading, claim: Claim) -> re.Match[str] | None:
    """Return the word for an order or a number right before a claim."""
    return _ORDER_WORD.search(reply.low, max(0, claim.start - 40), claim.start)
