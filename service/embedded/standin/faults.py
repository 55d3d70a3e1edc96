"""Scripted faults: what a real model server does on a bad day, one a request, in the order they were scripted. Pure.

Sending a fault is app.py's work; here is which fault is due, and what it says.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from service.embedded.standin.exchange import Answer, ApiError, ErrorDetail

Kind = Literal[
    "rate_limit", "quota", "server_error", "auth", "bad_request",
    "hang", "trickle", "bad_json", "refusal", "truncated", "cut", "delay", "wrong_fact",
]  # fmt: skip

LONGEST_S = 120.0
"""No fault holds a connection for longer."""

TRICKLE_EVERY_S = 0.5
DELAY_S = 0.5
"""How long `delay` waits when the script does not say."""

MOST_FAULTS = 1_000
NOT_JSON = "Of course! Here is the reply that you asked for:"
REFUSAL = "I'm sorry, but I can't help with that."
WRONG_FACT = "The tracking number is 1Z999AA10123456784, and we have refunded 249.90 EUR to you."
"""What no record says: the checks must stop it, and a repair must mend it."""

Seconds = Annotated[float, msgspec.Meta(ge=0, le=LONGEST_S)]


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fault of a script."""

    kind: Kind
    retry_after: Annotated[str, msgspec.Meta(max_length=64, pattern=r"\A[ -~]*\Z")] | None = None
    """The Retry-After header of `rate_limit`, `quota` and `server_error`: seconds or an HTTP date, sent as it is."""
    seconds: Seconds | None = None
    """How long `delay` waits (default 0.5), `hang` and `trickle` last at most (default 120); others ignore it."""
    times: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    match: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    """Text that must occur in the request's prompt for this fault to apply."""


class FaultScript:
    """The faults that are still due, first come, first served. One event loop's own; not for threads."""

    def __init__(self) -> None:
        self._due: list[tuple[Fault, int]] = []

    def __len__(self) -> int:
        """Count the scripted faults that are still due, whatever their `times`."""
        return len(self._due)

    def add(self, faults: list[Fault]) -> bool:
        """Put faults behind those that are due; False, and none added, where they would be over MOST_FAULTS."""
        if len(self._due) + len(faults) > MOST_FAULTS:
            return False
        self._due.extend((fault, fault.times) for fault in faults)
        return True

    def clear(self) -> None:
        """Forget every fault."""
        self._due.clear()

    def take(self, prompt: str) -> Fault | None:
        """Use up the first fault that applies to this prompt; None: the request shall be answered well."""
        for index, (fault, left) in enumerate(self._due):
            if fault.match is None or fault.match in prompt:
                if left > 1:
                    self._due[index] = (fault, left - 1)
                else:
                    del self._due[index]
                return fault
        return None


_ERRORS: dict[Kind, tuple[int, ErrorDetail]] = {
    "rate_limit": (
        429,
        ErrorDetail(message="Rate limit reached for stand-in.", type="requests", code="rate_limit_exceeded"),
    ),
    "quota": (
        429,
        ErrorDetail(
            message="You exceeded your current quota, please check your plan and billing details.",
            type="insufficient_quota",
            code="insufficient_quota",
        ),
    ),
    "server_error": (500, ErrorDetail(message="The server had an error.", type="server_error")),
    "auth": (
        401,
        ErrorDetail(message="Incorrect API key provided.", type="invalid_request_error", code="invalid_api_key"),
    ),
    "bad_request": (
        400,
        ErrorDetail(message="Invalid value for 'input'.", type="invalid_request_error", code="invalid_value"),
    ),
}


def error_of(fault: Fault) -> ApiError | None:
    """Build the error that a fault answers with; None where it answers otherwise."""
    if (found := _ERRORS.get(fault.kind)) is None:
        return None
    status, detail = found
    retry_after = fault.retry_after if status in {429, 500} else None
    return ApiError(status, detail, retry_after=retry_after)


def spoil(fault: Fault, answer: Answer) -> Answer:
    """Change a good answer as the fault says; the same answer where the fault is of another kind."""
    match fault.kind:
        case "bad_json":
            return Answer(NOT_JSON)
        case "refusal":
            return Answer(REFUSAL, "refusal")
        case "truncated":
            return Answer(answer.text[: max(1, len(answer.text) // 2)], "truncated")
        case "wrong_fact":
            return Answer(_with_wrong_fact(answer.text))
        case _:
            return answer


def _with_wrong_fact(text: str) -> str:
    """Put the wrong fact below the greeting: of the reply in a JSON answer, of the text where it is plain."""
    try:
        answer = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        return _below_greeting(text)
    return msgspec.json.encode({**answer, "reply": _below_greeting(answer["reply"])}).decode()


def _below_greeting(reply: str) -> str:
    greeting, _, rest = reply.partition("\n\n")
    return "\n\n".join((greeting, WRONG_FACT, rest))
