"""Cases and outcomes with plain defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from service.drafting.types import Draft
from service.evals.cases import Case, read_case
from service.evals.judging import Outcome

CASE = """
about = "A shipped order."
kind = "ordinary"
[shop]
name = "Nordlicht"
language = "en"
signature = "Your Nordlicht team"
[customer]
name = "Anna Weber"
tier = "verified"
[message]
subject = "My order"
text = "Hello, where is my order #1042? I am still waiting for it."
[[orders]]
number = "#1042"
status = "paid"
fulfilment = "shipped"
carrier = "DHL"
tracking_number = "00340434161094042557"
[expect]
"""
GOOD = "Hello Anna,\n\nyour order #1042 is on its way with DHL: 00340434161094042557.\n\nYour Nordlicht team"


def write_case(folder: Path, text: str = CASE, *, name: str = "case.toml") -> Path:
    """Write a case's file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def case_of(folder: Path, **expected: Any) -> Case:
    """Return the default case with these expectations."""
    case = read_case(write_case(folder))
    return msgspec.structs.replace(case, expected=msgspec.structs.replace(case.expected, **expected))


def ready(reply: str = GOOD, **changes: Any) -> Outcome:
    """Return the outcome of a draft that is ready, and that no check has looked at."""
    whole: dict[str, Any] = {"language": "en", "intent": "where_is_order", "needs_human": False, **changes}
    whole = {"missing_information": (), "citations": (), **whole}
    return Outcome(status="ready", draft=Draft(reply=reply, **whole))
