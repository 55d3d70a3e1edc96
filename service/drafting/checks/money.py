"""Amounts of money, whatever the locale that they are written in. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from service.drafting.checks.lexica.money_words import ONE_OF

_MAX_DIGITS = 18
_NO_DIGIT = re.compile(r"\D")


def value_of(number: str) -> Decimal | None:
    """Return the number that digits with separators are, None for none. One or two digits behind the last mark are decimals."""
    digits = number.strip(" .,'-")
    last = max(digits.rfind(","), digits.rfind("."))
    whole, decimals = (digits[:last], digits[last + 1 :]) if last >= 0 and len(digits) - last <= 3 else (digits, "")
    plain = _NO_DIGIT.sub("", whole)
    if not plain.isascii() or not 0 < len(plain) <= _MAX_DIGITS or not f"0{decimals}".isdigit():
        return None
    return Decimal(f"{plain}.{decimals or 0}")


def written(value: Decimal) -> str:
    """Return an amount as it is compared: `1234.5`. By its digits: arithmetic would round to the thread's precision."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_same_currency(first: str, second: str) -> bool:
    """Whether two currencies may be one: a crown is any of three, a dollar any of four."""
    return first == second or second in ONE_OF.get(first, ()) or first in ONE_OF.get(second, ())
