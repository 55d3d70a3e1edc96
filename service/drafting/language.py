"""Which language a text is in, by CLD2 (Chromium's compact language detector). Pure; a tenth of a millisecond."""

from __future__ import annotations

import re

import pycld2

MAX_LENGTH = 5_000
MIN_LETTERS = 20
"""Below that CLD2 guesses, and says that it is sure."""

MIN_PERCENT = 60
"""Of the text that must be in that language."""

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "fi", "cs")
"""Those that we have texts and words for, ISO 639-1."""

# Links, addresses, numbers and what CLD2 refuses: control characters and half a surrogate pair.
_NO_WORDS = re.compile(r"https?://\S++|\S++@\S++|\S*+\d\S*+|[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_OTHER_NAMES = {"nb": "no", "nn": "no", "iw": "he", "jw": "jv"}


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, "no" for both Norwegians; None where it does not tell. Never raises."""
    words = _NO_WORDS.sub(" ", text[:MAX_LENGTH])
    if sum(map(str.isalpha, words)) < MIN_LETTERS:
        return None
    try:
        is_reliable, _, found = pycld2.detect(words, isPlainText=True)
    except (pycld2.error, ValueError):
        return None
    _, code, percent, _ = found[0]
    if not is_reliable or code == "un" or percent < MIN_PERCENT:
        return None
    return _OTHER_NAMES.get(code) or str(code)[:2]
