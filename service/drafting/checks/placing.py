"""Findings at their place in the original reply. Pure."""

from __future__ import annotations

from service.drafting.checks.reading import Reading
from service.drafting.types import Check, Finding, Severity

MAX_SHOWN = 80
"""Characters of the draft that a finding quotes."""


def finding(reply: Reading, check: Check, start: int, end: int, sentence: str, *, severity: Severity = "blocking") -> Finding:
    """Return a finding about a piece of the reply. sentence: `{shown}` stands for the piece."""
    shown = " ".join(reply.text[start : min(end, start + 4 * MAX_SHOWN)].split())[:MAX_SHOWN]
    first, last = reply.folded.span(start, end)
    return Finding(check, severity, first, last, sentence.replace("{shown}", shown))


def finding_of_all(check: Check, sentence: str, *, severity: Severity = "blocking") -> Finding:
    """Return a finding about the reply as a whole."""
    return Finding(check, severity, 0, 0, sentence)
