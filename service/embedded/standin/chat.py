"""The Chat Completions API's shape: request to ask, answer to a ChatCompletion object. Pure but for ids and the clock.

Source: openai 3.54, openai/types/chat/chat_completion.py and openai/types/completion_usage.py.
"""

from __future__ import annotations

import time
from typing import Literal

import msgspec

from service.embedded.standin import exchange
from service.embedded.standin.exchange import MODEL, Answer, Ask, Format, InputMessage


class Request(msgspec.Struct, frozen=True):
    """What is read of a request; other keys are ignored."""

    model: str | None = None
    messages: list[InputMessage] | None = None
    response_format: Format | None = None
    stream: bool | None = None


class Message(msgspec.Struct, frozen=True):
    """The reply: `content` or `refusal`."""

    content: str | None
    refusal: str | None
    role: str = "assistant"
    annotations: tuple[()] = ()


class Choice(msgspec.Struct, frozen=True):
    """The one choice."""

    message: Message
    finish_reason: Literal["stop", "length"]
    index: int = 0
    logprobs: None = None


class PromptDetails(msgspec.Struct, frozen=True):
    """Nothing is ever cached."""

    cached_tokens: int = 0
    audio_tokens: int = 0


class CompletionDetails(msgspec.Struct, frozen=True):
    """Nothing is ever reasoned."""

    reasoning_tokens: int = 0
    audio_tokens: int = 0


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens, each count at least 1."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails = PromptDetails()
    completion_tokens_details: CompletionDetails = CompletionDetails()


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str = MODEL
    choices: tuple[Choice]
    usage: Usage


REQUEST = msgspec.json.Decoder(Request)
COMPLETION = msgspec.json.Encoder()


def read(body: bytes) -> Ask:
    """Read a request.

    Raises:
        ApiError: 400, unreadable, incomplete or asking for a stream.
    """
    request = exchange.decode(body, REQUEST)
    if request.model is None:
        raise exchange.missing("model")
    if not request.messages:
        raise exchange.missing("messages")
    if request.stream:
        raise exchange.refuse_streaming()
    instructions, user_text = exchange.gather(request.messages)
    wants_json = request.response_format is not None and request.response_format.is_json
    return Ask(model=request.model, instructions=instructions, user_text=user_text, wants_json=wants_json)


def write(ask: Ask, answer: Answer) -> bytes:
    """Write the answer as a ChatCompletion object."""
    refused = answer.ending == "refusal"
    message = Message(content=None if refused else answer.text, refusal=answer.text if refused else None)
    prompt_tokens = exchange.count_tokens(ask.prompt)
    completion_tokens = exchange.count_tokens(answer.text)
    return COMPLETION.encode(
        Completion(
            id=exchange.new_id("chatcmpl"),
            created=int(time.time()),
            choices=(Choice(message, "length" if answer.ending == "truncated" else "stop"),),
            usage=Usage(
                prompt_tokens=prompt_tokens,
                completion_tokens=completion_tokens,
                total_tokens=prompt_tokens + completion_tokens,
            ),
        )
    )
