"""The words by which the stand-in knows a language and an intent: tables, and no code. `recognise.py` reads them.

A keyword begins a word and may leave its end open, so that "refund" also finds "refunded"; one that ends in a
space is whole.
"""

from __future__ import annotations

from typing import Literal

Intent = Literal[
    "where_is_order", "refund", "return", "wrong_item", "damaged", "cancel",
    "change_order", "invoice", "product_question", "complaint", "other",
]  # fmt: skip
Language = Literal["en", "de", "fr", "es", "it", "nl", "pt"]

LANGUAGES: tuple[Language, ...] = ("en", "de", "fr", "es", "it", "nl", "pt")

STOP_WORDS: dict[Language, str] = {
    "en": "the and is are was my i you your have has not of for with this that it to we please where when can would do",
    "de": "der die das und ist sind war mein meine meinen ich sie ihr ihre habe hat nicht von für mit dies bitte wo "
    "wann kann würde hallo wir ein eine einen noch auf zu den wurde schon",
    "fr": "le la les et est sont mon ma mes je vous votre avez pas de pour avec ce cette où quand peux nous un une des "
    "du bonjour merci ai été ne",
    "es": "el la los las es son mi mis yo usted su tiene no de para con este esta dónde donde cuándo puedo un una "
    "por favor hola gracias he está mi pedido",
    "it": "il lo la gli è sono mio mia io lei suo ha non di per con questo questa dove quando posso un una che ho "
    "del ciao grazie buongiorno ordine",
    "nl": "de het en is zijn was mijn ik u uw heb heeft niet van voor met dit dat waar wanneer kan een alstublieft "
    "hallo bedankt bestelling nog op",
    "pt": "os as são meu minha eu você seu tem não de para com este esta onde quando posso um uma por favor "
    "olá obrigado obrigada encomenda está",
}

# In order of precedence: the first intent that a message shows is its intent.
KEYWORDS: dict[Intent, dict[Language, tuple[str, ...]]] = {
    "damaged": {
        "en": ("damage", "broken", "broke ", "cracked", "shattered", "defect", "torn ", "scratched", "leaking"),
        "de": ("beschädigt", "beschaedigt", "kaputt", "defekt", "zerbrochen", "zerkratzt", "gerissen", "ausgelaufen"),
        "fr": ("endommagé", "cassé", "abîmé", "défectueu", "brisé", "rayé"),
        "es": ("dañad", "roto ", "rota ", "defectuos"),
        "it": ("danneggiat", "rotto ", "rotta ", "difettos"),
        "nl": ("beschadigd", "kapot", "defect"),
        "pt": ("danificad", "partido ", "quebrad", "defeituos"),
    },
    "wrong_item": {
        "en": ("wrong item", "wrong product", "wrong size", "wrong colo", "wrong article", "wrong order",
               "sent the wrong ", "received the wrong ", "got the wrong ", "not what i ordered",
               "different from what i ordered", "instead of the", "item is missing", "items are missing",
               "missing item"),
        "de": ("falsche artikel", "falschen artikel", "falscher artikel", "falsche produkt", "falsches produkt",
               "falsche größe", "falsche farbe", "falsch geliefert", "falsche ware", "etwas anderes bestellt",
               "artikel fehlt", "teil fehlt", "fehlt ein "),
        "fr": ("mauvais article", "mauvais produit", "mauvaise taille", "mauvaise couleur", "pas ce que j ai commandé",
               "erreur d article", "il manque"),
        "es": ("artículo equivocado", "producto equivocado", "talla equivocada", "falta un artículo"),
        "it": ("articolo sbagliato", "prodotto sbagliato", "taglia sbagliata", "manca un articolo"),
        "nl": ("verkeerde ", "verkeerd artikel"),
        "pt": ("artigo errado", "produto errado", "tamanho errado", "falta um artigo"),
    },
    "cancel": {
        "en": ("cancel",),
        "de": ("stornier", "storno", "bestellung abbrechen"),
        "fr": ("annuler", "annulation", "annulez"),
        "es": ("cancelar", "cancelación", "anular"),
        "it": ("annullare", "annullamento", "cancellare"),
        "nl": ("annuleren", "annulering"),
        "pt": ("cancelar", "cancelamento"),
    },
    "refund": {
        "en": ("refund", "money back", "reimburse", "chargeback"),
        "de": ("rückerstatt", "erstatt", "geld zurück", "rueckerstatt"),
        "fr": ("rembours",),
        "es": ("reembols", "devolución del dinero"),
        "it": ("rimbors",),
        "nl": ("terugbetal", "geld terug"),
        "pt": ("reembols", "dinheiro de volta"),
    },
    "return": {
        "en": ("return", "send it back", "send them back", "sending it back", "exchange"),
        "de": ("zurückschick", "zurücksend", "zurückgeb", "rücksend", "rückgabe", "retour", "umtausch",
               "zurueckschick"),
        "fr": ("retourner", "renvoyer", "un retour ", "le retour ", "échanger"),
        "es": ("devolver", "devolución", "cambiar por"),
        "it": ("restituire", "reso ", "restituzione"),
        "nl": ("retour", "terugsturen", "ruilen"),
        "pt": ("devolver", "devolução", "trocar "),
    },
    "change_order": {
        "en": ("change my order", "change the order", "change the address", "change my address", "change the delivery",
               "change the shipping", "change the size", "new address", "wrong address", "add to my order", "modify"),
        "de": ("bestellung ändern", "adresse ändern", "lieferadresse", "andere adresse", "neue adresse",
               "falsche adresse", "größe ändern", "bestellung aendern"),
        "fr": ("modifier", "changer l adresse", "changer mon adresse", "changer la taille", "nouvelle adresse",
               "changer ma commande", "mauvaise adresse"),
        "es": ("cambiar la dirección", "modificar", "cambiar mi pedido"),
        "it": ("cambiare l indirizzo", "modificare", "cambiare il mio ordine"),
        "nl": ("adres wijzigen", "bestelling wijzigen", "ander adres"),
        "pt": ("alterar", "mudar o endereço", "mudar a morada"),
    },
    "invoice": {
        "en": ("invoice", "receipt ", "vat "),
        "de": ("rechnung", "quittung", "mehrwertsteuer"),
        "fr": ("facture", "reçu ", "tva "),
        "es": ("factura",),
        "it": ("fattura",),
        "nl": ("factuur",),
        "pt": ("fatura", "recibo"),
    },
    "where_is_order": {
        "en": ("where is my", "where s my", "where are my", "where is the", "where is order", "tracking", "track my",
               "not arrived", "hasn t arrived", "hasn t come", "not received", "haven t received", "didn t receive",
               "has not come", "when will my", "when will it", "when does my", "status of my", "order status",
               "delivery status", "still waiting", "my package", "my parcel", "shipped yet", "has it shipped"),
        "de": ("wo ist", "wo bleibt", "wo sind", "wann kommt", "wann wird", "sendungsnummer", "sendungsverfolgung",
               "tracking", "nicht angekommen", "nicht erhalten", "noch nicht da", "lieferstatus", "mein paket",
               "meine lieferung", "status meiner", "warte noch", "warte immer noch", "schon verschickt",
               "schon versendet"),
        "fr": ("où est", "ou est ma", "où en est", "où se trouve", "suivi", "pas reçu", "pas arrivé", "toujours pas",
               "quand vais je recevoir", "quand arrive", "mon colis", "numéro de suivi", "j attends"),
        "es": ("dónde está", "donde está", "donde esta", "seguimiento", "no ha llegado", "no he recibido",
               "mi paquete"),
        "it": ("dov è", "dove è", "dove si trova", "tracciamento", "non è arrivato", "non ho ricevuto", "mio pacco"),
        "nl": ("waar is", "waar blijft", "track", "niet ontvangen", "niet aangekomen", "mijn pakket"),
        "pt": ("onde está", "onde esta", "rastreamento", "não chegou", "não recebi", "minha encomenda"),
    },
    "complaint": {
        "en": ("complain", "disappoint", "unacceptable", "terrible", "awful", "angry", "furious", "worst ", "rude ",
               "lawyer", "never again", "ridiculous", "bad service", "poor service"),
        "de": ("beschwer", "enttäusch", "unverschämt", "inakzeptabel", "verärgert", "frechheit", "anwalt",
               "nie wieder", "schlechter service"),
        "fr": ("réclamation", "plainte", "déçu", "inacceptable", "scandaleux", "furieu", "mécontent", "avocat",
               "plus jamais"),
        "es": ("queja", "decepcionad", "inaceptable", "reclamación"),
        "it": ("reclamo", "delus", "inaccettabile"),
        "nl": ("klacht", "teleurgesteld", "onacceptabel"),
        "pt": ("reclamação", "queixa", "decepcionad", "inaceitável"),
    },
    "product_question": {
        "en": ("in stock", "available", "do you have", "do you sell", "which size", "what size", "how big", "material",
               "does it fit", "compatible", "made of", "dishwasher", "waterproof", "a question about the"),
        "de": ("auf lager", "verfügbar", "lieferbar", "haben sie", "verkaufen sie", "welche größe", "wie groß",
               "material", "passt ", "kompatibel", "spülmaschine", "wasserdicht"),
        "fr": ("en stock", "disponible", "avez vous", "vendez vous", "quelle taille", "matière", "matériau",
               "compatible", "lave vaisselle", "étanche"),
        "es": ("disponible", "en stock", "qué talla", "tienen "),
        "it": ("disponibile", "avete ", "che taglia"),
        "nl": ("op voorraad", "beschikbaar", "welke maat", "hebben jullie", "heeft u "),
        "pt": ("disponível", "em stock", "em estoque", "que tamanho", "vocês têm"),
    },
}  # fmt: skip
