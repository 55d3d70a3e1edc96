"""Amounts of money as people write them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_NUMBER = r"(?<![\d.,])\d{1,3}(?:[ .,'\u00a0\u202f]\d{3}){1,4}(?:[.,]\d{1,2})?(?!\d)|(?<![\d.,])\d{1,12}(?:[.,]\d{1,2})?(?!\d)"
NUMBER = f"(?:{_NUMBER})"
"""A number as a piece of a pattern, with the separators of any locale."""

_CURRENCIES = {
    "EUR": ("€", "eur", "euros?", "euroa?"),
    "USD": ("us\\$", "\\$", "usd", "dollars?"),
    "GBP": ("£", "gbp", "pounds?", "pfund"),
    "CHF": ("chf", "franken", "francs?"),
    "SEK": ("sek", "kronor"),
    "DKK": ("dkk",),
    "NOK": ("nok",),
    "kr": ("kr\\.?", "kroner"),
    "PLN": ("zł", "pln", "złotych", "złote"),
    "CZK": ("kč", "czk", "korun"),
    "CAD": ("cad", "c\\$"),
    "AUD": ("aud", "a\\$"),
    "JPY": ("¥", "jpy", "yen"),
}
CURRENCY = "|".join(f"(?<![^\\W\\d_]){name}" if name[0].isalpha() else name for names in _CURRENCIES.values() for name in names)
"""A currency's sign, code or name as a piece of a pattern."""

LONGEST_CURRENCY = 12
"""Characters of the longest of them, and a space."""

_NAMED = tuple((code, re.compile("|".join(names), re.IGNORECASE)) for code, names in _CURRENCIES.items())
_CROWNS = frozenset({"SEK", "DKK", "NOK"})
_DIGITS = re.compile(r"\d[\d .,'\u00a0\u202f]*")


def value_of(text: str) -> Decimal:
    """Return the number in a text, normalised, or 0. The last separator before one or two digits is the decimal's."""
    match = _DIGITS.search(text)
    digits = match[0].strip(" .,'\u00a0\u202f") if match else "0"
    whole, mark, cents = "", "", ""
    for separator in ",.":
        head, found, tail = digits.rpartition(separator)
        if found and len(tail) <= 2 and len(head) > len(whole):
            whole, mark, cents = head, found, tail
    plain = re.sub(r"\D", "", whole if mark else digits) + (f".{cents}" if mark else "")
    try:
        return Decimal(plain).normalize() + 0
    except InvalidOperation:
        return Decimal(0)


def currency_of(text: str) -> str:
    """Return the ISO 4217 code of the currency that a text names, `kr` for any Nordic crown, "" for none."""
    letters = re.sub(r"[\d.,']", " ", text)
    return next((code for code, pattern in _NAMED if pattern.search(letters)), "")


def is_same_currency(first: str, second: str) -> bool:
    """Whether two currencies may be one: a crown is any of three."""
    return first == second or (first == "kr" and second in _CROWNS) or (second == "kr" and first in _CROWNS)
