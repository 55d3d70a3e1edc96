"""The stand-in's short replies, for the languages that have no sentences about an order. No code."""

from __future__ import annotations

from collections.abc import Mapping

from service.embedded.standin.phrasebook import Phrasebook
from service.embedded.standin.words import Language


def _short(*, greeting: str, greeting_nobody: str, generic: str, not_found: str, no_orders: str) -> Phrasebook:
    return Phrasebook(
        greeting=greeting,
        greeting_nobody=greeting_nobody,
        generic=generic,
        not_found=not_found,
        no_orders=no_orders,
        opening={},
        closing={},
        order=None,
    )


SHORT_PHRASEBOOKS: Mapping[Language, Phrasebook] = {
    "es": _short(
        greeting="Hola {name}:",
        greeting_nobody="Hola:",
        generic="Gracias por su mensaje. Lo hemos recibido y le escribiremos.",
        not_found="No hemos encontrado el número de pedido de su mensaje con esta dirección de correo. "
        "Por favor, envíenos el número de pedido.",
        no_orders="No hemos encontrado ningún pedido con esta dirección de correo. Por favor, envíenos el número de pedido.",
    ),
    "it": _short(
        greeting="Buongiorno {name},",
        greeting_nobody="Buongiorno,",
        generic="Grazie per il Suo messaggio. Lo abbiamo ricevuto e Le scriveremo.",
        not_found="Non abbiamo trovato il numero d'ordine del Suo messaggio con questo indirizzo e-mail. "
        "La preghiamo di inviarci il numero d'ordine.",
        no_orders="Non abbiamo trovato ordini con questo indirizzo e-mail. La preghiamo di inviarci il numero d'ordine.",
    ),
    "nl": _short(
        greeting="Hallo {name},",
        greeting_nobody="Hallo,",
        generic="Bedankt voor uw bericht. Wij hebben het ontvangen en schrijven u.",
        not_found="Wij hebben het bestelnummer uit uw bericht niet gevonden onder dit e-mailadres. "
        "Stuur ons alstublieft het bestelnummer.",
        no_orders="Wij hebben geen bestelling gevonden onder dit e-mailadres. Stuur ons alstublieft het bestelnummer.",
    ),
    "pt": _short(
        greeting="Olá {name},",
        greeting_nobody="Olá,",
        generic="Obrigado pela sua mensagem. Recebemos a sua mensagem e vamos responder-lhe.",
        not_found="Não encontrámos o número de encomenda da sua mensagem com este endereço de e-mail. "
        "Por favor, envie-nos o número da encomenda.",
        no_orders="Não encontrámos nenhuma encomenda com este endereço de e-mail. Por favor, envie-nos o número da encomenda.",
    ),
    "pl": _short(
        greeting="Dzień dobry, {name},",
        greeting_nobody="Dzień dobry,",
        generic="dziękujemy za wiadomość. Otrzymaliśmy ją i odpiszemy Państwu.",
        not_found="Nie znaleźliśmy numeru zamówienia z Państwa wiadomości pod tym adresem e-mail. "
        "Prosimy o przesłanie numeru zamówienia.",
        no_orders="Nie znaleźliśmy żadnego zamówienia pod tym adresem e-mail. Prosimy o przesłanie numeru zamówienia.",
    ),
    "sv": _short(
        greeting="Hej {name},",
        greeting_nobody="Hej,",
        generic="Tack för ditt meddelande. Vi har tagit emot det och skriver till dig.",
        not_found="Vi hittade inte ordernumret i ditt meddelande under den här e-postadressen. Skicka oss gärna ordernumret.",
        no_orders="Vi hittade ingen beställning under den här e-postadressen. Skicka oss gärna ordernumret.",
    ),
    "da": _short(
        greeting="Hej {name},",
        greeting_nobody="Hej,",
        generic="Tak for din besked. Vi har modtaget den og skriver til dig.",
        not_found="Vi fandt ikke ordrenummeret fra din besked under denne e-mailadresse. Send os venligst ordrenummeret.",
        no_orders="Vi fandt ingen ordre under denne e-mailadresse. Send os venligst ordrenummeret.",
    ),
    "no": _short(
        greeting="Hei {name},",
        greeting_nobody="Hei,",
        generic="Takk for meldingen din. Vi har mottatt den og skriver til deg.",
        not_found="Vi fant ikke ordrenummeret i meldingen din under denne e-postadressen. Send oss gjerne ordrenummeret.",
        no_orders="Vi fant ingen bestilling under denne e-postadressen. Send oss gjerne ordrenummeret.",
    ),
    "fi": _short(
        greeting="Hei {name},",
        greeting_nobody="Hei,",
        generic="Kiitos viestistäsi. Olemme vastaanottaneet sen ja kirjoitamme sinulle.",
        not_found="Emme löytäneet viestisi tilausnumeroa tällä sähköpostiosoitteella. Lähetä meille tilausnumero.",
        no_orders="Emme löytäneet tilausta tällä sähköpostiosoitteella. Lähetä meille tilausnumero.",
    ),
    "cs": _short(
        greeting="Dobrý den, {name},",
        greeting_nobody="Dobrý den,",
        generic="děkujeme za Vaši zprávu. Obdrželi jsme ji a napíšeme Vám.",
        not_found="Číslo objednávky z Vaší zprávy jsme pod touto e-mailovou adresou nenašli. Pošlete nám prosím číslo objednávky.",
        no_orders="Pod touto e-mailovou adresou jsme nenašli žádnou objednávku. Pošlete nám prosím číslo objednávky.",
    ),
}
