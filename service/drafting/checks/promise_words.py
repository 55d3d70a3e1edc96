"""The words by which a shop commits itself, in thirteen languages, as pieces of patterns. Stems: endings follow."""

from __future__ import annotations

import re
from functools import lru_cache

PROMISES: dict[str, str] = {
    "refund": (
        "refund|reimburs|money back|credit(?:ing|ed)? your|pengarna tillbaka|(?:money|difference|amount|sum) (?:is |are "
        ")?(?:\\w+ )?back|rückerstatt|zurückerstatt|erstatte[nt]|erstattung|geld zurück|zurückzahl|rembours|reembols"
        "|devolveremos|devolvemos|devolución del (?:dinero|importe)|devolverle|rimbors|terugbetal|terugstort|geld terug"
        "|restituiremo (?:il|l)"
        "|zwrot (?:pieniędzy|środków|kosztów)|zwróc\\w+ (?:pieniądze|środki|kwotę)|zwrócimy|återbetal|refunder|tilbagebetal"
        "|tilbakebetal"
        "|pengene tilba(?:ge|ke)|hyvit[äe]|palautamme rahat|rahat takaisin|vrát\\w+ (?:peníze|částku|vám)|vrácení peněz|refundac"
    ),
    "discount": (
        "discount|half (?:of )?the price|half price|halbe[rn] preis|moitié prix|mitad de precio|metà prezzo|halve prijs|hälfte "
        "des preises|voucher|coupon|gift ?card|store credit|compensat|goodwill|rabatt|gutschein|gutschrift|entschädig"
        "|preisnachlass"
        "|remise de|réduction|bon d'achat|bon de réduction|dédommag|geste commercial|descuento|cupón|compensaci|compensaremos"
        "|sconto|buono"
        "|risarcim|korting|tegoedbon|waardebon|cadeaubon|compensatie|desconto|cupão|compensaç|rabat|kupon|bon podarunkowy"
        "|presentkort"
        "|gavekort|alennu[ks]|lahjakort|slev[auy]|poukaz|kompenz|rekompens"
    ),
    "free": (
        "free of charge|aufs haus|est offerte?|c'est cadeau|for free|at no (?:extra )?(?:cost|charge)|on the house|(?<!feel "
        ")(?<!gluten-)(?<!\\w)free "
        "(?:replacement|gift|shipping|item)"
        "|(?:is|are|be|get it|have it) (?:all )?free(?!\\w)|kostenlos|kostenfrei|umsonst|gratuit|sans frais|gratis|sin "
        "(?:coste|cargo|costo)"
        "|za darmo|bezpłatn|nieodpłatn|ilmai[ns]|maksut|kostnadsfri|zdarma|bezplatn"
    ),
    "replacement": (
        "replac|new \\w+ (?:is|are) on|neue\\w* \\w+ (?:ist|sind) unterwegs|nouve\\w+ \\w+ est en|sen[dt](?:ing)? (?:\\w+ "
        "){0,2}(?:another|a new)|(?:schicken|senden|liefern) (?:\\w+ ){0,4}(?:neue|weitere)"
        "|envoy\\w+ (?:\\w+ ){0,3}(?:nouve|autre)|envia\\w+ (?:\\w+ ){0,3}(?:nuev|otr[ao])|(?:invi|sped|mand)\\w+ (?:\\w+ "
        "){0,3}(?:nuov|altr[ao])"
        "|(?:sturen|zenden) (?:\\w+ ){0,4}(?:nieuw|andere)|envi\\w+ (?:\\w+ ){0,3}(?:nov[ao]|outr[ao])|(?:wyślemy|wysyłamy) "
        "(?:\\w+ ){0,3}(?:now|inn)"
        "|skicka\\w* (?:\\w+ ){0,3}(?:ny|annan)|send\\w* (?:\\w+ ){0,3}(?:ny|anden|annen)|lähet\\w+ (?:\\w+ ){0,3}(?:uude|toise)"
        "|(?:pošl|posíl)\\w+ (?:\\w+ ){0,3}(?:nov|jin)|send (?:you )?(?:another|a new|the (?:right|correct))|ersatz|neue[ns]? "
        "(?:artikel|paket|exemplar)|remplac"
        "|nouvel exemplaire"
        "|reemplaz|sustitu|sostitu|vervang|nieuw exemplaar|substitui|wymieni|wymian|nowy egzemplarz|ersättningsvara|byter ut"
        "|ombytning"
        "|erstatningsvare|bytter|korvaav|uusi tuote|náhradní|vyměn|výměn"
    ),
    "guarantee": (
        "guarantee|warranty|lebenslang|we promise|i promise|garantier|versprech|garanti(?:s|ssons|e que)|promett|garantiz"
        "|prometemos|garanti(?:amo|sco)"
        "|beloven|garandeer|garantimos|gwarantuj|obiecuj|garanterar|lovar|lover|takaamme|lupaamme|zaručujeme|slibujeme"
    ),
    "change": (
        "(?:have|has|was|were|is|been|'ve) (?:been )?(?:changed|updated|amended|upgraded)|haben \\w+ ?\\w* ?\\w* (?:geändert"
        "|aktualisiert)"
        "|wurde \\w* ?(?:geändert|aktualisiert)|avons (?:modifié|changé)|a été (?:modifié|changé)|hemos (?:cambiado|modificado)"
        "|ha sido (?:cambiad|modificad)|abbiamo (?:modificato|cambiato)|è stat[oa] (?:modificat|cambiat)|(?:hebben|is) \\w* "
        "?\\w* ?gewijzigd"
        "|alterámos|alteramos|foi alterad|zmieniliśmy|har (?:ändrat|ændret|endret)|olemme muuttaneet|změnili jsme"
    ),
}
"""What is promised. A discount of ten per cent is found by its share as well."""

UNPAID = re.compile(
    r"(?<!\w)(?:(?:not|n't|need not|never) (?:\w+ ){0,3}pay|pay nothing|no (?:extra )?(?:charge|cost)|(?:nichts|nicht) (?:\w+ "
    r"){0,2}(?:zahlen|bezahlen)"
    r"|rien (?:à|a) payer|ne (?:\w+ ){0,2}paye[rz]|no (?:tiene que|debe|hay que) pagar|non (?:deve|dovete) pagare|hoeft (?:\w+ "
    r"){0,2}(?:niets|niet) te betalen"
    r"|não (?:tem de|precisa de) pagar|nie musi\w* (?:\w+ ){0,2}płacić|behöver inte betala|skal ikke betale|trenger ikke betale"
    r"|ei tarvitse maksaa|nemusíte (?:\w+ ){0,2}platit)"
)
"""Something for nothing, said by way of a refusal."""

HEDGES: dict[str, str] = {
    "en": (
        "look into|looking into|check|review|consider|forward|pass(?:ed)? \\w+ (?:on|to)|passed (?:this|it|your)|question"
        "|about your|regarding"
        "|concerning|request|asked|ask for|team|colleague|whether|policy|decide|clarif|would|may|might|could"
    ),
    "de": (
        "frage|bezüglich|wegen|prüf|weitergeleitet|weitergegeben|leiten|geben (?:\\w+ ){0,3}weiter|anfrage|antrag|anliegen"
        "|wunsch|kolleg|ob|klär|könnte|möchten"
    ),
    "fr": "au sujet|concernant|question|vérifi|transmis|transmet|demande|équipe|souhait|étudi|examin",
    "es": "acerca|sobre|respecto|comprob|revis|traslad|remit|solicitud|petición|equipo|estudi",
    "it": "riguardo|domanda|verific|inoltrat|inoltr|richiesta|squadra|team|controll|valut",
    "nl": "vraag|over uw|nagaan|kijken|bekijk|doorgegeven|doorgestuurd|verzoek|collega|of we|team",
    "pt": "quanto a|encaminh|pedido de|equipa|equipe|analis|verific",
    "pl": "dotycz|w sprawie|sprawdz|przekaza|przekaż|prośb|wniosek|zespół|zespoł|rozpatrz",
    "sv": "angående|gällande|kontroller|vidarebefordra|begäran|önskemål|kollega|undersök|team",
    "da": "vedrørende|angående|videresend|anmodning|undersøg|tjek|team|kollega",
    "no": "vedrørende|angående|videresend|forespørsel|undersøk|sjekk|team|kollega",
    "fi": "koskev|tarkist|välit|pyyn|tiimi|selvit",
    "cs": "ohledně|týkající|prověř|předal|předáme|žádost|tým|posoud",
}
"""The shop only looks into it, or passes it on. Beginnings of words."""

NEGATIONS: dict[str, str] = {
    "en": "not|no|cannot|can't|don't|doesn't|won't|isn't|haven't|hasn't|couldn't|unable|unfortunately|never",
    "de": "nicht|kein\\w*|leider|nie",
    "fr": "pas|aucun\\w*|malheureusement|ne|n|jamais",
    "es": "no|nunca|ningun\\w*|lamentablemente",
    "it": "non|nessun\\w*|purtroppo|mai",
    "nl": "niet|geen|helaas|nooit",
    "pt": "não|nenhum\\w*|infelizmente|nunca",
    "pl": "nie|żadn\\w*|niestety|nigdy",
    "sv": "inte|ingen|inga|tyvärr|aldrig",
    "da": "ikke|ingen|desværre|aldrig",
    "no": "ikke|ingen|dessverre|aldri",
    "fi": "ei|eivät|emme|en|et|valitettavasti",
    "cs": "není|nelze|bohužel|žádn\\w*|ne[a-zěščřžýáíé]{4,}|ještě",
}
"""Whole words."""

CONDITIONS: dict[str, str] = {
    "en": "if|once|when|after|until|unless|as soon as|in case|should you",
    "de": "wenn|sobald|falls|nachdem|bis|sofern",
    "fr": "si|dès|lorsque|quand|après|une fois",
    "es": "si|cuando|en cuanto|después de|tan pronto|una vez",
    "it": "se|quando|appena|dopo|una volta",
    "nl": "als|zodra|wanneer|nadat|indien",
    "pt": "se|quando|assim que|caso|depois de",
    "pl": "gdy|jeśli|jeżeli|kiedy|po otrzymaniu|jak tylko",
    "sv": "om|när|så snart|efter att",
    "da": "hvis|når|så snart|efter at",
    "no": "hvis|når|så snart|etter at|dersom",
    "fi": "jos|kun|heti|sen jälkeen",
    "cs": "pokud|jakmile|až|když",
}
"""Whole words."""


@lru_cache(maxsize=64)
def hedge_in(language: str) -> re.Pattern[str]:
    """Return what says that the shop only looks into it, in a language; in English for one without words."""
    return re.compile(rf"(?<!\w)(?:{HEDGES.get(language, HEDGES['en'])})")


@lru_cache(maxsize=64)
def taken_back_in(language: str) -> re.Pattern[str]:
    """Return what denies a sentence, or makes it hang on a condition, in a language; in English for one without words."""
    denied, conditional = NEGATIONS.get(language, NEGATIONS["en"]), CONDITIONS.get(language, CONDITIONS["en"])
    return re.compile(rf"(?<!\w)(?:{denied}|{conditional})(?!\w)")


STRONG = re.compile(
    r"(?<!\w)(?:(?:has|have|is|was|'s|'ve) (?:\w+ )?(?:been )?(?:\w+ )?(?:approved|issued|processed|refunded|granted"
    r"|authori[sz]ed|confirmed)"
    r"|(?:we|i)(?:'ll| will| have| are going to|'ve)? (?:\w+ )?(?:issue|refund|reimburse|give|grant|credit|offer|send you (?:a"
    r"|another|the))"
    r"|genehmigt|bewilligt|erstatten wir|erstattet|gewähren|schenken|schicken ihnen|approuvé|accordé|vous rembours\w+|vous "
    r"offr\w+|aprobad|concedid"
    r"|le reembols\w+|le ofrec\w+|approvat|concess|le rimbors\w+|goedgekeurd|toegekend|betalen \w+ terug|aprovad|zatwierdz"
    r"|przyzna|zwrócimy"
    r"|godkän|beviljat|godkendt|godkjent|hyväksyt|schválen|přiznán|vrátíme)",
)
"""A commitment that no hedge takes back."""
