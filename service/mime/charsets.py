"""Text that PostgreSQL takes, and the codecs that bytes from outside may be decoded with. Pure."""

from __future__ import annotations

import codecs
import re

_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Python's codecs that are none of mail's: some make lone surrogates or warn, and punycode takes quadratic time."""

_LINE_ENDS = re.compile(r"[\r\n]+")


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


def one_line(text: str) -> str:
    """Return a header field's text without line ends, which an encoded word may hold: in a reply they would begin another field."""
    return _LINE_ENDS.sub(" ", text)
