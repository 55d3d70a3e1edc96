"""The holding text where no draft could be made."""

from __future__ import annotations

import pytest

from service.drafting import fallback_text


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
        ("ja", "Hello"),
        ("", "Hello"),
    ],
)
def test_fallback_when_the_shop_speaks_a_language_then_it_is_in_it_or_in_english(language: str, words: str) -> None:
    text = fallback_text(language, "The team")

    assert text.startswith(words)
    assert text.endswith("\n\nThe team")


def test_fallback_when_there_is_no_signature_then_it_ends_with_its_text() -> None:
    assert fallback_text("en", "") == fallback_text("en", "").strip()
