"""The Responses API's shape: request to ask, answer to a non-streaming Response object. Pure but for ids and the clock.

Source: openai 3.54, openai/types/responses/response.py and response_usage.py.
"""

from __future__ import annotations

import time
from typing import Literal

import msgspec

from service.embedded.standin import exchange
from service.embedded.standin.exchange import MODEL, Answer, Ask, Format, InputMessage


class TextConfig(msgspec.Struct, frozen=True):
    """The request's `text`."""

    format: Format = Format()


class Request(msgspec.Struct, frozen=True):
    """What is read of a request; other keys are ignored."""

    model: str | None = None
    input: str | list[InputMessage] | None = None
    instructions: str | None = None
    text: TextConfig | None = None
    stream: bool | None = None


class OutputText(msgspec.Struct, frozen=True, tag="output_text"):
    """A content item that is text."""

    text: str
    annotations: tuple[()] = ()
    logprobs: tuple[()] = ()


class OutputRefusal(msgspec.Struct, frozen=True, tag="refusal"):
    """A content item that refuses."""

    refusal: str


class OutputMessage(msgspec.Struct, frozen=True, tag="message", kw_only=True):
    """The one output item."""

    id: str
    status: Literal["completed", "incomplete"]
    role: str = "assistant"
    content: tuple[OutputText | OutputRefusal]


class InputDetails(msgspec.Struct, frozen=True):
    """Nothing is ever cached."""

    cached_tokens: int = 0
    cache_write_tokens: int = 0


class OutputDetails(msgspec.Struct, frozen=True):
    """Nothing is ever reasoned."""

    reasoning_tokens: int = 0


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens, each count at least 1."""

    input_tokens: int
    input_tokens_details: InputDetails = InputDetails()
    output_tokens: int
    output_tokens_details: OutputDetails = OutputDetails()
    total_tokens: int


class Incomplete(msgspec.Struct, frozen=True):
    """Why a response ended early."""

    reason: str = "max_output_tokens"


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    id: str
    object: str = "response"
    created_at: int
    status: Literal["completed", "incomplete"]
    error: None = None
    incomplete_details: Incomplete | None
    instructions: str | None
    model: str = MODEL
    output: tuple[OutputMessage]
    parallel_tool_calls: bool = True
    tool_choice: str = "auto"
    tools: tuple[()] = ()
    metadata: dict[str, str] = {}
    usage: Usage


REQUEST = msgspec.json.Decoder(Request)
RESPONSE = msgspec.json.Encoder()


def read(body: bytes) -> Ask:
    """Read a request.

    Raises:
        ApiError: 400, unreadable, incomplete or asking for a stream.
    """
    request = exchange.decode(body, REQUEST)
    if request.model is None:
        raise exchange.missing("model")
    if not request.input:
        raise exchange.missing("input")
    if request.stream:
        raise exchange.refuse_streaming()
    messages = [InputMessage("user", request.input)] if isinstance(request.input, str) else request.input
    instructions, user_text = exchange.gather(messages, request.instructions or "")
    wants_json = request.text is not None and request.text.format.is_json
    return Ask(model=request.model, instructions=instructions, user_text=user_text, wants_json=wants_json)


def write(ask: Ask, answer: Answer) -> bytes:
    """Write the answer as a Response object."""
    status: Literal["completed", "incomplete"] = "incomplete" if answer.ending == "truncated" else "completed"
    content = OutputRefusal(answer.text) if answer.ending == "refusal" else OutputText(answer.text)
    input_tokens = exchange.count_tokens(ask.prompt)
    output_tokens = exchange.count_tokens(answer.text)
    return RESPONSE.encode(
        Response(
            id=exchange.new_id("resp"),
            created_at=int(time.time()),
            status=status,
            incomplete_details=Incomplete() if answer.ending == "truncated" else None,
            instructions=ask.instructions or None,
            output=(OutputMessage(id=exchange.new_id("msg"), status=status, content=(content,)),),
            usage=Usage(input_tokens=input_tokens, output_tokens=output_tokens, total_tokens=input_tokens + output_tokens),
        )
    )
