"""Replies that a good colleague would write, in thirteen languages: the status of an order, a refund passed on, a policy."""

from __future__ import annotations

from service.drafting.types import (
    CustomerFacts,
    Draft,
    EarlierMessage,
    Excerpt,
    Finding,
    OrderFacts,
    OrderItem,
    ShopVoice,
    Snapshot,
)

ORDER = OrderFacts(
    number="NW-10421",
    status="paid",
    fulfilment="shipped",
    placed_on="2026-11-12",
    total="129.90",
    currency="EUR",
    items=(OrderItem("Tarn rain jacket, size M"), OrderItem("Drift 3000 water bottle", 2)),
    carrier="DHL",
    tracking_number="00340434161094021501",
    tracking_url="https://track.example/00340434161094021501",
)

ARTICLES = {
    "en": "You can return anything within 30 days of its delivery. We send you a label for it.",
    "de": "Sie können alles innerhalb von 30 Tagen nach der Lieferung zurückgeben. Wir schicken Ihnen dafür ein Etikett.",
    "fr": "Vous pouvez tout retourner dans les 30 jours suivant la livraison. Nous vous envoyons une étiquette.",
    "es": "Puede devolver todo en un plazo de 30 días desde la entrega. Le enviamos una etiqueta.",
    "it": "Può restituire tutto entro 30 giorni dalla consegna. Le inviamo un'etichetta.",
    "nl": "U kunt alles binnen 30 dagen na levering terugsturen. Wij sturen u een label.",
    "pt": "Pode devolver tudo no prazo de 30 dias após a entrega. Enviamos-lhe uma etiqueta.",
    "pl": "Wszystko można zwrócić w ciągu 30 dni od dostawy. Wyślemy Państwu etykietę.",
    "sv": "Du kan returnera allt inom 30 dagar efter leverans. Vi skickar en etikett till dig.",
    "da": "Du kan returnere alt inden for 30 dage efter levering. Vi sender dig en etiket.",
    "no": "Du kan returnere alt innen 30 dager etter levering. Vi sender deg en etikett.",
    "fi": "Voit palauttaa kaiken 30 päivän kuluessa toimituksesta. Lähetämme sinulle tarran.",
    "cs": "Vše můžete vrátit do 30 dnů od doručení. Pošleme vám štítek.",
}

STATUS = {
    "en": "Hello Anna,\n\nyour order NW-10421 is on its way with DHL. The tracking number is 00340434161094021501.",
    "de": (
        "Guten Tag Frau Weber,\n\nIhre Bestellung NW-10421 ist mit DHL unterwegs. Die Sendungsnummer lautet 00340434161094021501."
    ),
    "fr": "Bonjour Anna,\n\nvotre commande NW-10421 est en route avec DHL. Son numéro de suivi est 00340434161094021501.",
    "es": "Hola, Anna:\n\nsu pedido NW-10421 está en camino con DHL. El número de seguimiento es 00340434161094021501.",
    "it": "Buongiorno Anna,\n\nil suo ordine NW-10421 è in viaggio con DHL. Il numero di tracciamento è 00340434161094021501.",
    "nl": "Goedendag Anna,\n\nuw bestelling NW-10421 is onderweg met DHL. Het volgnummer is 00340434161094021501.",
    "pt": "Olá, Anna,\n\na sua encomenda NW-10421 está a caminho com a DHL. O número de seguimento é 00340434161094021501.",
    "pl": "Dzień dobry,\n\nPani zamówienie NW-10421 jest w drodze z DHL. Numer przesyłki to 00340434161094021501.",
    "sv": "Hej Anna,\n\ndin beställning NW-10421 är på väg med DHL. Spårningsnumret är 00340434161094021501.",
    "da": "Hej Anna,\n\ndin ordre NW-10421 er på vej med DHL. Sporingsnummeret er 00340434161094021501.",
    "no": "Hei Anna,\n\nbestillingen din NW-10421 er på vei med DHL. Sporingsnummeret er 00340434161094021501.",
    "fi": "Hei Anna,\n\ntilauksesi NW-10421 on matkalla DHL:n kyydissä. Seurantakoodi on 00340434161094021501.",
    "cs": "Dobrý den,\n\nVaše objednávka NW-10421 je na cestě s DHL. Číslo zásilky je 00340434161094021501.",
}

REFUND = {
    "en": (
        "Hello Anna,\n\nthank you for your message. I have passed your refund request on to our team, who will look into it "
        "and write to you."
    ),
    "de": (
        "Guten Tag Frau Weber,\n\nvielen Dank für Ihre Nachricht. Ich habe Ihren Wunsch nach einer Erstattung an unser Team "
        "weitergegeben, das ihn prüft und sich bei Ihnen meldet."
    ),
    "fr": (
        "Bonjour Anna,\n\nmerci pour votre message. J'ai transmis votre demande de remboursement à notre équipe, qui va l'examiner."
    ),
    "es": "Hola, Anna:\n\ngracias por su mensaje. He trasladado su solicitud de reembolso a nuestro equipo, que la revisará.",
    "it": (
        "Buongiorno Anna,\n\ngrazie per il suo messaggio. Ho inoltrato la sua richiesta di rimborso al nostro team, che la "
        "verificherà."
    ),
    "nl": (
        "Goedendag Anna,\n\nbedankt voor uw bericht. Ik heb uw verzoek om terugbetaling doorgegeven aan ons team, dat het bekijkt."
    ),
    "pt": "Olá, Anna,\n\nobrigado pela sua mensagem. Encaminhei o seu pedido de reembolso à nossa equipa, que o vai analisar.",
    "pl": "Dzień dobry,\n\ndziękujemy za wiadomość. Przekazałam prośbę o zwrot pieniędzy naszemu zespołowi, który ją sprawdzi.",
    "sv": (
        "Hej Anna,\n\ntack för ditt meddelande. Jag har skickat din begäran om återbetalning vidare till vårt team, som "
        "undersöker den."
    ),
    "da": "Hej Anna,\n\ntak for din besked. Jeg har videresendt din anmodning om refundering til vores team, som undersøger den.",
    "no": (
        "Hei Anna,\n\ntakk for meldingen. Jeg har videresendt forespørselen din om refundering til teamet vårt, som undersøker den."
    ),
    "fi": "Hei Anna,\n\nkiitos viestistäsi. Olen välittänyt hyvityspyyntösi tiimillemme, joka tarkistaa sen.",
    "cs": "Dobrý den,\n\nděkujeme za Vaši zprávu. Vaši žádost o vrácení peněz jsem předala našemu týmu, který ji prověří.",
}

POLICY = {
    "en": "Hello Anna,\n\nyes, you can return the jacket within 30 days of its delivery. We then send you a label for it.",
    "de": (
        "Guten Tag Frau Weber,\n\nja, Sie können die Jacke innerhalb von 30 Tagen nach der Lieferung zurückgeben. Wir schicken "
        "Ihnen dann ein Etikett."
    ),
    "fr": (
        "Bonjour Anna,\n\noui, vous pouvez retourner la veste dans les 30 jours suivant la livraison. Nous vous enverrons "
        "alors une étiquette."
    ),
    "es": (
        "Hola, Anna:\n\nsí, puede devolver la chaqueta en un plazo de 30 días desde la entrega. Después le enviamos una etiqueta."
    ),
    "it": "Buongiorno Anna,\n\nsì, può restituire la giacca entro 30 giorni dalla consegna. Le inviamo poi un'etichetta.",
    "nl": "Goedendag Anna,\n\nja, u kunt de jas binnen 30 dagen na levering terugsturen. Wij sturen u dan een label.",
    "pt": "Olá, Anna,\n\nsim, pode devolver o casaco no prazo de 30 dias após a entrega. Depois enviamos-lhe uma etiqueta.",
    "pl": "Dzień dobry,\n\ntak, kurtkę można zwrócić w ciągu 30 dni od dostawy. Wyślemy wtedy etykietę.",
    "sv": "Hej Anna,\n\nja, du kan returnera jackan inom 30 dagar efter leverans. Vi skickar sedan en etikett till dig.",
    "da": "Hej Anna,\n\nja, du kan returnere jakken inden for 30 dage efter levering. Vi sender dig så en etiket.",
    "no": "Hei Anna,\n\nja, du kan returnere jakken innen 30 dager etter levering. Vi sender deg da en etikett.",
    "fi": "Hei Anna,\n\nkyllä, voit palauttaa takin 30 päivän kuluessa toimituksesta. Lähetämme sinulle sitten tarran.",
    "cs": "Dobrý den,\n\nano, bundu můžete vrátit do 30 dnů od doručení. Pak vám pošleme štítek.",
}

SIGNATURE = "Nordlicht"


def snapshot_in(language: str, **changes: object) -> Snapshot:
    """Return a snapshot of a shop that knows one order and one article in a language."""
    fields: dict[str, object] = {
        "today": "2026-11-25",
        "language": language,
        "shop": ShopVoice("Nordlicht", language, "warm", SIGNATURE),
        "customer": CustomerFacts("Anna Weber", vip=False, tier="verified"),
        "orders": (ORDER,),
        "articles": (Excerpt("returns", "Returns", ARTICLES[language]),),
        "conversation": (EarlierMessage("out", "2026-11-20", "Hello Anna, we packed it on 19 November."),),
        "subject": "My order",
        "text": "A question about my order.\n\nAnna",
        **changes,
    }
    return Snapshot(**fields)  # type: ignore[arg-type]


def draft(reply: str, language: str = "en", **changes: object) -> Draft:
    """Return a draft with this reply; the shop's signature is added where it is missing."""
    signed = reply if reply.endswith(SIGNATURE) else f"{reply}\n\n{SIGNATURE}"
    fields: dict[str, object] = {
        "reply": signed,
        "language": language,
        "intent": "other",
        "needs_human": False,
        "missing_information": (),
        "citations": (),
        **changes,
    }
    return Draft(**fields)  # type: ignore[arg-type]


def blocking(findings: tuple[Finding, ...]) -> list[str]:
    """Return the checks that block, once each, in order."""
    return list(dict.fromkeys(each.check for each in findings if each.severity == "blocking"))
