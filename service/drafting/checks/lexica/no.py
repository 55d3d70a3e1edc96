"""Norwegian."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:er|ble|blei|har) (?:nå |allerede |også |alle |blitt )*"

LEXICON = Lexicon(
    language="no",
    promises={
        "refund": r"refunder|refusjon|tilbakebetal|betale\w* .{0,30}tilbake|pengene tilbake|pengene dine|krediter",
        "discount": r"\w*rabatt|gavekort|verdikupong|kupong|kompens|erstatning\b|tilgodelapp|godtgjør|prisavslag|goodwill",
        "free": r"gratis|uten (?:ekstra )?(?:kostnad|omkostning)|kostnadsfri|fri frakt|gave\b|på vår regning|vederlagsfri"
        r"|trenger ikke (?:å )?betale",
        "replacement": r"bytte (?:den|det|varen)|bytter|byttet ut|erstatningsvare|ny (?:vare|ordre|levering|pakke|bestilling)"
        r"|nytt (?:eksemplar|produkt)|send\w* (?:\w+ ){0,3}(?:ny|nytt|annen|riktig)\b|omlever|erstatter den",
        "guarantee": r"garanterer|lover\b|forsikrer",
        "change": r"har (?:nå |allerede )?(?:endret|oppdatert|rettet|justert)|er (?:nå |allerede )?(?:blitt )?(?:endret"
        r"|oppdatert|rettet)|(?:vi|jeg) (?:endrer|kansellerer|avbestiller|retter|vil (?:endre|kansellere|avbestille))",
    },
    commits=r"(?:vi|jeg) (?:\w+ )?(?:refunderer|tilbakebetaler|betaler .{0,30}tilbake|erstatter|gir deg|sender deg (?:en|et)"
    r"|bytter|krediterer|tilbyr deg|kompenserer)|(?:refunderer|gir|krediterer|erstatter|bytter) vi|(?:sender) vi deg"
    r"|du (?:\w+ )?(?:får|mottar)|får du|mottar du"
    r"|(?:vil|kan|skal) (?:vi |nå |gjerne )*(?:refundere|tilbakebetale|erstatte|kreditere|bytte|kompensere)|(?:vil"
    r"|blir) (?:bli )?(?:\w+ )?(?:refundert|tilbakebetalt|byttet|kreditert|kompensert)|har rett til|her er (?:din|en|et)",
    done=rf"godkjent|innvilget|{_DONE}(?:refundert|tilbakebetalt|gjennomført|kreditert|behandlet|bekreftet|byttet)|bekreft\w*\s?:",
    hedges=r"vedrørende|angående|videresend|videreformid|sendt .{0,40}videre|forespørsel|undersøk|sjekk|spør|om\b"
    r"|retningslinje|vilkår|mulig|eventuell|inform|kommer tilbake|vurder|beslut|lei for|beklag|unnskyld|status|detalj|ville"
    r"|ønsk|ser på|hører fra|forstår|saken|venter|beskjed|anmod",
    negations=r"ingenting|ikke(?! bare| kun)|aldri|uten(?! kostnad| ekstra| omkostning)|umulig|i stedet",
    no=r"ingen|intet|noen",
    conditions=r"hvis|når|så snart|etter|om|før|inntil|dersom|med mindre",
    joints=r"og|men|så|derfor|fordi|som",
    states={
        "shipped": rf"{_DONE}(?:sendt|avsendt|overlevert til)|på vei|under transport",
        "delivered": rf"{_DONE}(?:levert|utlevert|kommet fram|kommet frem|ankommet)",
        "returned": rf"{_DONE}(?:returnert|sendt i retur|sendt tilbake)|har (?:\w+ )?mottatt returen",
        "cancelled": rf"{_DONE}(?:kansellert|avbestilt|annullert|avlyst)",
        "refunded": rf"{_DONE}(?:refundert|tilbakebetalt|kreditert)|(?:refusjonen"
        rf"|tilbakebetalingen) er (?:\w+ )?(?:gjennomført|foretatt|gjort)",
        "lost": r"er kommet bort|gått tapt|forsvunnet|i tollen",
        "paid": rf"{_DONE}betalt\b(?! tilbake)|mottatt betalingen|som betalt",
    },
    not_yet=r"vil|kan|skal|bør|må|ville|blir|kunne|skulle",
    aside=r"lei for|beklag|melding|e-?post|mail|forespørsel|spørsmål|henvendelse|\w*lapp|\w*etikett|faktura|\w*bekreftelse"
    r"|bilde|foto|svar|hos oss|du (?:skriver|sier)",
    signs="og at det er på som for til av den din ditt vi du har ikke en et med om jeg dere",
)
