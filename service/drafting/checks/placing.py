"""Findings at their place in the original reply. Pure."""

from __future__ import annotations

from service.drafting.checks.folding import Folded
from service.drafting.types import Check, Finding, Severity

MAX_SHOWN = 80
"""Characters of the draft that a finding quotes."""


def finding(  # noqa: PLR0917 - a place and what is said of it
    text: Folded, check: Check, start: int, end: int, sentence: str, severity: Severity = "blocking"
) -> Finding:
    """Return a finding about a piece of a folded text. sentence: `{shown}` stands for the piece."""
    shown = " ".join(text.text[start:end].split())[:MAX_SHOWN]
    first, last = text.span(start, end)
    return Finding(check, severity, first, last, sentence.replace("{shown}", shown))
