"""A text's language: told where it is sure, None where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.drafting.language import LANGUAGES, language_of

MAILS = {
    "en": "Hello, I ordered a jacket two weeks ago and it is still not here. Can you tell me where it is?",
    "de": "Guten Tag, ich habe vor zwei Wochen eine Jacke bestellt, und sie ist noch nicht da. Wo ist sie?",
    "fr": "Bonjour, j'ai commandé une veste il y a deux semaines et je n'ai toujours rien reçu. Où est-elle ?",
    "es": "Hola, hace dos semanas pedí una chaqueta y todavía no ha llegado. ¿Me pueden decir dónde está?",
    "it": "Buongiorno, due settimane fa ho ordinato una giacca e non è ancora arrivata. Mi dite dov'è?",
    "nl": "Goedendag, twee weken geleden heb ik een jas besteld en die is er nog steeds niet. Waar blijft hij?",
    "pt": "Olá, há duas semanas encomendei um casaco e ainda não chegou. Podem dizer-me onde está?",
    "pl": "Dzień dobry, dwa tygodnie temu zamówiłam kurtkę i jeszcze jej nie dostałam. Gdzie ona jest?",
    "sv": "Hej, jag beställde en jacka för två veckor sedan och den har inte kommit än. Var är den?",
    "da": "Hej, jeg bestilte en jakke for to uger siden, og den er stadig ikke kommet. Hvor bliver den af?",
    "no": "Hei, jeg bestilte en jakke for to uker siden, og den har fortsatt ikke kommet fram. Hvor blir det av den?",
    "fi": "Hei, tilasin takin kaksi viikkoa sitten, eikä se ole vieläkään tullut. Missä se on?",
    "cs": "Dobrý den, před dvěma týdny jsem si objednala bundu a pořád nepřišla. Kde je?",
}


def test_languages_when_listed_then_each_has_a_mail_here() -> None:
    assert set(MAILS) == set(LANGUAGES)


@pytest.mark.parametrize(("language", "text"), MAILS.items())
def test_language_when_a_mail_is_in_it_then_it_is_told(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, where is my parcel?", "en"),
        ("Where is my order?", "en"),
        ("Wo ist mein Paket?", "de"),
        ("Wo bleibt meine Bestellung?", "de"),
        ("Où est ma commande ?", "fr"),
        ("¿Dónde está mi pedido?", "es"),
        ("Dov'è il mio pacco?", "it"),
        ("Waar is mijn pakket?", "nl"),
        ("Onde está a minha encomenda?", "pt"),
        ("Gdzie jest moja paczka?", "pl"),
    ],
)
def test_language_when_a_mail_is_short_but_clear_then_it_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t ",
        "#1042 ???",
        "ok",
        "12.11.2026 59,90 00340434161094042557",
        "https://track.example/where-is-my-order-and-when-will-it-come",
        "where-is-my-order-please@customers.example",
        "Missä pakettini on?",
        "\x00\x01\x02\x7f\ud800\ufffe",
        "\U0001f600" * 50,
    ],
)
def test_language_when_a_text_does_not_tell_then_none(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize("noise", ["\x00", "\x07\x1b", "\ud800", "\ufffe", "\ufdd0", "\x85"])
def test_language_when_the_detector_refuses_a_character_then_the_rest_tells(noise: str) -> None:
    assert language_of(f"{noise}{MAILS['de'][:40]}{noise}{MAILS['de'][40:]}{noise}") == "de"


def test_language_when_links_and_addresses_are_of_another_then_the_words_tell() -> None:
    links = "https://shop.example/where-is-my-order please-help-me-with-my-order@customers.example " * 5

    assert language_of(f"{links}{MAILS['de']}") == "de"


def test_language_when_a_text_is_very_long_then_its_beginning_tells() -> None:
    assert language_of(f"{MAILS['pl'] * 100}{MAILS['fi'] * 1_000}") == "pl"


@given(text=st.text(max_size=2_000))
@settings(max_examples=300, deadline=None)
def test_language_when_any_text_comes_then_a_code_or_nothing(text: str) -> None:
    found = language_of(text)

    assert found is None or (len(found) == 2 and found.isascii() and found.islower())
