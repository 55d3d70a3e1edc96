"""Whether a draft asks for what no shop asks for by mail, or hands out a code that no record knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.drafting.checks.evidence import Evidence
from service.drafting.checks.lexica.secret_words import BEGINNINGS, CODES, SECRETS
from service.drafting.checks.placing import finding
from service.drafting.checks.reading import Reading
from service.drafting.types import Finding

_SECRET = re.compile(rf"(?<!\w)(?:{SECRETS})(?!\w)")
_CODE = re.compile(r"\b[A-Z][A-Z0-9-]{3,30}\b")
_CALLED = re.compile(rf"(?<!\w)(?:{CODES})[\s:\"']{{1,4}}$")


def find_demands(reply: Reading, evidence: Evidence) -> Iterator[Finding]:
    """Yield a blocking finding where secrets are asked for, and where a code is given, unless the shop's own texts do so too."""
    beginnings = {word[:4] for word in reply.words}
    if not BEGINNINGS.isdisjoint(beginnings):
        for match in _SECRET.finditer(reply.low):
            if not evidence.says(match[0]):
                yield finding(reply, "credentials", *match.span(), "Speaks of {shown}: the shop asks nobody for secrets by mail.")
    for match in _CODE.finditer(reply.text):
        is_called = _CALLED.search(reply.low, max(0, match.start() - 30), match.start())
        if is_called and not evidence.says(match[0]):
            yield finding(reply, "promise", *match.span(), "Gives the code {shown}, which is in no article: leave it out.")
