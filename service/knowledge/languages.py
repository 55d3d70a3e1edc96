"""Which of PostgreSQL's text search configurations reads a language: it knows the language's endings and its idle words. Pure."""

from __future__ import annotations

WITHOUT_GRAMMAR = "simple"
"""Words as they are, in lower case."""

# Those that every PostgreSQL from 14 on has.
_CONFIGURATIONS = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nb": "norwegian",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


def configuration_of(language: str) -> str:
    """Return the configuration for an ISO 639-1 code; `simple` where PostgreSQL has none."""
    return _CONFIGURATIONS.get(language.lower(), WITHOUT_GRAMMAR)
