"""Dutch."""

from __future__ import annotations

from service.drafting.checks.lexica.lexicon import Lexicon

_DONE = r"(?:is|zijn|werd|werden|hebben|heeft|heb|wordt reeds)\b.{0,60}?\b"


def _both(participles: str) -> str:
    """Return a pattern for a participle behind its verb, and before it, as in a clause that hangs on another."""
    return rf"(?:{_DONE}{participles}\b|\b{participles} (?:is|zijn|werd|werden|hebben|heeft)\b)"


LEXICON = Lexicon(
    language="nl",
    promises={
        "refund": r"teruggestort|terugbetaald|terugbeta|terugstort|geld terug|terugkrijg|terug te betalen|(?:betalen|storten|boeken"
        r"|krijgt?)\b.{0,40}\bterug|restitutie|vergoed|restitueer",
        "discount": r"halve prijs|korting|\w*tegoedbon|waardebon|cadeaubon|\w*bon\b|compens|tegoed|schadevergoeding"
        r"|kortingscode|crediteer|coulance",
        "free": r"gratis|kosteloos|zonder (?:extra )?kosten|cadeau|op onze kosten|hoeft (?:\w+ ){0,2}(?:niets|niet) te betalen",
        "replacement": r"vervang|\w*omruil|omgeruild|ruilen\b|nieuw (?:exemplaar|artikel|product|pakket)|nieuwe (?:bestelling"
        r"|zending)|(?:sturen|stuur|zenden) (?:\w+ ){0,4}(?:nieuw|andere|het juiste)|opnieuw (?:op)?(?:sturen|verzenden)",
        "guarantee": r"garanderen|garandeer|beloven|beloof|verzekeren u",
        "change": r"(?:hebben|heb|is|zijn|werd)\b.{0,50}?\b(?:gewijzigd|aangepast|bijgewerkt|gecorrigeerd|veranderd)"
        r"|(?:wijzigen|annuleren|veranderen) (?:wij|we)|(?:wij|we) (?:wijzigen|annuleren|veranderen)|(?:zullen"
        r"|gaan) .{0,40}(?:wijzigen|annuleren|aanpassen)",
    },
    commits=r"(?:wij|we|ik) (?:\w+ )?(?:betalen|storten|sturen|stuur|geven|bieden|vervangen|vergoeden|ruilen|crediteren"
    r"|restitueren)\b(?! uw)|(?:betalen|storten|sturen|geven|bieden|vervangen|vergoeden) (?:wij|we) u|u (?:krijgt|ontvangt)"
    r"|(?:krijgt|ontvangt) u|(?:zullen|zal|gaan|kunnen) (?:wij |we )?(?:u |het |de |dit )?.{0,50}(?:terugbetalen|terugstorten"
    r"|vervangen|vergoeden|toesturen|geven|restitueren)"
    r"|wordt .{0,50}(?:terugbetaald|teruggestort|vervangen|vergoed)|recht op|hierbij (?:een|uw)|als excuus",
    done=rf"goedgekeurd|toegekend|verleend|gehonoreerd|{_DONE}(?:terugbetaald|teruggestort|uitgevoerd|verwerkt|bevestigd"
    rf"|vervangen|toegepast|vergoed)|bevestig\w*\s?:",
    hedges=r"vraag|vragen|gevraagd|over (?:uw|een|de)|betreffende|nagaan|nagekeken|kijk|bekij|bekek|doorgegeven|doorgestuurd"
    r"|doorgeven|doorsturen|verzoek|\w*aanvraag|of\b|beleid|voorwaarde|mogelijk|informeren|laten weten|onderzoek|beoordel"
    r"|besluit|beslis|spijt|sorry|status|details|zou|wil|wens|graag|overleg|bespreken|begrijp|controle|uitzoeken|wacht",
    negations=r"niets|niet(?! alleen)|nooit|zonder(?! kosten| extra)|in plaats|onmogelijk",
    no=r"geen",
    conditions=r"als|zodra|wanneer|nadat|indien|of|voordat|totdat|mits|mocht",
    joints=r"en|maar|dus|dan|want|die|dat",
    states={
        "shipped": rf"{_both('(?:verzonden|verstuurd|opgestuurd|overgedragen)')}|onderweg|op weg|in transit",
        "delivered": rf"{_both('(?:bezorgd|geleverd|afgeleverd|aangekomen)')}",
        "returned": rf"{_both('(?:geretourneerd|teruggestuurd|teruggezonden)')}|hebben uw retour\w* (?:ontvangen|binnen)",
        "cancelled": rf"{_both('geannuleerd')}",
        "refunded": rf"{_both('(?:terugbetaald|teruggestort|gerestitueerd)')}",
        "lost": r"kwijtgeraakt|zoekgeraakt|verloren gegaan|bij de douane",
        "paid": rf"{_both('betaald')}|betaling\b.{{0,30}}ontvangen|als betaald",
    },
    not_yet=r"zal|zullen|zou|zouden|kan|kunnen|kunt|moet|moeten|mag|worden|wordt|wil|wilt",
    aside=r"spijt|sorry|bericht|e-?mail|mail\b|\w*verzoek|\w*vraag|\w*label|factuur|bevestiging|foto|antwoord|bij ons"
    r"|u (?:schrijft|zegt|meldt)",
    signs="de het een u uw wij we is en van voor met dat niet op heeft zijn bestelling",
)
