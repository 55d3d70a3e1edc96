"""How a draft is worded: its language and length, its signature, and marks that are no plain text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.folding import plain
from service.drafting.checks.placing import finding, finding_of_all
from service.drafting.checks.reading import Reading
from service.drafting.types import Draft, Finding, Snapshot

MIN_LENGTH = 20
MAX_LENGTH = 3_000

_ALIKE = tuple(map(frozenset, (("no", "nb", "nn", "da"), ("cs", "sk"), ("nl", "af"), ("es", "gl"), ("pt", "gl"))))
"""Languages that are mistaken for one another where there are few words."""

_MARKS = re.compile(
    r"\*\*\S|(?m:^#{1,6} \S)|```|\]\((?:\w{2,10}:|/|www)|</?(?:p|br|b|a|i|u|div|span|strong|em|ul|ol|li|script|img|table"
    r"|h[1-6])(?:\s[^<>]{0,200})?/?>"
)


def find_wording(reply: Reading, draft: Draft, snapshot: Snapshot, *, language: str | None) -> Iterator[Finding]:
    """Yield what is wrong with the wording. language: that the reply is in, None where it does not tell."""
    wanted = snapshot.language.lower()[:2]
    if language is not None and not is_same_language(language, wanted):
        yield finding_of_all("language", f"The reply is in the language {language}: write in {wanted or 'that of the customer'}.")
    elif language is not None and not is_same_language(language, draft.language.lower()[:2]):
        yield finding_of_all(
            "language", f"The reply is in the language {language}, and the field says another.", severity="warning"
        )
    length = len(reply.text.strip())
    if length < MIN_LENGTH:
        yield finding_of_all("length", "The reply is too short to answer anything: answer what was asked.")
    elif length > MAX_LENGTH:
        yield finding_of_all("length", f"The reply has more than {MAX_LENGTH:,} characters: be brief.", severity="warning")
    signature = "".join(plain(snapshot.shop.signature).split())
    if signature and not "".join(reply.text.split()).endswith(signature):
        yield finding_of_all(
            "signature", "The reply does not end with the shop's signature: end with it, word for word.", severity="warning"
        )
    if match := _MARKS.search(reply.text):
        yield finding(reply, "format", *match.span(), "The reply has Markdown or HTML in it: write plain text.", severity="warning")


def is_same_language(first: str, second: str) -> bool:
    """Whether two languages are one, or so alike that a short text in one is taken for the other."""
    return first == second or any({first, second} <= alike for alike in _ALIKE)
