"""Which language a text is in, by CLD2 (Chromium's compact language detector). Pure; a tenth of a millisecond."""

from __future__ import annotations

import re

import pycld2

MAX_LENGTH = 5_000

MIN_LETTERS = 12
"""Below that CLD2 guesses, and says that it is sure."""

SHORT_LETTERS = 40
"""Below that its word is only taken where a common word of the language bears it out."""

MIN_PERCENT = 60
"""Of the text that must be in that language."""

_COMMON_WORDS = {
    "en": "where is my the i it can order have please you want this your and a for not to hello has of",
    "de": "wo ist mein meine die der das ich bitte nicht und sie meinen wann kann bleibt eine es haben will ihre",
    "fr": "où est mon ma la le je ne pas une un vous ma bonjour merci veux voudrais les ai votre de",
    "es": "dónde está mi el la un una no quiero por favor hola mis puedo su ha qué los",
    "it": "dove è mio il mia un una non vorrei dov ho la buongiorno grazie posso ordine che le",
    "nl": "waar is mijn het de ik wil een niet kan bestelling heb u en geen bij graag",
    "pt": "onde está a minha o meu quero um uma não encomenda obrigado posso os foi",
    "pl": "gdzie jest moja moje chcę nie i na czy proszę dzień dobry moją mój się",
    "sv": "var är mitt min jag vill ha en ett inte hej det kan beställning och har",
    "da": "hvor er min jeg vil have en et ikke hej pakke ordre den kan og mit",
    "no": "hvor er min jeg vil ha en et ikke hei pakken bestillingen den kan og mitt ordren",
    "fi": "missä on en ei haluan minun hei voinko kiitos tilaukseni pakettini ja milloin se",
    "cs": "kde je můj moje chci prosím dobrý den ne mi a objednávka balík můžu se moji",
}

LANGUAGES = tuple(_COMMON_WORDS)
"""Those that we have texts and words for, ISO 639-1."""

# Links, addresses, numbers and what CLD2 refuses: control characters and half a surrogate pair.
_NO_WORDS = re.compile(
    r"(?<!\w)\w{2,10}://\S++|(?<!\S)[^\s@]*+@\S*+|(?<!\S)[^\s\d]*+\d\S*+|[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# The same for most texts: those without links and without what cannot be printed.
_NO_PLAIN_WORDS = re.compile(r"(?<!\S)[^\s@\d]*+[@\d]\S*+")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_NAMES = {"nb": "no", "nn": "no", "iw": "he", "jw": "jv"}
_COMMON = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, "no" for both Norwegians; None where it does not tell. Never raises."""
    words = _words_of(text[:MAX_LENGTH].replace("\n", " "))
    letters = _letters_of(words)
    if letters < MIN_LETTERS:
        return None
    try:
        is_reliable, _, found = pycld2.detect(words, isPlainText=True)
    except (pycld2.error, ValueError):
        return None
    _, code, percent, _ = found[0]
    if not is_reliable or code == "un" or percent < MIN_PERCENT:
        return None
    language = _OTHER_NAMES.get(code) or str(code)[:2]
    return language if letters >= SHORT_LETTERS or _is_borne_out(language, words) else None


def _words_of(line: str) -> str:
    is_plain = line.isprintable() and "://" not in line
    return (_NO_PLAIN_WORDS if is_plain else _NO_WORDS).sub(" ", line)


def _letters_of(words: str) -> int:
    """Return how many letters there are: at least SHORT_LETTERS where there are more of them."""
    count = 0
    for start in range(0, len(words), SHORT_LETTERS):
        count += sum(map(str.isalpha, words[start : start + SHORT_LETTERS]))
        if count >= SHORT_LETTERS:
            break
    return count


def _is_borne_out(language: str, text: str) -> bool:
    """Whether a short text has common words of a language, and of no other more."""
    spoken = set(_WORD.findall(text.lower()))
    count = len(spoken & _COMMON.get(language, frozenset()))
    return count > 0 and all(len(spoken & others) <= count for others in _COMMON.values())
