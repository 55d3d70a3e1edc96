"""Draft one reply: render the prompt, ask the model, read and check the answer, have it mended once.

Touches no database, clock or queue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from service.drafting import prompt, schema
from service.drafting.checks import check_draft, without_false_citations
from service.drafting.errors import BadOutput, FailedCheck, ModelRefused, ModelUnavailable
from service.drafting.types import Call, Draft, Finding, Prompt, Snapshot
from service.errors import TemporaryError

BOTH_CALLS_S = 60.0
"""For the draft and its repair together: the job's own limit is 70 s."""

MIN_REPAIR_S = 8.0
"""With less time left, a repair would be cut off and paid for nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model sent back: its text, or its refusal; is_cut_off when it ran into the token limit."""

    call: Call
    text: str
    refusal: str | None = None
    is_cut_off: bool = False


class ChatModel(Protocol):
    """A model that answers a prompt in our schema."""

    async def ask(self, request: Prompt, *, model: str | None = None, deadline_s: float | None = None) -> Answer:
        """Ask once. model, deadline_s: None for the configured ones.

        Raises ModelUnavailable or ProviderBlocked (temporary), or ModelRefused (permanent).
        """


@dataclass(frozen=True, slots=True)
class DraftedReply:
    """A draft without a blocking finding, what the checks say of it, the calls that made it, and the version of its prompt."""

    draft: Draft
    findings: tuple[Finding, ...]
    calls: tuple[Call, ...]
    prompt_version: str


async def draft_reply(
    snapshot: Snapshot, model: ChatModel, *, model_name: str | None = None, prompt_version: str | None = None
) -> DraftedReply:
    """Draft one reply to the customer. Calls the model once, or twice when the checks object; up to 60 s.

    model_name, prompt_version: None for the configured model and the current prompt.

    Raises:
        ModelUnavailable, ProviderBlocked: temporary, may carry retry_after_s.
        ModelRefused, BadOutput, FailedCheck: permanent. All carry the calls, for their cost.
    """
    request = prompt.render(snapshot, version=prompt_version)
    answer = await model.ask(request, model=model_name)
    try:
        return read_reply(answer, snapshot, request)
    except FailedCheck as blocked:
        return await _repair(snapshot, request, blocked, model=model, model_name=model_name)


def read_reply(answer: Answer, snapshot: Snapshot, request: Prompt) -> DraftedReply:
    """Return the draft in a model's answer to a request, once it is checked. Pure.

    Raises:
        ModelRefused, BadOutput, FailedCheck: permanent. All carry the call, for its cost.
    """
    draft = _read(answer)
    findings = check_draft(draft, snapshot, instructions=request.instructions)
    if is_blocked(findings):
        raise FailedCheck(
            "The draft says what the records do not",
            calls=(answer.call,),
            draft=draft,
            findings=findings,
            prompt_version=request.version,
        )
    return DraftedReply(without_false_citations(draft, snapshot), findings, (answer.call,), request.version)


def is_blocked(findings: tuple[Finding, ...]) -> bool:
    """Whether a draft with these findings must not be offered."""
    return any(each.severity == "blocking" for each in findings)


async def _repair(
    snapshot: Snapshot, request: Prompt, blocked: FailedCheck, *, model: ChatModel, model_name: str | None
) -> DraftedReply:
    """Ask once more, with the findings as instructions.

    Raises:
        FailedCheck: the repaired draft is no better, or there is none; it carries the last draft that could be read.
        ModelUnavailable: temporary.
    """
    (first,) = blocked.calls
    left_s = BOTH_CALLS_S - first.duration_s
    if left_s < MIN_REPAIR_S:
        raise blocked
    mending = prompt.render_repair(request, blocked.draft, blocked.findings)
    try:
        answer = await model.ask(mending, model=model_name, deadline_s=left_s)
        answer = replace(answer, call=replace(answer.call, purpose="repair"))
        draft = _read(answer)
    except TemporaryError as error:
        calls = (first, *_repairs(getattr(error, "calls", ())))
        raise ModelUnavailable(str(error), calls=calls, retry_after_s=error.retry_after_s) from error
    except (ModelRefused, BadOutput) as error:
        blocked.calls = (first, *_repairs(error.calls))
        raise blocked from error
    findings = check_draft(draft, snapshot, instructions=request.instructions)
    if is_blocked(findings):
        blocked.calls, blocked.draft, blocked.findings = (first, answer.call), draft, findings
        raise blocked
    return DraftedReply(without_false_citations(draft, snapshot), findings, (first, answer.call), request.version)


def _repairs(calls: tuple[Call, ...]) -> tuple[Call, ...]:
    return tuple(replace(each, purpose="repair") for each in calls)


def _read(answer: Answer) -> Draft:
    """Return the draft in an answer. Raises ModelRefused, BadOutput."""
    if answer.refusal is not None:
        raise ModelRefused("The model declined to answer", calls=(replace(answer.call, error_type="refusal"),))
    if answer.is_cut_off:
        raise BadOutput("The model's answer was cut off", calls=(replace(answer.call, error_type="truncated"),))
    try:
        return schema.read_draft(answer.text)
    except ValueError as error:
        calls = (replace(answer.call, error_type="invalid_output"),)
        raise BadOutput(f"The model's answer is not a draft: {type(error).__name__}", calls=calls) from None
