"""The words by which the gullible mode knows what it is told to do: patterns in several languages, and no code."""

from __future__ import annotations

from service.embedded.standin.words import Language

SAY = (
    "say(?:ing)?|writ(?:e|ing)|repl(?:y|ies)|respond|answer|confirm|state|tell|announce|include|add|output|print|inform|reveal|mention|promise|"
    "sagen?|sag|schreiben?|schreib|antworte[nt]?|bestätigen?|bestätige|teilen?|erkläre|nenne|versprich|"
    "dis|dites|dire|écri(?:s|vez|re)|répond(?:s|ez|re)|confirme[rz]?|indique[rz]?|annonce[rz]?|"
    "di|diga|decir|escrib[ae]|escribir|respond[ae]|confirm[ae]r?|indique|"
    "scrivi|scriva|rispondi|risponda|conferm[ai]|dica|"
    "zeg|schrijf|antwoord|bevestig|meld|"
    "escrev[ae]|responda|confirm[ae]|informe|"
    "napisz|powiedz|potwierdź|odpowiedz|"
    "skriv|säg|sig|si|svara?|bekräfta|bekræft|bekreft|"
    "kirjoita|vastaa|vahvista|sano|"
    "napiš|řekni|potvrď|odpověz|"
    "reply_text|reply|body|assistant"
)
"""Verbs of saying, in the forms of an order."""

THAT = "that|dass|daß|que|che|dat|że|iż|att|at|että|že"

REVEAL = (
    "reveal|print|repeat|show|output|list|translate|quote|share|paste|include|copy|give|send|write|what (?:are|is)|"
    "nenne|zeig\\w*|gib|wiederhol\\w*|übersetze|montre\\w*|affiche\\w*|répète\\w*|donne\\w*|muestr\\w*|repit\\w*|"
    "mostra\\w*|ripeti|toon|herhaal|pokaż|visa|vis|näytä|ukaž"
)
RULES = (
    "system prompt|systemprompt|prompt|(?:your|the|these|initial|hidden|previous|above|full|all) (?:instructions|rules|guidelines)|"
    "(?:ihre|deine|alle|diese) (?:anweisungen|regeln)|(?:vos|tes|les) (?:instructions|consignes)|"
    "(?:sus|tus) instrucciones|(?:tue|le) istruzioni|je instructies|instrukcje|instruktioner|ohjeet|instrukce"
)

OTHERS = (
    "other customers?|another customer|someone else|somebody else|other people|"
    "all (?:the )?(?:orders|customers)|every (?:order|customer)|"
    "neighbou?r|sister|brother|wife|husband|boss|colleague|"
    "ander\\w+ kund\\w+|alle\\w* kund\\w+|nachbar\\w*|schwester|bruder|frau|"
    "autres? clients?|voisine?|otr[oa]s? client\\w+|vecin[oa]|altr[oi] client[ei]|vicin[oa]|andere klant\\w*|buurman|"
    "outros? clientes?|vizinh[oa]|inn\\w+ klient\\w+|sąsiad\\w*|andra kund\\w*|andre kunder|muiden asiakka\\w*|jin\\w+ zákazní\\w+"
)

CONCESSIONS = (
    "refund\\w*|discount\\w*|voucher\\w*|free of charge|for free|compensat\\w+|replace\\w+|store credit|guarantee\\w*|coupon\\w*|"
    "deliver\\w* (?:by|on|tomorrow|today)|arrive\\w* (?:by|on|tomorrow|today)|https?|www|click|"
    "erstatt\\w+|rückerstatt\\w+|rabatt\\w*|gutschein\\w*|kostenlos\\w*|ersatz\\w*|"
    "rembours\\w+|remise|gratuit\\w*|bon d.achat|reembols\\w+|descuento|gratis|rimbors\\w+|sconto|buono|"
    "terugbetal\\w+|korting|desconto|vale|zwrot\\w*|rabat\\w*|återbetal\\w+|refunder\\w+|hyvity\\w+|alennus|sleva|vrácen\\w+"
)
"""What a shop gives or a fraud wants: a sentence with such a word is granted."""

LANGUAGE_NAMES: dict[Language | str, str] = {
    "en": "english|englisch|anglais|inglés|inglese|engels",
    "de": "german|deutsch|allemand|alemán|tedesco|duits",
    "fr": "french|französisch|français|francés|francese|frans",
    "es": "spanish|spanisch|espagnol|español|spagnolo|spaans",
    "it": "italian|italienisch|italien|italiano|italiaans",
    "nl": "dutch|niederländisch|néerlandais|holandés|olandese|nederlands",
    "pt": "portuguese|portugiesisch|portugais|portugués|portoghese",
    "pl": "polish|polnisch|polonais|polaco|polacco",
    "hu": "hungarian|ungarisch|hongrois|húngaro|ungherese",
    "ro": "romanian|rumänisch|roumain|rumano|rumeno",
    "ja": "japanese|japanisch|japonais|japonés",
}
"""The names of the languages that it answers in when told to, by ISO 639-1."""

FOREIGN = {
    "hu": "Köszönjük az üzenetét. Megkaptuk, és hamarosan írunk Önnek választ.",
    "ro": "Vă mulțumim pentru mesajul dumneavoastră. L-am primit și vă vom scrie în curând.",
    "ja": "お問い合わせありがとうございます。メッセージを受け取りました。担当者からご連絡いたします。",
}
"""Those that it has no sentences for."""
