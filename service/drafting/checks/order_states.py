"""Whether a draft says of an order what no order's record says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import Folded, canonical, sentences
from service.drafting.checks.placing import finding
from service.drafting.checks.promise_words import taken_back_in
from service.drafting.types import Finding, OrderFacts


@dataclass(frozen=True, slots=True)
class _State:
    """A state that a sentence may claim, and the records' words that bear it out."""

    name: str
    said: re.Pattern[str]
    statuses: frozenset[str]
    fulfilments: frozenset[str]

    def holds_for(self, order: OrderFacts) -> bool:
        """Whether an order is in this state."""
        has_refund = self.name == "refunded" and order.refunded is not None
        return has_refund or order.status in self.statuses or order.fulfilment in self.fulfilments


def _state(name: str, said: str, *, statuses: str = "", fulfilments: str = "") -> _State:
    pattern = re.compile(rf"(?<!\w)(?:{said})")
    return _State(name, pattern, frozenset(statuses.split()), frozenset(fulfilments.split()))


_STATES = (
    _state(
        "delivered",
        r"(?:was|been|is|were|got|has|have) delivered|has arrived|have arrived|zugestellt|ausgeliefert|wurde (?:\w+ "
        r"){0,3}geliefert|ist (?!bei uns)(?:\w+ ){0,2}angekommen"
        r"|(?:a été|est) livrée?|est arrivée?|(?:ha sido|fue|está) entregad|ha llegado|(?:è stat[oa]|risulta) consegnat|è arrivat"
        r"|(?:is|werd) (?:\w+ ){0,3}(?:bezorgd|geleverd)|foi entregue|chegou|został\w* (?:doręczon|dostarczon)|dostarczono"
        r"|doręczono"
        r"|har (?:levererats|kommit fram)|(?:er|blev) (?:leveret|levert)|ble levert|on toimitettu|saapunut|byl\w* doručen|dorazil",
        fulfilments="delivered returned",
    ),
    _state(
        "shipped",
        r"(?:was|been|is|were|has|have|'s) (?:already )?(?:shipped|dispatched)|on (?:its|the|their) way|has left (?:our|the)"
        r"|in transit"
        r"|verschickt|versandt|versendet|unterwegs|auf dem weg|(?:a été|est|été) expédiée?|en route|en chemin|en cours "
        r"d'acheminement"
        r"|(?:ha sido|fue|está|hemos) enviad|en camino|(?:è stat[oa]|abbiamo) spedit|in viaggio|in transito|verzonden|onderweg"
        r"|(?:foi|está) (?:enviad|expedid)|a caminho|został\w* wysłan|wysłaliśmy|w drodze|har skickats|är skickad|på väg|(?:er"
        r"|blev) (?:af)?sendt"
        r"|på vej|er sendt|ble sendt|på vei|on lähetetty|matkalla|byl\w* odeslán|na cestě",
        fulfilments="shipped partially_shipped delivered returned",
    ),
    _state(
        "cancelled",
        r"(?:was|been|is|were|have|has) cancell?ed|we cancell?ed|storniert|(?:a été|est|avons) annulée?|(?:ha sido|está|hemos"
        r"|fue) cancelad"
        r"|(?:è stat[oa]|abbiamo|è|risulta) annullat|(?:is|hebben) (?:\w+ ){0,3}geannuleerd|foi cancelad|cancelámos|został\w* "
        r"anulowan"
        r"|anulowaliśmy"
        r"|(?:har|är) (?:avbeställ|avbok|annuller)|er (?:annulleret|kansellert)|peruttu|olemme peruuttan|(?:je|byl\w*) (?:zrušen"
        r"|stornován)|zrušili jsme",
        statuses="cancelled",
        fulfilments="cancelled",
    ),
    _state(
        "lost",
        r"(?:is|are|was|were|been|got|gone) lost|went missing|(?:held|stuck) (?:at|by|in) customs|damaged in transit|verloren "
        r"gegangen"
        r"|beim zoll|(?:a été|est) perdue?|en douane|(?:se ha|ha sido|está) (?:perdid|extraviad)|en la aduana|(?:è stat[oa]|è) "
        r"smarrit"
        r"|in dogana|kwijtgeraakt|zoekgeraakt|bij de douane|foi extraviad|na alfândega|zaginę|w urzędzie celnym|kommit bort|i "
        r"tullen"
        r"|er gået tabt|i tolden|er kommet bort|i tollen|on kadonnut|tullissa|se ztratil|na celnici",
    ),
    _state(
        "refunded",
        r"(?:was|been|is|were|have|has) refunded|we refunded|(?:wurde|ist|haben) (?:\w+ ){0,3}(?:zurück)?erstattet|(?:a été"
        r"|avons) rembours"
        r"|(?:ha sido|hemos) reembols|(?:è stat[oa]|abbiamo) rimbors|(?:is|hebben) (?:\w+ ){0,3}terugbetaald|foi reembols"
        r"|zwrócono|zwróciliśmy"
        r"|har återbetalats|er (?:refunderet|refundert|tilbagebetalt)|on (?:hyvitetty|palautettu)|byl\w* vrácen",
        statuses="refunded partially_refunded",
    ),
)

# What is sent and arrives in these sentences is a mail, a label or a parcel that comes back.
_OF_SOMETHING_ELSE = re.compile(
    r"(?<!\w)(?:your (?:message|mail|e-?mail|request|question)|nachricht|e-?mail|anfrage|(?:votre|ton) (?:message|mail"
    r"|demande)|mensaje|correo"
    r"|messaggio|bericht|mensagem|wiadomoś|meddeland|besked|melding|viesti|zpráv|label|etikett|étiquette|etiqueta|etichetta"
    r"|return|rück|retour"
    r"|devoluci|reso|devoluç|zwrot|retur|palaut|vrácen)",
)


def find_false_states(text: Folded, evidence: Evidence) -> Iterator[Finding]:
    """Yield a blocking finding for each state that a sentence claims and no order has. Negations and conditions claim none."""
    orders = evidence.snapshot.orders
    for start, original in sentences(text.text):
        # Lower case beforehand: patterns that ignore it take three times as long.
        sentence = original.lower()
        if sentence.rstrip().endswith("?"):
            continue
        for state in _STATES:
            match = state.said.search(sentence)
            if match is None or any(state.holds_for(order) for order in _named(original, orders) or orders):
                continue
            if taken_back_in(evidence.snapshot.language).search(sentence) or (
                state.name != "cancelled" and _OF_SOMETHING_ELSE.search(sentence)
            ):
                continue
            told = f"Says that an order was {state.name}, which no record shows: say only what the records show."
            yield finding(text, "order_state", start, start + len(original), told)
            break


def _named(sentence: str, orders: tuple[OrderFacts, ...]) -> list[OrderFacts]:
    """Return the orders whose number stands in a sentence: what it says is said of them."""
    said = f" {' '.join(canonical(word) for word in sentence.split())} "
    return [order for order in orders if f" {canonical(order.number)} " in said]
