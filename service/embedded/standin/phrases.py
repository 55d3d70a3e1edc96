"""The stand-in's sentences: English, German and French for every intent, a short reply in the other languages. No code.

No sentence promises money, a date or a discount, and none repeats what the customer wrote: braces take record values
only. `{number}` is empty or begins with a space.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.embedded.standin.phrasebook import OrderPhrases, Phrasebook
from service.embedded.standin.short_phrases import SHORT_PHRASEBOOKS
from service.embedded.standin.words import Language

_ENGLISH = Phrasebook(
    greeting="Hello {name},",
    greeting_nobody="Hello,",
    generic="Thank you for your message. It has reached us, and we will write to you.",
    not_found="An order number in your message could not be found under this e-mail address. "
    "Please send us the order number as it stands in your order confirmation.",
    no_orders="We could not find an order under this e-mail address. "
    "Please send us the order number as it stands in your order confirmation.",
    opening={
        "where_is_order": "Thank you for asking about your order.",
        "refund": "Your question about a refund has reached us.",
        "return": "Your question about a return has reached us.",
        "wrong_item": "We are sorry that what you received is not what you ordered.",
        "damaged": "We are sorry to hear about the damage.",
        "cancel": "Your request to cancel has reached us.",
        "change_order": "Your request to change your order has reached us.",
        "invoice": "Thank you for asking about your invoice.",
        "product_question": "Thank you for your question about our products.",
        "complaint": "We are sorry that you are not satisfied.",
    },
    closing={
        "where_is_order": "If anything is still unclear, simply reply to this e-mail.",
        "refund": "A colleague will look at this personally and write to you.",
        "return": "We will write to you about the next step.",
        "wrong_item": "A photo of what you received helps us. A colleague will look at this personally.",
        "damaged": "A photo of the damage helps us. A colleague will look at this personally.",
        "cancel": "We will check whether this is possible and write to you.",
        "change_order": "We will check whether this is possible and write to you.",
        "invoice": "We will look into this and write to you.",
        "product_question": "We will look into this and write to you.",
        "complaint": "A colleague will look at this personally and write to you.",
    },
    order=OrderPhrases(
        states={
            "unfulfilled": "According to our records, your order{number} has not been shipped yet.",
            "shipped": "According to our records, your order{number} has been shipped.",
            "delivered": "According to our records, your order{number} has been delivered.",
            "cancelled": "According to our records, your order{number} has been cancelled.",
            "returned": "According to our records, your order{number} has been returned.",
        },
        found="We have found your order{number} in our records.",
        paid="It is recorded as paid.",
        carrier="The carrier is {value}.",
        tracking_number="The tracking number is {value}.",
        tracking_url="You can follow the parcel here: {value}",
    ),
)

_GERMAN = Phrasebook(
    greeting="Hallo {name},",
    greeting_nobody="Guten Tag,",
    generic="vielen Dank für Ihre Nachricht. Sie ist bei uns angekommen, und wir melden uns bei Ihnen.",
    not_found="Eine Bestellnummer in Ihrer Nachricht konnten wir unter dieser E-Mail-Adresse nicht finden. "
    "Bitte senden Sie uns die Bestellnummer so, wie sie in Ihrer Bestellbestätigung steht.",
    no_orders="Unter dieser E-Mail-Adresse konnten wir keine Bestellung finden. "
    "Bitte senden Sie uns die Bestellnummer so, wie sie in Ihrer Bestellbestätigung steht.",
    opening={
        "where_is_order": "vielen Dank für Ihre Frage zu Ihrer Bestellung.",
        "refund": "Ihre Frage zu einer Erstattung ist bei uns angekommen.",
        "return": "Ihre Frage zu einer Rücksendung ist bei uns angekommen.",
        "wrong_item": "es tut uns leid, dass Sie nicht das erhalten haben, was Sie bestellt haben.",
        "damaged": "der Schaden tut uns leid.",
        "cancel": "Ihr Wunsch nach einer Stornierung ist bei uns angekommen.",
        "change_order": "Ihr Änderungswunsch ist bei uns angekommen.",
        "invoice": "vielen Dank für Ihre Frage zu Ihrer Rechnung.",
        "product_question": "vielen Dank für Ihre Frage zu unseren Produkten.",
        "complaint": "es tut uns leid, dass Sie nicht zufrieden sind.",
    },
    closing={
        "where_is_order": "Wenn noch etwas offen ist, antworten Sie einfach auf diese E-Mail.",
        "refund": "Eine Kollegin oder ein Kollege sieht sich das persönlich an und schreibt Ihnen.",
        "return": "Wir schreiben Ihnen, wie es weitergeht.",
        "wrong_item": "Ein Foto des erhaltenen Artikels hilft uns. Wir sehen uns das persönlich an.",
        "damaged": "Ein Foto des Schadens hilft uns. Wir sehen uns das persönlich an.",
        "cancel": "Wir prüfen, ob das möglich ist, und schreiben Ihnen.",
        "change_order": "Wir prüfen, ob das möglich ist, und schreiben Ihnen.",
        "invoice": "Wir kümmern uns darum und schreiben Ihnen.",
        "product_question": "Wir kümmern uns darum und schreiben Ihnen.",
        "complaint": "Eine Kollegin oder ein Kollege sieht sich das persönlich an und schreibt Ihnen.",
    },
    order=OrderPhrases(
        states={
            "unfulfilled": "Laut unseren Unterlagen ist Ihre Bestellung{number} noch nicht verschickt.",
            "shipped": "Laut unseren Unterlagen ist Ihre Bestellung{number} verschickt.",
            "delivered": "Laut unseren Unterlagen ist Ihre Bestellung{number} zugestellt.",
            "cancelled": "Laut unseren Unterlagen ist Ihre Bestellung{number} storniert.",
            "returned": "Laut unseren Unterlagen ist Ihre Bestellung{number} zurückgesandt.",
        },
        found="Wir haben Ihre Bestellung{number} in unseren Unterlagen gefunden.",
        paid="Sie ist als bezahlt verzeichnet.",
        carrier="Der Versanddienst ist {value}.",
        tracking_number="Die Sendungsnummer lautet {value}.",
        tracking_url="Hier können Sie das Paket verfolgen: {value}",
    ),
)

_FRENCH = Phrasebook(
    greeting="Bonjour {name},",
    greeting_nobody="Bonjour,",
    generic="Merci de votre message. Nous l'avons bien reçu et nous vous écrirons.",
    not_found="Un numéro de commande de votre message est introuvable sous cette adresse e-mail. "
    "Merci de nous envoyer le numéro tel qu'il figure dans votre confirmation de commande.",
    no_orders="Nous n'avons pas trouvé de commande sous cette adresse e-mail. "
    "Merci de nous envoyer le numéro tel qu'il figure dans votre confirmation de commande.",
    opening={
        "where_is_order": "Merci de votre question au sujet de votre commande.",
        "refund": "Nous avons bien reçu votre question au sujet d'un remboursement.",
        "return": "Nous avons bien reçu votre question au sujet d'un retour.",
        "wrong_item": "Nous sommes désolés que vous n'ayez pas reçu ce que vous aviez commandé.",
        "damaged": "Nous sommes désolés pour ce dommage.",
        "cancel": "Nous avons bien reçu votre demande d'annulation.",
        "change_order": "Nous avons bien reçu votre demande de modification.",
        "invoice": "Merci de votre question au sujet de votre facture.",
        "product_question": "Merci de votre question au sujet de nos produits.",
        "complaint": "Nous sommes désolés que vous ne soyez pas satisfait.",
    },
    closing={
        "where_is_order": "Si quelque chose reste à éclaircir, répondez simplement à cet e-mail.",
        "refund": "Un membre de notre équipe examinera personnellement votre demande et vous écrira.",
        "return": "Nous vous écrirons pour la suite.",
        "wrong_item": "Une photo de l'article reçu nous aide. Un membre de notre équipe examinera votre demande.",
        "damaged": "Une photo du dommage nous aide. Un membre de notre équipe examinera votre demande.",
        "cancel": "Nous vérifierons si cela est possible et nous vous écrirons.",
        "change_order": "Nous vérifierons si cela est possible et nous vous écrirons.",
        "invoice": "Nous allons vérifier et nous vous écrirons.",
        "product_question": "Nous allons vérifier et nous vous écrirons.",
        "complaint": "Un membre de notre équipe examinera personnellement votre demande et vous écrira.",
    },
    order=OrderPhrases(
        states={
            "unfulfilled": "Selon nos dossiers, votre commande{number} n'a pas encore été expédiée.",
            "shipped": "Selon nos dossiers, votre commande{number} a été expédiée.",
            "delivered": "Selon nos dossiers, votre commande{number} a été livrée.",
            "cancelled": "Selon nos dossiers, votre commande{number} a été annulée.",
            "returned": "Selon nos dossiers, votre commande{number} a été retournée.",
        },
        found="Nous avons trouvé votre commande{number} dans nos dossiers.",
        paid="Elle est enregistrée comme payée.",
        carrier="Le transporteur est {value}.",
        tracking_number="Le numéro de suivi est {value}.",
        tracking_url="Vous pouvez suivre le colis ici : {value}",
    ),
)

PHRASEBOOKS: Mapping[Language, Phrasebook] = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, **SHORT_PHRASEBOOKS}
