"""The secrets that no shop asks for by mail, and the words before a code. Tables, and no code."""

from __future__ import annotations

SECRETS = (
    "passwords?|passcodes?|pin|pins|cvv|cvc|card (?:number|details)s?|credit card|bank details|account details|login details"
    "|iban|social security"
    "|passwort\\w*|kennwort\\w*|kartennummer\\w*|kreditkarte\\w*|bankdaten|bankverbindung|kontodaten|zugangsdaten"
    "|mots? de passe|numéro de (?:votre )?carte|carte bancaire|coordonnées bancaires|rib"
    "|contraseñas?|número de (?:la |su )?tarjeta|tarjeta de crédito|datos bancarios"
    "|numero della (?:sua )?carta|carta di credito|coordinate bancarie"
    "|wachtwoord\\w*|kaartnummer|creditcard\\w*|bankgegevens"
    "|palavra-passe|senhas?|número do (?:seu )?cartão|cartão de crédito|dados bancários"
    "|has[łl](?:a|o|em)|numer\\w* karty|dane bankowe|danych bankowych"
    "|lösenord\\w*|kortnummer\\w*|kreditkort\\w*|bankuppgifter|adgangskode\\w*|bankoplysninger|passord\\w*|bankopplysninger"
    "|salasana\\w*|korttinumero\\w*|luottokort\\w*|pankkitie\\w*|heslo|hesla|číslo (?:vaší )?karty|kreditní kart\\w*|bankovní údaje"
)

BEGINNINGS = frozenset(
    """
    pass pin pins cvv cvc card cred bank acco logi iban soci kenn kart krei kont zuga mot mots numé cart coor rib cont núme tarj
    dato nume
    wach kaar pala senh dado hasł hasl dane dany löse kort krei adga sala luot pank hesl čísl kred
    """.split()  # noqa: SIM905 - words read better so
)
"""The first four letters of each."""

CODES = r"\w*codes?|código|codice|\w*kod|\w*kode|kód|\w*koodi\w*|kodem"
