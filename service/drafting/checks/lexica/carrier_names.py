"""The carriers that parcels of European and American shops come with, and the other forms of their names. A table, and no code."""

from __future__ import annotations

_LOOSE = (
    "DHL", "DPD", "GLS", "FedEx", "TNT", "USPS", "Royal Mail", "Evri", "Yodel", "Parcelforce", "Parcelforce Worldwide",
    "PostNL", "bpost",
    "Colissimo", "Chronopost", "Mondial Relay", "Deutsche Post", "Österreichische Post", "Schweizerische Post", "Swiss Post",
    "Poste Italiane", "SEUR", "InPost", "Poczta Polska", "PostNord", "Budbee", "Instabox", "Matkahuolto", "Packeta", "Zásilkovna",
    "Česká pošta", "Canada Post", "Australia Post", "Purolator", "OnTrac", "LaserShip", "Amazon Logistics", "Asendia", "Nacex",
    "Bartolini", "Geodis", "DB Schenker", "Airmee", "Helthjem", "Omniva", "Whistl", "Parcel2Go", "Tipsa", "Homerr", "Trunkrs",
)  # fmt: skip

_EXACT = (
    "UPS", "Hermes", "Posten", "Bring", "Posti", "SDA", "MRW", "CTT", "BRT", "An Post", "La Poste", "Correos", "Relais Colis",
    "Post AG", "PPL",
)  # fmt: skip
"""Ordinary words as well: they count in exactly this spelling, and those that begin a sentence in any language do not there."""

BEGINNERS = frozenset({"Bring", "Posten", "Correos"})

_FORMS = {
    "Zásilkovna": "Zásilkovny Zásilkovně Zásilkovnu Zásilkovnou",
    "InPost": "InPostu InPostem",
    "PostNord": "PostNordin PostNordilla",
    "Packeta": "Packety Packetou",
    "Matkahuolto": "Matkahuollon Matkahuollolla",
    "Posti": "Postin Postilla",
}
_PHRASES = {
    "Poczta Polska": ("Poczty Polskiej", "Pocztą Polską", "Poczcie Polskiej"),
    "Česká pošta": ("České pošty", "Českou poštou", "České poště"),
}

NAMES: dict[str, str] = {
    **{name: name for name in (*_LOOSE, *_EXACT)},
    **{form: name for name, forms in _FORMS.items() for form in forms.split()},
    **{form: name for name, forms in _PHRASES.items() for form in forms},
}
"""Each form of a name: the name."""

EXACT = frozenset(_EXACT) | {"Postin", "Postilla"}
