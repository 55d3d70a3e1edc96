"""Whether a draft asks for what no shop asks for by mail, or hands out a code that no record knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import Folded, words
from service.drafting.checks.placing import finding
from service.drafting.types import Finding

_CREDENTIALS = re.compile(
    r"(?<!\w)(?:passwords?|passcodes?|pin|pins|cvv|cvc|card numbers?|credit card|bank details|login details|iban|passwort\w*"
    r"|kennwort\w*"
    r"|kartennummer\w*|kreditkarte\w*|bankdaten|zugangsdaten|mots? de passe|numéro de carte|carte bancaire|coordonnées bancaires"
    r"|contraseñas?|número de (?:la )?tarjeta|tarjeta de crédito|datos bancarios|numero della carta|carta di credito"
    r"|coordinate bancarie"
    r"|wachtwoord\w*|kaartnummer|creditcard|bankgegevens|palavra-passe|senhas?|número do cartão|cartão de crédito|dados bancários"
    r"|has[łl]a|has[łl]o|numer karty|dane bankowe|lösenord\w*|kortnummer\w*|kreditkort\w*|bankuppgifter|adgangskode\w*"
    r"|bankoplysninger"
    r"|passord\w*|salasana\w*|korttinumero\w*|luottokort\w*|pankkitie\w*|heslo|hesla|číslo karty|kreditní kart\w*)(?!\w)"
)
_CODE = re.compile(
    r"(?<!\w)(?i:codes?|gutscheincode|rabattcode|código|codice|codes? promo|kod|rabattkod|rabatkode|kód|koodi\w*)\W{1,3}"
    r"(?P<code>[A-Z][A-Z0-9]{3,30})(?!\w)"
)


def find_demands(text: Folded, evidence: Evidence) -> Iterator[Finding]:
    """Yield a blocking finding where secrets are asked for, and where a code is given, unless the shop's own texts do so too."""
    for match in _CREDENTIALS.finditer(text.text.lower()):
        if not _is_spoken(match[0], evidence):
            told = "Speaks of {shown}: the shop asks nobody for secrets by mail."
            yield finding(text, "credentials", *match.span(), told)
    for match in _CODE.finditer(text.text):
        if not _is_spoken(match["code"], evidence):
            yield finding(text, "promise", *match.span(), "Gives the code {shown}, which is in no article: leave it out.")


def _is_spoken(piece: str, evidence: Evidence) -> bool:
    return f" {' '.join(words(piece))} " in evidence.spoken
