"""Whether a draft speaks to somebody else than the customer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.carriers import carriers_of
from service.drafting.checks.evidence import Evidence
from service.drafting.checks.lexica.address_words import ADDRESSED, DOTTED_TITLES, GREETINGS, NO_NAMES, SLAVIC_TITLES, TITLES
from service.drafting.checks.placing import finding
from service.drafting.checks.reading import Reading, words_of
from service.drafting.types import Finding, Snapshot

MAX_GREETING_LENGTH = 120
MAX_BARE_NAMES = 3
"""Words of a first line that is nothing but a name."""

SIGNED_LINES = 4
"""The last lines of the customer's message, in which they sign."""

MAX_SIGNED_WORDS = 4
"""A line with more words is no signature."""

MAX_SIGNED_LENGTH = 100
_INFLECTED = frozenset({"pl", "cs", "fi"})

_GREETING = re.compile(rf"(?:{GREETINGS})(?!\w)")
_NAME = re.compile(r"[^\W\d_][\w'.-]*")
_END = re.compile(r"[,!:;.](?=\s|$)")
_TITLE = re.compile(rf"(?<!\w)(?:(?:{TITLES})\.?|(?:{DOTTED_TITLES})\.) (?:(?:Dr|Prof)\.? )?(?P<name>[^\W\d_][\w'-]{{1,40}})")
_SLAVIC_TITLE = re.compile(rf"(?<!\w)(?:{SLAVIC_TITLES}) (?P<name>[^\W\d_][\w'-]{{1,40}})")
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][^\W\d_A-ZÀ-ÖØ-Þ]{1,30}"
_TWO_NAMES = re.compile(rf"(?<![\w.-])(?P<first>{_CAPITALISED})(?: (?:de|van|von|der|da|di|la|den)){{0,2}} {_CAPITALISED}(?![\w-])")
_SENTENCE = "The reply speaks to or of {shown}, who is not the customer: leave the name out."


def find_foreign_names(reply: Reading, evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding where the reply names somebody who is neither the customer nor the shop.

    That is in the greeting, after a title, and where two names in a row are repeated from what the customer wrote. Two that nobody
    wrote are a warning: they may be a place; in German, where every noun has a capital, only the customer's are looked for.
    """
    snapshot = evidence.snapshot
    known = _known_names(snapshot)
    is_inflected = snapshot.language in _INFLECTED
    start, end = _greeting(reply)
    for match in _NAME.finditer(reply.text, start, end):
        if match[0][0].isupper() and not _is_known(match[0], known, is_inflected=is_inflected):
            yield finding(reply, "name", match.start(), match.start() + len(match[0].rstrip(".")), _SENTENCE)
    for pattern in (_TITLE, *([_SLAVIC_TITLE] if is_inflected else [])):
        for match in pattern.finditer(reply.text, end):
            if match["name"][0].isupper() and not _is_known(match["name"], known, is_inflected=is_inflected):
                yield finding(reply, "name", match.start(), match.end(), _SENTENCE)
    yield from _unknown_pairs(reply, evidence, known, end)


def _unknown_pairs(reply: Reading, evidence: Evidence, known: frozenset[str], begin: int) -> Iterator[Finding]:
    snapshot = evidence.snapshot
    is_inflected = snapshot.language in _INFLECTED
    for match in _TWO_NAMES.finditer(reply.text, begin):
        if match["first"].lower() in NO_NAMES or all(
            _is_known(word, known, is_inflected=is_inflected) for word in match[0].split()
        ):
            continue
        if evidence.says(match[0]) or carriers_of(match[0]):
            continue
        if f" {' '.join(words_of(match[0]))} " in evidence.customers_words:
            yield finding(reply, "name", *match.span(), _SENTENCE)
        elif snapshot.language != "de":
            yield finding(reply, "name", *match.span(), "Nobody has named {shown}: look whether that is right.", severity="warning")


def _greeting(reply: Reading) -> tuple[int, int]:
    """Return where the names of the greeting stand, an empty place where there is no greeting."""
    text = reply.text
    start = len(text) - len(text.lstrip())
    line = text[start : start + MAX_GREETING_LENGTH].partition("\n")[0]
    greeting = _GREETING.match(reply.low, start)
    if greeting is None:
        is_name = line.rstrip()[-1:] in {",", ":", "!"} and len(line.split()) <= MAX_BARE_NAMES
        return start, start + (len(line) if is_name else 0)
    place = greeting.end()
    # A greeting may have a mark of its own, as in "Hola, Anna:"; the text may go on in the same line.
    while place < start + len(line) and not text[place].isalpha():
        place += 1
    end = _END.search(line, place - start)
    return place, start + (end.start() if end else len(line))


def _known_names(snapshot: Snapshot) -> frozenset[str]:
    """Return the words of the customer's name, of those under their message, and of the shop's, in lower case."""
    last = [line.strip() for line in snapshot.text[-2_000:].splitlines() if line.strip()][-SIGNED_LINES:]
    lines = [line[:MAX_SIGNED_LENGTH] for line in last if len(line.split()) <= MAX_SIGNED_WORDS]
    shop = snapshot.shop
    return frozenset(words_of("\n".join((snapshot.customer.name, *lines, shop.name, shop.signature)))) | ADDRESSED


def _is_known(name: str, known: frozenset[str], *, is_inflected: bool) -> bool:
    return all(
        len(part) == 1 or part in known or part.removesuffix("s") in known or (is_inflected and _is_form(part, known))
        for part in words_of(name)
    )


def _is_form(part: str, known: frozenset[str]) -> bool:
    """Whether a word may be another case of a known name, which shares its beginning."""
    stem = part[: max(3, len(part) - 3)]
    return any(each.startswith(stem) and abs(len(each) - len(part)) <= 3 for each in known if len(each) >= 3)
