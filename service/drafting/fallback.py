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
    "sv": (
        "Hej,",
        "tack för ditt meddelande. Vi har tagit emot det, och någon i vårt team svarar dig personligen.",
    ),
    "da": (
        "Hej,",
        "tak for din besked. Vi har modtaget den, og en fra vores team svarer dig personligt.",
    ),
    "no": (
        "Hei,",
        "takk for meldingen. Vi har mottatt den, og en av oss i teamet svarer deg personlig.",
    ),
    "fi": (
        "Hei,",
        "kiitos viestistäsi. Olemme vastaanottaneet sen, ja joku tiimistämme vastaa sinulle henkilökohtaisesti.",
    ),
    "cs": (
        "Dobrý den,",
        "děkujeme za Vaši zprávu. Obdrželi jsme ji a někdo z našeho týmu Vám osobně odpoví.",
    ),
}

FALLBACK_LANGUAGES = frozenset(_TEXTS)


def fallback_text(language: str, signature: str) -> tuple[str, str]:
    """Return (language, text): the fallback in this language, in English where we have none, with the shop's signature."""
    known = language[:2].lower()
    if known in {"nb", "nn"}:
        known = "no"
    if known not in _TEXTS:
        known = "en"
    greeting, sentence = _TEXTS[known]
    return known, f"{greeting}\n\n{sentence}\n\n{signature}".strip()
