"""Danish."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:er|blev|har) (?:nu |allerede |også |alle |blevet )*"

LEXICON = Lexicon(
    language="da",
    promises={
        "refund": r"refunder|refusion|tilbagebetal|betale\w* .{0,30}tilbage|pengene (?:tilbage|retur)|dine penge|krediter",
        "discount": r"\w*rabat|gavekort|værdikupon|kupon|kompens|erstatning\b|tilgodebevis|godtgør|prisnedslag|goodwill",
        "free": r"gratis|uden (?:ekstra )?(?:beregning|omkostning)|omkostningsfri|fri fragt|foræring|gave\b|på vores regning"
        r"|skal ikke betale",
        "replacement": r"ombyt|bytte (?:den|det|varen)|bytter|erstatningsvar|ny (?:vare|ordre|levering|pakke)|nyt (?:eksemplar"
        r"|produkt)|send\w* (?:\w+ ){0,3}(?:ny|nyt|anden|rigtige)\b|omlever",
        "guarantee": r"garanterer|lover\b|forsikrer",
        "change": r"har (?:nu |allerede )?(?:ændret|opdateret|rettet|tilpasset)|er (?:nu |allerede )?(?:blevet )?(?:ændret"
        r"|opdateret|rettet)|(?:vi|jeg) (?:ændrer|annullerer|retter|vil (?:ændre|annullere|rette))",
    },
    commits=r"(?:vi|jeg) (?:\w+ )?(?:refunderer|tilbagebetaler|betaler .{0,30}tilbage|erstatter|giver dig|sender dig (?:en|et)"
    r"|ombytter|bytter|krediterer|tilbyder dig|kompenserer)|(?:refunderer|giver|krediterer|erstatter|ombytter) vi"
    r"|(?:sender) vi dig|du (?:\w+ )?(?:får|modtager)|får du|modtager du"
    r"|(?:vil|kan|skal) (?:vi |nu |gerne )*(?:refundere|tilbagebetale|erstatte|kreditere|ombytte|kompensere)|(?:vil"
    r"|bliver) (?:blive )?(?:\w+ )?(?:refunderet|tilbagebetalt|ombyttet|krediteret|kompenseret)|har ret til|her er (?:din|en"
    r"|et)",
    done=rf"godkendt|bevilget|{_DONE}(?:refunderet|tilbagebetalt|gennemført|krediteret|behandlet|bekræftet|ombyttet)"
    rf"|bekræft\w*\s?:",
    hedges=r"vedrørende|angående|videresend|videregiv|sendt .{0,40}videre|anmod|undersøg|tjek|spørg|spurgt|om\b|politik"
    r"|betingelse|vilkår|mulig|eventuel|inform|orienter|vende\w* tilbage|vurder|beslut|ked af|beklag|undskyld|status|detalj"
    r"|ville|ønsk|kigge|ser på|hører fra|forstår|sagen|venter|besked",
    negations=r"intet|ingenting|ikke(?! kun| bare)|aldrig|uden(?! beregning| ekstra| omkostning)|umuligt|i stedet",
    no=r"ingen|intet|nogen",
    conditions=r"hvis|når|så snart|efter|om|før|indtil|såfremt|medmindre",
    joints=r"og|men|så|derfor|fordi|som|der",
    states={
        "shipped": rf"{_DONE}(?:afsendt|sendt|afleveret til|overdraget)|på vej|under transport",
        "delivered": rf"{_DONE}(?:leveret|udleveret|kommet frem|ankommet)",
        "returned": rf"{_DONE}(?:returneret|sendt retur|sendt tilbage)|har (?:\w+ )?modtaget din (?:retur|returpakke)",
        "cancelled": rf"{_DONE}(?:annulleret|afbestilt|aflyst)",
        "refunded": rf"{_DONE}(?:refunderet|tilbagebetalt|krediteret)|(?:refunderingen"
        rf"|tilbagebetalingen) er (?:\w+ )?(?:gennemført|foretaget|sket)",
        "lost": r"er (?:gået tabt|bortkommet|blevet væk)|i tolden",
        "paid": rf"{_DONE}betalt\b(?! tilbage)|modtaget din betaling|som betalt",
    },
    not_yet=r"vil|kan|skal|bør|må|ville|bliver|kunne|skulle",
    aside=r"ked af|beklag|besked|e-?mail|mail|anmodning|spørgsmål|henvendelse|\w*label|\w*etiket|faktura|\w*bekræftelse"
    r"|billede|foto|svar|hos os|du (?:skriver|siger)",
    signs="og at det er på som for til af den din dit vi du har ikke en et med om jeg",
)
