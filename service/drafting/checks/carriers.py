"""The carriers that parcels of European and American shops come with. Pure."""

from __future__ import annotations

import re

_LOOSE = (
    "DHL", "UPS", "DPD", "GLS", "Hermes", "FedEx", "TNT", "USPS", "Royal Mail", "Evri", "Yodel", "Parcelforce", "PostNL", "bpost",
    "La Poste", "Colissimo", "Chronopost", "Mondial Relay", "Deutsche Post", "Österreichische Post", "Swiss Post",
    "Schweizerische Post",
    "Poste Italiane", "BRT", "SDA", "Correos", "SEUR", "MRW", "InPost", "Poczta Polska", "PostNord", "Posten", "Bring", "Budbee",
    "Instabox", "Posti", "Matkahuolto", "Packeta", "Zásilkovna", "Česká pošta", "CTT", "An Post", "Canada Post", "Australia Post",
    "Purolator", "OnTrac", "LaserShip", "Amazon Logistics", "Asendia", "Nacex", "Bartolini", "Relais Colis", "Geodis",
    "DB Schenker",
)  # fmt: skip
_WORDS_TOO = frozenset(
    {"UPS", "Hermes", "Posten", "Bring", "Posti", "SDA", "MRW", "CTT", "BRT", "An Post", "Relais Colis", "La Poste"}
)
"""Ordinary words as well: they count in exactly this spelling."""

_NAMES = {name.casefold(): name for name in _LOOSE}
_ANY = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_LOOSE, key=len, reverse=True)))})(?!\w)", re.IGNORECASE)


def carriers_in(text: str, *, is_loose: bool = False) -> dict[tuple[int, int], str]:
    """Return the carriers that a text names, by where. is_loose: also those in any case that are ordinary words too."""
    found = {match.span(): _NAMES[match[0].casefold()] for match in _ANY.finditer(text)}
    return {span: name for span, name in found.items() if is_loose or name not in _WORDS_TOO or text[slice(*span)] == name}
