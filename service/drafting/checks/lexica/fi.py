"""Finnish."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:on|ovat|olemme|oli|olen) (?:jo |nyt |myös )*"

LEXICON = Lexicon(
    language="fi",
    promises={
        "refund": r"hyvit|palaut\w+ (?:\w+ )?(?:rah|summ|maksu|hinn)|rahat (?:takaisin|palaut)|rahasi|hyvityks|maksunpalaut"
        r"|rahanpalaut",
        "discount": r"alennu|lahjakort|kuponk|korvaus|korvauk|kompens|bonus|etukoodi|etuseteli",
        "free": r"ilmai[ns]|maksut(?:on|ta|toma|tta)\b|maksutoma|veloituks|kaupan päälle|lahjaksi|ilman (?:lisä)?(?:kuluja"
        r"|maksua)|ei tarvitse maksaa",
        "replacement": r"korvaav|uusi (?:tuote|paketti|tilaus|takki)|uuden (?:tuotteen|paketin|tilauksen)"
        r"|lähet\w+ (?:\w+ ){0,3}(?:uude|toise)|vaihda|vaihdamme|vaihto|vaihdetaan",
        "guarantee": r"takaamme|takaan|lupaamme|lupaan|vakuutamme",
        "change": r"(?:olemme|olen) (?:jo |nyt )?(?:muuttan|päivittän|korjan|vaihtan)|on (?:jo |nyt )?(?:muutettu|päivitetty"
        r"|korjattu)|(?:muutamme|perumme|peruutamme|korjaamme)\b",
    },
    commits=r"(?:hyvitämme|palautamme|lähetämme|annamme|korvaamme|vaihdamme|tarjoamme|saat|saatte|saa sinulle)\b|(?:hyvitetään"
    r"|palautetaan|korvataan|vaihdetaan|lähetetään)\b|voimme (?:\w+ )?(?:hyvittää|palauttaa|korvata|vaihtaa)|oikeus|tässä on",
    done=rf"hyväksytty|hyväksyimme|myönne|{_DONE}(?:hyvitetty|palautettu|käsitelty|vahvistettu|korvattu|hyvittäneet"
    rf"|palauttaneet|hyväksyneet|vaihdettu)|vahvist\w*\s?:",
    hedges=r"\w*pyyn|osalta|palaa|kosk|tarkist|välit|välitt|pyyn|pyydä|selvit|kysy|käytän|ehto|ehdo|mahdoll|ilmoit|kerro|arvio"
    r"|päätö|päätä|pahoittel|valit|tila\b|yksityiskoh|haluai|toivo|palaamme asiaan|ymmärr|odot|tutki|katso|liitty",
    negations=r"mitään|ei|eivät|emme|en|et|ette|eikä|ilman(?! kulu| maksu| lisä)|sijaan|mahdotonta",
    no=r"mitään|yhtään",
    conditions=r"jos|kun|heti|sen jälkeen|mikäli|ennen|kunnes|voiko|onko|jälkeen",
    joints=r"ja|mutta|joten|sitten|koska|joka|siis",
    states={
        "shipped": rf"{_DONE}(?:lähetetty|lähettäneet|toimitettu (?:kuljet|postin)|luovutettu)|matkalla|kuljetuksessa",
        "delivered": rf"{_DONE}(?:toimitettu|luovutettu|saapunut|toimittaneet|perillä)",
        "returned": rf"{_DONE}(?:palautunut|palautettu meille)|olemme vastaanottaneet palautuk",
        "cancelled": rf"{_DONE}(?:peruttu|peruutettu|peruneet|peruuttaneet)",
        "refunded": rf"{_DONE}(?:hyvitetty|hyvittäneet)|(?:rahat|maksu|summa) {_DONE}palautettu|hyvitys on (?:tehty|maksettu)",
        "lost": r"on kadonnut|on hävinnyt|tullissa",
        "paid": rf"{_DONE}(?:maksettu|maksanut)|vastaanottaneet maksu|maksetuksi",
    },
    not_yet=r"voi|voivat|voidaan|tulee|pitäisi|täytyy|saattaa|tullaan",
    aside=r"pahoittel|viesti|sähköpost|pyyn|kysymy|tarra|lasku|vahvistus|kuva|vastau|palautustarra",
    signs="ja on ei se että olemme sinulle tilaus tilauksesi meille kun jos mutta voit ole kiitos",
)
