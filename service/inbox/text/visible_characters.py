"""Invisible characters: which a reader's script needs, and which only hide something. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_JOINING_SCRIPTS = (
    (0x0600, 0x08FF),  # Arabic, Syriac, Thaana, N'Ko, Mandaic
    (0x0900, 0x109F),  # the scripts of India, Thai, Lao, Tibetan, Myanmar
    (0x1780, 0x18AF),  # Khmer, Mongolian
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFE),
)
_FLAGS = tuple(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(each)) for each in name) + "\U000e007f" for name in ("gbeng", "gbsct", "gbwls")
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE_ONE = (
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_INVISIBLE = re.compile("|".join((*_FLAGS, _INVISIBLE_ONE)))
_ANY_INVISIBLE = re.compile(_INVISIBLE_ONE)
_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters by category, but they draw something (Unicode's Prepended_Concatenation_Mark)."""


def visible_text(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Return the text without invisible characters, line ends as "\n", and the kinds of what was removed, sorted.

    Joiners stay inside emoji and between letters of scripts that need them, one variation selector after a character that has
    variants. Kinds: bidi, control, filler, format, soft_hyphen, tag, variation_selector, zero_width.
    """
    if _is_plain(text):
        return text, ()
    kinds: set[str] = set()

    def seen(match: re.Match[str]) -> str:
        found = match[0]
        if len(found) > 1 or found in _VISIBLE_FORMAT:
            return found
        before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
        if before and _is_needed(found, before, after):
            return found
        kinds.add(_kind(found))
        return ""

    return _INVISIBLE.sub(seen, _LINE_END.sub("\n", text)), tuple(sorted(kinds))


def _is_plain(text: str) -> bool:
    """Whether the text comes back as it is: true of most, and soon seen. No line end and no control character is printable."""
    words = text.replace("\n", "").replace("\t", "").replace("\u00a0", "")
    return words.isprintable() and (words.isascii() or _ANY_INVISIBLE.search(words) is None)


def _is_needed(found: str, before: str, after: str) -> bool:
    if found in "\u200c\u200d" and _joins(before) and _joins(after):
        return True
    if found == "\u200d":
        return (_is_emoji(before) or before == "\ufe0f") and _is_emoji(after)
    if found in "\ufe0e\ufe0f":
        return before in "#*0123456789" or _is_emoji(before)
    if "\ufe00" <= found <= "\ufe0d" or found >= "\U000e0100":
        return unicodedata.category(before) in {"Lo", "Sm"} and not _INVISIBLE.match(before)
    if found in "\u115f\u1160":
        return "\u1100" <= after <= "\u11ff" and not _INVISIBLE.match(after)
    return "\u180b" <= found <= "\u180f" and "\u1820" <= before <= "\u18aa"


def _joins(character: str) -> bool:
    code = ord(character) if character else 0
    return any(first <= code <= last for first, last in _JOINING_SCRIPTS) and unicodedata.category(character)[0] in "LM"


def _is_emoji(character: str) -> bool:
    if not character:
        return False
    return (
        unicodedata.category(character) == "So"
        or character in "\u2194\u2195\u203c\u2049\u3030\u303d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


@cache
def _kind(character: str) -> str:
    code = ord(character)
    named = {0xAD: "soft_hyphen", 0x61C: "bidi", 0x200E: "bidi", 0x200F: "bidi", 0xFEFF: "zero_width", 0x2060: "zero_width"}
    ranges = (
        (0x200B, 0x200D, "zero_width"),
        (0x202A, 0x202E, "bidi"),
        (0x2066, 0x2069, "bidi"),
        (0xFE00, 0xFE0F, "variation_selector"),
        (0x180B, 0x180D, "variation_selector"),
        (0xE0100, 0xE01EF, "variation_selector"),
        (0xE0000, 0xE0FFF, "tag"),
    )
    ranged = next((kind for first, last, kind in ranges if first <= code <= last), "")
    by_category = {"Cc": "control", "Lo": "filler", "Mn": "filler"}
    return named.get(code) or ranged or by_category.get(unicodedata.category(character), "format")
