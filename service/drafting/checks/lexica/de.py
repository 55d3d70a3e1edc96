"""German."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_HAVE = r"(?:wurden?|worden|ist|sind|haben|hat|habe)\b.{0,70}?\b"


def _both(participles: str) -> str:
    """Return a pattern for a participle behind its verb, and before it, as in a clause that hangs on another."""
    return rf"(?:{_HAVE}{participles}\b|\b{participles} (?:wurden?|worden|ist|sind|haben|hat)\b)"


LEXICON = Lexicon(
    language="de",
    promises={
        "refund": r"\w{0,12}erstatt|rückzahlung|zurück(?:zu)?zahl|zurück(?:zu)?überweis|geld\b.{0,40}?\bzurück|geld wieder"
        r"|kaufpreis zurück|zahlen .{0,40}zurück|überweisen .{0,40}zurück",
        "discount": r"halbe[rn] preis|hälfte des preises|\w{0,12}rabatt|\w{0,14}gutschein|\w{0,8}gutschrift|gutzuschreiben"
        r"|gutgeschrieben|schreiben .{0,40}\bgut\b|entschädig|preisnachlass|nachlass|kulanz|bonus",
        "free": r"kostenlos|kostenfrei|umsonst|gratis|unentgeltlich|geschenk|schenken|auf unsere kosten|ohne (?:weitere "
        r"|zusätzliche )?kosten|versandkostenfrei|aufs haus|(?:nichts|nicht) (?:\w+ ){0,2}(?:zahlen|bezahlen)",
        "replacement": r"ersatz|ersetz|austausch|tauschen .{0,40}\b(?:um|aus)\b|umtausch|neue[nsr]? (?:artikel|paket|exemplar"
        r"|ware|lieferung)|nachliefer|neulieferung|liefern .{0,40}\bnach\b"
        r"|(?:senden|schicken|verschicken|liefern) (?:\w+ ){0,4}(?:neue|richtige|fehlende|andere|weitere)|neue\w* \w+ (?:ist"
        r"|sind) unterwegs",
        "guarantee": r"lebenslang|garantier|wir garantie|versprech|versprochen|zusicher|zugesichert",
        "change": r"(?:haben|habe|wurden?|worden|ist|sind)\b.{0,60}?\b(?:geändert|aktualisiert|angepasst|korrigiert|umgeleitet"
        r"|priorisiert)"
        r"|(?:ändern|stornieren|korrigieren|priorisieren|aktualisieren) wir|wir (?:ändern|stornieren|korrigieren|priorisieren)"
        r"|werden (?:wir )?(?:ihre?|die|das|den) .{0,40}\b(?:ändern|stornieren|korrigieren)",
    },
    commits=r"(?:erstatten|ersetzen|gewähren|überweisen|schenken|vergüten) ihnen\b|(?:erstatten|gewähren|schenken|ersetzen"
    r"|vergüten|garantieren) wir|wir (?:erstatten|gewähren|schenken|ersetzen|vergüten|senden|schicken|überweisen|zahlen"
    r"|garantieren|tauschen)\b(?! ihre)"
    r"|(?:senden|schicken) (?:wir )?ihnen\b|(?:bekommen|erhalten) sie|sie (?:bekommen|erhalten)|erhalten\b.{0,30}(?:gutschein"
    r"|erstattung|rabatt|ersatz)|werden .{0,80}(?:erstatten|gewähren|ersetzen|auszahlen|überweisen|zurückzahlen|zusenden"
    r"|gutschreiben)"
    r"|wird .{0,80}(?:erstattet|gewährt|ersetzt|gutgeschrieben|überwiesen|ausgezahlt|zurückgezahlt)|haben (?:sie )?anspruch"
    r"|steht ihnen zu|als entschuldigung|als entschädigung|können wir ihnen .{0,40}anbieten|bieten wir ihnen|wir bieten ihnen",
    done=r"genehmigt|bewilligt|gewährt|veranlasst|gutgeschrieben|überwiesen|(?:haben|habe|wurden?|worden|ist"
    r"|sind)\b.{0,70}?(?:erstattet|zurückgezahlt|ausgestellt|bearbeitet|bestätigt|angewendet|freigegeben|ersetzt)"
    r"|(?:bestätigen|bestätigt)\s?:|unterwegs zu ihnen",
    hedges=r"frage|fragen|bezüglich|wegen|zu (?:ihrer|einer|der) (?:erstattung|rückzahlung|gutschrift)|\w{0,3}prüf"
    r"|weitergeleitet|weitergegeben|weiterleit|weitergeb|leite|geben? (?:\w+ ){0,5}weiter|\w*anfrage|\w*antrag|anliegen"
    r"|\w*wunsch|wünsch"
    r"|möglich|ob\b|klär|abklär|könnte|möchte|würde|dürf|\w*richtlinie|bedingung|informier|mitteil|bescheid|entscheid|leid"
    r"|entschuldig|hinweis|details|option|besprech|sprechen|schau|ansehen|sehen uns|sieht sich|stand|verstehen|kümmer|warten"
    r"|melden uns|meldet sich|bitten|vorgang",
    negations=r"nichts|nicht(?! nur)|nie|niemals|ohne|weder|statt|anstatt|anstelle|zu früh",
    no=r"kein\w*",
    conditions=r"wenn|sobald|falls|nachdem|bis|sofern|ob|bevor|sollten?|solange|vorausgesetzt|erst",
    joints=r"und|aber|daher|deshalb|sondern|dann|denn|weil",
    states={
        "shipped": rf"{_both('(?:verschickt|versandt|versendet|abgeschickt|losgeschickt|verladen)')}|unterwegs|auf dem weg"
        rf"|in zustellung|(?:verschickt|versandt) am"
        r"|an (?:den|die|das) \w+ übergeben|haben (?:wir )?.{0,50}\bübergeben",
        "delivered": rf"{_both('(?:zugestellt|ausgeliefert|geliefert|angekommen|eingetroffen|abgegeben)')}",
        "returned": rf"{_both('(?:zurückgesandt|zurückgeschickt|zurückgesendet|retourniert|zurückgekommen)')}|(?:rücksendung"
        rf"|retoure)\b.{{0,50}}(?:eingetroffen|angekommen|erhalten|eingegangen)",
        "cancelled": rf"{_both('(?:storniert|annulliert)')}",
        "refunded": rf"{_both('(?:erstattet|zurückerstattet|rückerstattet|zurückgezahlt|zurücküberwiesen)')}",
        "lost": r"(?:ist|sind|wurden?|ging|gingen)\b.{0,40}verloren|verloren gegangen|beim zoll",
        "paid": rf"{_both('bezahlt')}|zahlung\b.{{0,40}}(?:erhalten|eingegangen)|als bezahlt",
    },
    not_yet=r"wird|werden|würden?|kann|können|könnten?|sollen?|soll|sollten?|müssen|muss|dürfen|darf|möchten?|lassen",
    aside=r"leid|bedauer|entschuldig|nachricht|\w*e-?mail|\w*anfrage|\w*wunsch|\w*anliegen|\w*frage|\w*etikett|\w*label"
    r"|rechnung|bestätigung|foto|antwort|bei uns|uns erreicht"
    r"|sie (?:schreiben|schrieben|berichten|sagen)|wie sie",
    signs="der die das und ist wir sie ihnen ihre ihren ihrer ihr nicht für wird werden haben den dem",
)
