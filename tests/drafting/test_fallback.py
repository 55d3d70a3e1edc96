"""The holding text where no draft could be made."""

from __future__ import annotations

import pytest

from service.drafting import fallback_text
from service.drafting.checks import promised_sentences
from service.drafting.fallback import FALLBACK_LANGUAGES
from service.drafting.language import language_of


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Hello"),
        ("de", "Guten Tag"),
        ("DE-at", "Guten Tag"),
        ("fr", "Bonjour"),
        ("es", "Hola"),
        ("it", "Buongiorno"),
        ("nl", "Goedendag"),
        ("pt", "Ol\u00e1"),
        ("pl", "Dzie\u0144 dobry"),
        ("sv", "Hej"),
        ("da", "Hej"),
        ("no", "Hei"),
        ("nb", "Hei"),
        ("fi", "Hei"),
        ("cs", "Dobr\u00fd den"),
        ("ja", "Hello"),
        ("", "Hello"),
    ],
)
def test_fallback_when_the_customer_writes_a_language_then_it_is_in_it_or_in_english(language: str, words: str) -> None:
    _, text = fallback_text(language, "The team")

    assert text.startswith(words)
    assert text.endswith("\n\nThe team")


def test_fallback_when_there_is_no_signature_then_it_ends_with_its_text() -> None:
    _, text = fallback_text("en", "")

    assert text == text.strip()
    assert text.endswith("personally.")


@pytest.mark.parametrize(("language", "named"), [("de-AT", "de"), ("nn", "no"), ("ja", "en"), ("", "en")])
def test_fallback_when_asked_for_a_language_then_it_names_the_one_it_is_in(language: str, named: str) -> None:
    assert fallback_text(language, "")[0] == named


@pytest.mark.parametrize("language", sorted(FALLBACK_LANGUAGES))
def test_fallback_when_it_is_read_then_its_language_is_told_and_it_promises_nothing(language: str) -> None:
    _, text = fallback_text(language, "")

    assert language_of(text) == language
    assert promised_sentences(text) == ()
