"""What a text claims that can be held against records: links, addresses, amounts, shares, dates, periods and numbers. Pure.

The same reading serves the draft and the shop's own texts, so that what an article says in one way may be said in it.
Each piece of text is one claim at most: a link's digits are no number, an amount's are no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from service.drafting.checks.calendar import Piece, dates_in, days_in, periods_in
from service.drafting.checks.calendar_words import LARGE_NUMBERS, NUMBER_WORDS
from service.drafting.checks.folding import canonical
from service.drafting.checks.money import CURRENCY, LONGEST_CURRENCY, NUMBER, currency_of, value_of

Kind = Literal["link", "email_address", "amount", "share", "date", "day_word", "period", "time", "number"]

MAX_CLAIMS = 200
"""Of one text; more than any reply or article holds."""

_DOT = r"(?:\.|\s?\[(?:\.|dot)\]\s?|\s?\(dot\)\s?|\s\.\s)"
_AT = r"(?:@|\s?\[at\]\s?|\s?\(at\)\s?)"
_ENDINGS = (
    "com|net|org|info|biz|shop|store|online|site|app|dev|page|link|click|live|xyz|top|io|co|eu|de|at|ch|fr|es|it|nl|be|pt|pl|se|dk|no|fi"
    "|cz|uk|ie|us|ca|au|ru|cn|in|tk|ml|cc|tv|ws|ly|me|to|gg|example|invalid|test"
)

_LINK = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9+.-]{1,15}:(?://|\\\\)\S{1,2000}|\bwww\.\S{1,2000}", re.IGNORECASE)
_ADDRESS = re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}+{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}}", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.@-])@\w{4,40}(?![\w@])")
_DOMAIN = re.compile(
    rf"(?<![\w@.-])(?:[^\W_][\w-]{{0,62}}{_DOT}){{1,4}}(?:{_ENDINGS}|xn--[a-z0-9-]{{2,59}})(?![\w-])(?:[/?#]\S{{0,2000}})?",
    re.IGNORECASE,
)
_SHARE = re.compile(
    rf"{NUMBER}\s?(?:%|percent|prozent|pour ?cent|por ciento|per cento|por cento|procenta?|prosenttia)", re.IGNORECASE
)
_FIGURE = re.compile(NUMBER)
_CURRENCY_BEFORE = re.compile(rf"(?:{CURRENCY})\s?$", re.IGNORECASE)
_CURRENCY_AFTER = re.compile(rf"\s?(?:{CURRENCY})(?!\w)", re.IGNORECASE)
_SPELLED = re.compile(rf"(?<!\w)([^\W\d_]{{2,24}})\s(?:{CURRENCY})(?!\w)", re.IGNORECASE)
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?:\s?[ap]m)?(?!\d)|(?<!\d)\d{1,2}\s?(?:[ap]m|uhr|o'clock)(?!\w)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w-])\d[\d \u00a0-]{6,60}\d(?!\w)|#\s?\w{1,80}(?:-\w{1,80}){0,3}"
    r"|(?<![\w-])(?:[^\W\d_]{1,12}[-/]){0,3}\w{0,80}\d\w{0,80}(?:[-/.]\w{0,40}\d\w{0,40}){0,5}"
)
_PLAIN_DOT = re.compile(r"\s?\[(?:\.|dot)\]\s?|\s?\(dot\)\s?|\s\.\s")
_PLAIN_AT = re.compile(r"\s?[\[(]at[\])]\s?")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]{1,15}:(?://|\\\\)")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. value: in the form that is compared."""

    kind: Kind
    start: int
    end: int
    value: str
    shown: str


def claims_of(text: str) -> list[Claim]:
    """Return the claims of a folded text in their order, at most 200."""
    found: list[Claim] = []
    rest = text
    has_digits = _DIGIT.search(text) is not None
    for kind, needs_digits, read in _READERS:
        if needs_digits and not has_digits:
            continue
        taken: list[tuple[int, int]] = []
        for start, end, value in read(rest):
            if len(found) >= MAX_CLAIMS:
                break
            found.append(Claim(kind, start, end, value, text[start:end]))
            taken.append((start, end))
        rest = _blanked(rest, sorted(taken))
    return sorted(found, key=lambda claim: (claim.start, claim.end))


def link_of(text: str) -> str:
    """Return a link in the form that is compared: without its scheme and `www.`, its host in lower case, no end mark."""
    bare = _SCHEME.sub("", _PLAIN_DOT.sub(".", text.strip())).removeprefix("www.")
    host, slash, path = bare.partition("/")
    return f"{host.casefold()}{slash}{path}".rstrip("/")


def _links(text: str) -> Iterator[Piece]:
    for match in _LINK.finditer(text):
        start, end = _trimmed(match)
        yield start, end, link_of(text[start:end])


def _domains(text: str) -> Iterator[Piece]:
    if "." in text or "(dot)" in text:
        for match in _DOMAIN.finditer(text):
            start, end = _trimmed(match)
            yield start, end, link_of(text[start:end])


def _addresses(text: str) -> Iterator[Piece]:
    """Yield e-mail addresses, and the handles of chat services."""
    if "@" in text or "at" in text:
        for match in _ADDRESS.finditer(text):
            yield match.start(), match.end(), _PLAIN_AT.sub("@", _PLAIN_DOT.sub(".", match[0])).casefold()
        for match in _HANDLE.finditer(text):
            yield match.start(), match.end(), match[0].casefold()


def _shares(text: str) -> Iterator[Piece]:
    for match in _SHARE.finditer(text):
        yield match.start(), match.end(), f"{value_of(match[0])}"


def _amounts(text: str) -> Iterator[Piece]:
    for match in _FIGURE.finditer(text):
        start, end = match.span()
        near = max(0, start - LONGEST_CURRENCY)
        if before := _CURRENCY_BEFORE.search(text[near:start]):
            yield near + before.start(), end, f"{value_of(match[0])} {currency_of(before[0])}"
        elif after := _CURRENCY_AFTER.match(text, end):
            yield start, after.end(), f"{value_of(match[0])} {currency_of(after[0])}"
    for match in _SPELLED.finditer(text):
        number = match[1].casefold()
        if number in NUMBER_WORDS or number.endswith(LARGE_NUMBERS):
            yield match.start(), match.end(), canonical(match[0])


def _times(text: str) -> Iterator[Piece]:
    for match in _TIME.finditer(text):
        yield match.start(), match.end(), canonical(match[0])


def _numbers(text: str) -> Iterator[Piece]:
    for match in _NUMBER.finditer(text):
        start, end = _trimmed(match)
        if any(map(str.isdigit, text[start:end])):
            yield start, end, canonical(text[start:end])


_READERS: tuple[tuple[Kind, bool, Callable[[str], Iterator[Piece]]], ...] = (
    ("link", False, _links),
    ("email_address", False, _addresses),
    ("link", False, _domains),
    ("share", True, _shares),
    ("amount", False, _amounts),
    ("date", True, dates_in),
    ("period", False, periods_in),
    ("day_word", False, days_in),
    ("time", True, _times),
    ("number", True, _numbers),
)
"""What is read, whether only where there are digits, and by what; the surest first."""


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span()
    while end > start and match.string[end - 1] in ".,;:!?)]}>\"'\u00bb\u201d\u2019- \u00a0":
        end -= 1
    return start, end


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with marks in place of what is claimed already."""
    if not spans:
        return text
    pieces, at = [], 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], "\x00" * (end - start)]
            at = end
    return "".join([*pieces, text[at:]])
