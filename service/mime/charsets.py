"""Text that PostgreSQL takes, and the codecs that bytes from outside may be decoded with. Pure."""

from __future__ import annotations

import codecs

_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Python's codecs that are none of mail's: some make lone surrogates or warn, and punycode takes quadratic time."""


def clean(text: str) -> str:
    """Return the text without NUL and lone surrogates: PostgreSQL takes neither."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def is_charset(name: str) -> bool:
    """Whether bytes from outside may be decoded with the codec of that name."""
    try:
        return codecs.lookup(name).name.replace("_", "-") not in _NO_CHARSETS
    except (LookupError, ValueError):
        return False
