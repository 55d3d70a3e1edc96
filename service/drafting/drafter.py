"""Draft one reply: render the prompt, ask the model once, read the answer. Touches no database, clock or queue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from service.drafting import prompt, schema
from service.drafting.errors import BadOutput, ModelRefused
from service.drafting.types import Call, Draft, Prompt, Snapshot


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model sent back: its text, or its refusal; is_cut_off when it ran into the token limit."""

    call: Call
    text: str
    refusal: str | None = None
    is_cut_off: bool = False


class ChatModel(Protocol):
    """A model that answers a prompt in our schema."""

    async def ask(self, request: Prompt) -> Answer:
        """Ask once. Raises ModelUnavailable (temporary) or ModelRefused (permanent)."""


@dataclass(frozen=True, slots=True)
class DraftedReply:
    """A draft, the call that made it, and the version of its prompt."""

    draft: Draft
    call: Call
    prompt_version: str


async def draft_reply(snapshot: Snapshot, model: ChatModel) -> DraftedReply:
    """Draft one reply to the customer. Calls the model once, up to 50 s.

    Raises:
        ModelUnavailable: temporary, may carry retry_after_s.
        ModelRefused, BadOutput: permanent. All three carry the call, for its cost.
    """
    request = prompt.render(snapshot)
    answer = await model.ask(request)
    if answer.refusal is not None:
        raise ModelRefused("The model declined to answer", call=replace(answer.call, error_type="refusal"))
    if answer.is_cut_off:
        raise BadOutput("The model's answer was cut off", call=replace(answer.call, error_type="truncated"))
    try:
        draft = schema.read_draft(answer.text)
    except ValueError as error:
        call = replace(answer.call, error_type="invalid_output")
        raise BadOutput(f"The model's answer is not a draft: {type(error).__name__}", call=call) from None
    return DraftedReply(draft=draft, call=answer.call, prompt_version=request.version)
