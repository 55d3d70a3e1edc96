"""Currencies as people write them, in lower case. A table, and no code."""

from __future__ import annotations

CURRENCIES: dict[str, str] = {
    name: code
    for code, names in {
        "EUR": "€ eur euro euros euroa euró",
        "USD": "us$ usd",
        "$": "$ dollar dollars dólares dollari",
        "GBP": "£ gbp pound pounds pfund livres libras",
        "CHF": "chf franken francs sfr",
        "SEK": "sek",
        "DKK": "dkk",
        "NOK": "nok",
        "kr": "kr kronor kroner krone kronen kruunua korony",
        "PLN": "zł pln złotych złote złoty",
        "CZK": "kč czk korun koruny",
        "CAD": "cad c$ ca$",
        "AUD": "aud a$ au$",
        "NZD": "nzd",
        "JPY": "¥ jpy yen",
        "HUF": "huf ft",
        "RON": "ron lei",
        "INR": "inr ₹",
        "BTC": "btc bitcoin bitcoins ₿",
    }.items()
    for name in names.split()
}
"""`kr` is any Nordic crown, `$` any dollar."""

SIGNS = "€$£¥₹₿"

ONE_OF: dict[str, frozenset[str]] = {
    "kr": frozenset({"SEK", "DKK", "NOK"}),
    "$": frozenset({"USD", "CAD", "AUD", "NZD"}),
}

PERCENT = frozenset(
    """
    % percent prozent pourcent procent procenta procentů procentti prosenttia prosent
    """.split()  # noqa: SIM905 - words read better so
)
PER_CENT = frozenset({("per", "cent"), ("pour", "cent"), ("por", "ciento"), ("por", "cento"), ("per", "cento")})

MEASURES = frozenset(
    """
    m cm mm km kg g mg l ml cl dl oz lb lbs inch in ft m2 w kw kwh v ah mah gb tb mb hz ghz °c x
    """.split()  # noqa: SIM905 - words read better so
)
"""After a number with two decimals: no money."""

LARGE_NUMBERS = (
    "hundred", "thousand", "hundert", "tausend", "cents", "cent", "mille", "cien", "cientos", "mil", "cento", "duecento", "honderd",
    "duizend", "centos", "sto", "dwieście", "tysiąc", "tysiące", "tysięcy", "hundra", "tusen", "hundrede", "hundre", "tusind",
    "sataa",
    "tuhatta", "set", "tisíc", "fifty", "twenty", "thirty", "forty", "zwanzig", "dreißig", "vierzig", "fünfzig",
)  # fmt: skip
"""How large numbers end that are written in words."""
