"""Swedish."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:har|är|blev|blivit) (?:nu |redan |även |alla )*(?:blivit )?"

LEXICON = Lexicon(
    language="sv",
    promises={
        "refund": r"pengarna tillbaka|återbetal|betala\w* tillbaka|pengar(?:na)? tillbaka|kreditera|ersätt\w* (?:dig"
        r"|er) (?:för|med)",
        "discount": r"\w*rabatt|presentkort|värdecheck|kupong|kompens|tillgodo|ersättning\b|gottgör|prisavdrag|goodwill",
        "free": r"gratis|kostnadsfri|utan (?:extra )?kostnad|fri frakt|på köpet|bjuder på|gåva|behöver inte betala",
        "replacement": r"ersättningsvar|ersättningsprodukt|byter (?:ut|den|det|varan)|byta ut|bytt ut|utbyte|ny (?:vara"
        r"|produkt|leverans|beställning)|nytt (?:exemplar|paket)|skicka\w* (?:\w+ ){0,3}(?:ny|nytt|annan|rätt)\b",
        "guarantee": r"garanterar|lovar|utlovar",
        "change": r"har (?:nu |redan )?(?:ändra|uppdatera|korrigera|justera)\w*|(?:vi|jag) (?:ändrar|avbokar|avbeställer"
        r"|korrigerar|kommer att (?:ändra|avboka|avbeställa))",
    },
    commits=r"(?:vi|jag) (?:\w+ )?(?:återbetalar|betalar tillbaka|ersätter|ger dig|ger er|skickar (?:dig |er )?(?:en|ett|nytt"
    r"|ny|rätt)|bjuder|byter|krediterar|erbjuder dig|kompenserar)|(?:återbetalar|ersätter|krediterar|skickar|ger) vi|(?:du"
    r"|ni) (?:\w+ )?(?:får|kommer att få|erhåller)|får du|"
    r"(?:kommer|kan|ska) (?:vi |att |nu )*(?:återbetala|ersätta|kreditera|byta|kompensera|betala tillbaka)"
    r"|kommer att (?:\w+ )?(?:återbetalas|ersättas|krediteras|bytas)|återbetalas\b|krediteras\b|har rätt till|här är (?:din|en"
    r"|ett)|som plåster",
    done=rf"godkän[td]|beviljat|beviljad|beviljats|{_DONE}(?:återbetalat|återbetalats|genomfört|genomförts|krediterat"
    rf"|krediterats|behandlats|bekräftats|betalat tillbaka)|bekräfta\w*\s?:",
    hedges=r"angående|gällande|kontroller|vidarebefordra|skickat .{0,40}vidare|begär|önskemål|undersök|fråg|om\b|policy"
    r"|villkor|möjlig|eventuell|inform|återkom|bedöm|beslut|ledsen|beklag|ursäkt|status|detalj|skulle|vill|önsk|kollar|tittar"
    r"|ser över|hör av|förstår|ärende|väntar|meddela",
    negations=r"inget|ingenting|inte(?! bara)|ej|aldrig|utan(?! kostnad| extra)|omöjligt|istället|i stället",
    no=r"ingen|inga|inget|någon|något",
    conditions=r"om|när|så snart|efter|ifall|innan|tills|såvida|förutsatt",
    joints=r"och|men|så|sedan|därför|eftersom|som",
    states={
        "shipped": rf"{_DONE}(?:skickats|skickat|skickad|skickade|avsänts|lämnat vårt|sänts)|på väg|under transport"
        rf"|ute för leverans",
        "delivered": rf"{_DONE}(?:levererats|levererat|levererad|levererade|kommit fram|anlänt)",
        "returned": rf"{_DONE}(?:returnerats|returnerad|returnerat|skickats tillbaka)|(?:vi har|har vi) (?:nu )?(?:fått"
        rf"|mottagit) din retur",
        "cancelled": rf"{_DONE}(?:avbeställts|avbeställt|avbeställd|"
        rf"avbokats|avbokat|avbokad|annullerats|annullerat|annullerad|avbruten"
        rf"|makulerats)",
        "refunded": rf"{_DONE}(?:återbetalats|återbetalat|återbetald|återbetalt|krediterats|krediterat)|återbetalningen (?:har"
        rf"|är) (?:\w+ )?(?:gjorts|genomförd|genomförts|gjord)",
        "lost": r"kommit bort|försvunnit|i tullen",
        "paid": rf"{_DONE}(?:betalats|betald|betalt|betald)\b(?! tillbaka)|mottagit din betalning|som betald",
    },
    not_yet=r"kommer|ska|skall|kan|bör|borde|måste|får|skulle|vill|blir",
    aside=r"ledsn|beklag|ursäkt|meddeland|e-?post|mejl|mail|förfråg|begär|fråg|\w*etikett|faktur|\w*bekräftelse|bild|foto|svar"
    r"|hos oss|du (?:skriver|säger)",
    signs="och att det är på som för till av den din ditt vi du har inte en ett med om",
)
