"""Whether a draft speaks to somebody else than the customer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.carriers import carriers_in
from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import Folded, words
from service.drafting.checks.placing import finding
from service.drafting.types import Finding, Snapshot

MAX_GREETING_LENGTH = 100
SIGNED_LINES = 4
"""The last lines of the customer's message, in which they sign."""

MAX_SIGNED_WORDS = 4
"""A line with more words is no signature."""

_GREETING = re.compile(
    r"(?i:hello|hi|hey|dear|good (?:morning|day|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?"
    r"|bonjour|bonsoir|ch[eè]re?s?|madame|monsieur|hola|buenos días|buenas tardes|estimad[oa]s?|querid[oa]s?|buongiorno"
    r"|buonasera|ciao"
    r"|salve|gentile|car[oa]|goedendag|goedemorgen|goedemiddag|beste|geachte|dag|olá|bom dia|boa tarde|car[oa]s?|prezad[oa]s?"
    r"|exm[oa]\.?"
    r"|dzień dobry|witaj|cześć|szanown[aey]|drog[ia]|hej|hejsan|bästa|god (?:dag|morgen)|kære|hei|kjære|terve|hyvä|moi|dobrý "
    r"den|ahoj"
    r"|vážen[áýí]|milý|milá)(?!\w)"
)
_ADDRESS_WORDS = frozenset(
    """
    hello hi hey dear good morning day afternoon evening there all everyone team customer sir madam mr mrs ms miss dr prof and
    hallo guten tag abend liebe lieber liebes sehr geehrte geehrter geehrtes damen und herren herr frau kundin kunde kunden zusammen
    bonjour bonsoir cher chère chers chères madame monsieur mesdames messieurs cliente client et
    hola buenos días buenas tardes estimado estimada estimados querido querida señor señora sr sra cliente y
    buongiorno buonasera ciao salve gentile caro cara signor signora sig cliente
    goedendag goedemorgen goedemiddag beste geachte dag heer mevrouw meneer klant
    olá bom dia boa tarde prezado prezada caro senhor senhora exmo exma cliente
    dzień dobry witaj cześć szanowna szanowny szanowni państwo pani pan panie drogi droga kliencie klientko
    hej hejsan bästa god dag morgen kære kund kunde hei kjære terve hyvä asiakas moi dobrý den ahoj vážený vážená vážení
    zákazníku zákaznice milý milá pane paní
    thank thanks you your for danke vielen dank für ihre merci pour votre gracias por su grazie per il bedankt voor uw
    obrigado obrigada pela dziękujemy za tack tak takk kiitos děkujeme
    """.split()  # noqa: SIM905 - two hundred words read better so
)
_TITLE = re.compile(
    r"(?<!\w)(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Mme|Mlle|Madame|Monsieur|Señor|Señora|Sr|Sra|Signora?|Sig|Mevrouw|mevrouw"
    r"|meneer|dhr"
    r"|mevr|Senhora?|Pan|Pani|Pana|Herra|Rouva|Paní|Pane|Fru|Hr)\.?\s(?!d[eu]\s)(?P<name>[^\W\d_a-zà-öø-ÿ][\w'\u2019-]{1,40})"
)
_NAME = r"[^\W\d_a-zà-öø-ÿ][^\W\d_A-ZÀ-ÖØ-Þ]{1,30}"
_TWO_NAMES = re.compile(rf"(?<![\w.-])(?P<first>{_NAME})(?:\s(?:de|van|von|der|da|di|la|den)){{0,2}}\s{_NAME}(?![\w-])")
_NO_NAMES = frozenset(
    """
    the your our my this that these we you it in on at for if as and but no yes please thank thanks best kind warm unfortunately
    der die das den dem ein eine einen einem ihr ihre ihren ihrem ihrer unser unsere mein meine diese dieser dieses wir sie im in am
    zu zum zur mit von vom für bei nach und oder bitte vielen leider wenn sobald
    le la les un une votre vos notre nos ce cette nous vous en dans pour el los las una su sus nuestro nuestra este esta il lo
    gli suo sua nostro nostra questo questa uw de het een onze dit deze o os as a seu sua nosso nossa din ditt vår vårt deres
    """.split()  # noqa: SIM905 - words read better so
)
"""What begins a sentence before a capital, in German before any noun."""

_SENTENCE = "The reply speaks to or of {shown}, who is not the customer: leave the name out."


def find_foreign_names(text: Folded, evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding where the reply names somebody who is neither the customer nor the shop.

    That is in the greeting, after a title, and where two names in a row are repeated from what the customer wrote. Two that nobody
    wrote are a warning: they may be a place; in German, where every noun has a capital, they are not looked for.
    """
    snapshot = evidence.snapshot
    known = _known_names(snapshot)
    start = len(text.text) - len(text.text.lstrip())
    line = text.text[start : start + MAX_GREETING_LENGTH].partition("\n")[0]
    if greeting := _GREETING.match(line):
        # Of a line that goes on after its greeting, up to the first mark.
        end = re.search(r"[,!:;.](?:\s|$)", line[greeting.end() :])
        stop = greeting.end() + end.start() if end else len(line)
        for match in re.finditer(r"[^\W\d_][\w'\u2019-]*", line[greeting.end() : stop]):
            word = match[0]
            if word[0].isupper() and not _is_known(word, known):
                yield finding(text, "name", start + greeting.end() + match.start(), start + greeting.end() + match.end(), _SENTENCE)
    for match in _TITLE.finditer(text.text):
        if match.start() >= start + len(line) and not _is_known(match["name"], known):
            yield finding(text, "name", match.start(), match.end(), _SENTENCE)
    for match in _TWO_NAMES.finditer(text.text):
        spoken = words(match[0])
        if match["first"].casefold() in _NO_NAMES:
            continue
        run = f" {' '.join(spoken)} "
        if all(_is_known(word, known) for word in spoken) or run in evidence.spoken or carriers_in(match[0], is_loose=True):
            continue
        if run in evidence.customers_words:
            yield finding(text, "name", match.start(), match.end(), _SENTENCE)
        else:
            yield finding(
                text, "name", match.start(), match.end(), "Nobody has named {shown}: look whether that is right.", "warning"
            )


def _known_names(snapshot: Snapshot) -> frozenset[str]:
    """Return the words of the customer's name, of those under their message, and of the shop's, case-folded."""
    lines = [line for line in snapshot.text.splitlines() if line.strip()][-SIGNED_LINES:]
    signed = [line for line in lines if len(line.split()) <= MAX_SIGNED_WORDS]
    shop = snapshot.shop
    return frozenset(words("\n".join((snapshot.customer.name, *signed, shop.name, shop.signature)))) | _ADDRESS_WORDS


def _is_known(word: str, known: frozenset[str]) -> bool:
    return all(part in known or f"{part}s" in known or part.removesuffix("s") in known for part in words(word))
