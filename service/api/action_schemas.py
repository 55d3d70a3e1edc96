"""What agents send to the JSON API, and the checks that a type does not make."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from service.errors import InvalidInput

MAX_TEXT_LENGTH = 50_000

Agent = Annotated[str, Meta(min_length=1, max_length=100, description="Who acts: any printable name, the same in all calls")]
Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT_LENGTH)]


class ClaimIn(msgspec.Struct, kw_only=True):
    """Who wants to work on a suggestion, and for how long."""

    agent: Agent
    seconds: Annotated[int, Meta(ge=10, le=3600)] = 300


class ReleaseIn(msgspec.Struct, kw_only=True):
    """Who gives a suggestion back."""

    agent: Agent


class ResolveIn(msgspec.Struct, kw_only=True):
    """What became of a draft. `final_body`: the text that is sent, only with `edited`; `reason`: only with `rejected`."""

    agent: Agent
    outcome: Literal["accepted", "edited", "rejected"]
    final_body: Text | None = None
    reason: Annotated[str, Meta(min_length=1, max_length=500)] | None = None


class RegenerateIn(msgspec.Struct, kw_only=True):
    """Who wants the draft anew, and what should be different in it."""

    agent: Agent
    instruction: Annotated[str, Meta(max_length=1000)] = ""


class ReplyIn(msgspec.Struct, kw_only=True):
    """An agent's own reply, in plain text."""

    agent: Agent
    text: Text


def checked_agent(agent: str) -> str:
    """Return an agent's name. Raises InvalidInput when it is blank or not printable."""
    if not agent.isprintable() or not agent.strip():
        raise InvalidInput("`agent` takes 1 to 100 printable characters")
    return agent


def checked_text(name: str, text: str) -> str:
    """Return a text that can be stored. name: the field's. Raises InvalidInput when it is blank or has a NUL character."""
    if "\0" in text or not text.strip():
        raise InvalidInput(f"`{name}` takes text that is not blank and has no NUL character")
    return text


def check_resolution(told: ResolveIn) -> None:
    """Refuse a decision that lacks its text or has another's. Raises InvalidInput."""
    for name, value, outcome in (("final_body", told.final_body, "edited"), ("reason", told.reason, "rejected")):
        if told.outcome != outcome and value is not None:
            raise InvalidInput(f"`{name}` goes with the outcome `{outcome}` only")
        if told.outcome == outcome:
            checked_text(name, value or "")
