"""How a draft is worded: its language and length, words of the prompt or of the customer at length, signature, marks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.folding import Folded, folded, words
from service.drafting.checks.placing import finding
from service.drafting.language import language_of
from service.drafting.types import Draft, Finding, Snapshot

SHINGLE = 8
"""So many words in a row are no chance any more."""

MIN_LENGTH = 20
MAX_LENGTH = 3_000

_WORD = re.compile(r"\w+")
_OURS = re.compile(
    r"</?\s?(?:records|articles|conversation|quoted_text|attachments|customer_message|instruction|previous_draft|findings)\b"
    r"|system prompt|\"(?:customer|orders|promises|needs_human)\"\s?:",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"\*\*\S|^#{1,6} |^```|\]\(\w+:|</?(?:p|br|b|a|i|div|span|strong|em|ul|li|script|img|table)\b[^>]{0,200}>", re.MULTILINE
)


def find_wording(text: Folded, draft: Draft, evidence: Evidence, *, instructions: str) -> Iterator[Finding]:
    """Yield what is wrong with the wording, blocking and not."""
    snapshot = evidence.snapshot
    yield from _language(text, draft, snapshot)
    length = len(text.text.strip())
    if length < MIN_LENGTH:
        yield finding(text, "length", 0, 0, "The reply is too short to answer anything.")
    elif length > MAX_LENGTH:
        yield finding(text, "length", 0, 0, f"The reply has over {MAX_LENGTH:,} characters: be brief.", "warning")
    if match := _OURS.search(text.text):
        yield finding(text, "prompt_leak", *match.span(), "Shows the inside of the program: leave it out.")
    places = [match.span() for match in _WORD.finditer(text.text.casefold())] if text.text.isascii() else _spans(text.text)
    spoken = [text.text[slice(*span)].casefold() for span in places]
    if (span := _copied(spoken, places, _plain(instructions))) is not None:
        yield finding(text, "prompt_leak", *span, "Repeats the instructions: leave them out.")
    if (span := _copied(spoken, places, evidence.customers_words, unless=evidence)) is not None:
        yield finding(text, "echo", *span, "Repeats the customer's words at length: answer them in your own.")
    signature = " ".join(snapshot.shop.signature.split())
    if signature and not " ".join(draft.reply.split()).endswith(signature):
        yield finding(text, "signature", 0, 0, "Does not end with the shop's signature.", "warning")
    if match := _MARKS.search(text.text):
        yield finding(text, "format", *match.span(), "Has Markdown or HTML in it: write plain text.", "warning")


def _language(text: Folded, draft: Draft, snapshot: Snapshot) -> Iterator[Finding]:
    # Without the signature, which stays in the shop's language.
    body = text.text.rstrip().removesuffix(folded(snapshot.shop.signature.strip()).text)
    found = language_of(body)
    if found is None:
        return
    if found != snapshot.language:
        yield finding(text, "language", 0, 0, f"Is written in {found}, and the customer's language is {snapshot.language}.")
    elif draft.language[:2] not in {found, *(("nb", "nn") if found == "no" else ())}:
        yield finding(text, "language", 0, 0, f"Says that it is in another language than {found}, which it is in.", "warning")


def _spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(text)]


def _copied(
    spoken: list[str], places: list[tuple[int, int]], source: str, *, unless: Evidence | None = None
) -> tuple[int, int] | None:
    """Return the first run of words in the reply that stands in a source, unless the shop itself says it too."""
    for at in range(len(spoken) - SHINGLE + 1):
        run = f" {' '.join(spoken[at : at + SHINGLE])} "
        if run in source and not (unless and run in unless.spoken):
            return places[at][0], places[at + SHINGLE - 1][1]
    return None


@lru_cache(maxsize=16)
def _plain(instructions: str) -> str:
    return f" {' '.join(words(instructions))} "
