"""The text that stands where no draft could be made. It says what is known: that the mail is here and a person will read it."""

from __future__ import annotations

_TEXTS = {
    "en": (
        "Hello,",
        "thank you for your message. We have received it, and a member of our team will answer you personally.",
    ),
    "de": (
        "Guten Tag,",
        "vielen Dank für Ihre Nachricht. Sie ist bei uns angekommen, und jemand aus unserem Team wird Ihnen persönlich antworten.",
    ),
    "fr": (
        "Bonjour,",
        "merci pour votre message. Nous l'avons bien reçu, et une personne de notre équipe vous répondra personnellement.",
    ),
    "es": (
        "Hola:",
        "gracias por su mensaje. Lo hemos recibido y una persona de nuestro equipo le responderá personalmente.",
    ),
    "it": (
        "Buongiorno,",
        "grazie per il suo messaggio. Lo abbiamo ricevuto e una persona del nostro team le risponderà personalmente.",
    ),
    "nl": (
        "Goedendag,",
        "bedankt voor uw bericht. We hebben het ontvangen en iemand van ons team zal u persoonlijk antwoorden.",
    ),
    "pt": (
        "Olá,",
        "obrigado pela sua mensagem. Já a recebemos e uma pessoa da nossa equipa irá responder-lhe pessoalmente.",
    ),
    "pl": (
        "Dzień dobry,",
        "dziękujemy za wiadomość. Otrzymaliśmy ją i ktoś z naszego zespołu odpowie Państwu osobiście.",
    ),
}


def fallback_text(language: str, signature: str) -> str:
    """Return the fallback in the shop's language, in English where we have none, with the shop's signature."""
    greeting, sentence = _TEXTS.get(language[:2].lower(), _TEXTS["en"])
    return f"{greeting}\n\n{sentence}\n\n{signature}".strip()
